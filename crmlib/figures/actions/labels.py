"""Names of what to decide, stop and test, as labels of the pages' texts."""

from __future__ import annotations

from crmlib.actions import MARGIN, Agenda
from crmlib.figures.lift.labels import cut
from crmlib.schema import LANGUAGES
from crmlib.text import Words

NAME = 18  # half-width characters of a client's word in a point


def labels(agenda: Agenda, basis: str = MARGIN) -> dict[str, dict[str, str]]:
    """Plain locals: what is decided, stopped and tested, the first of each, and whether the money is margin or sales.

    Args:
        agenda: What follows from the findings.
        basis: margin or sales.
    """
    made: dict[str, dict[str, str]] = {name: {} for name in ("decide", "stop", "test", "first", "first_test", "basis")}
    for language in LANGUAGES:
        words = Words(language)
        none = words.fill("table.actions.none")
        named = {
            "decide": [words.fill(f"finding.{one.finding}.name") for one in agenda.decide],
            "stop": [cut(one.name, NAME) for one in agenda.stop],
            "test": [words.fill(f"finding.{one.finding}.name") for one in agenda.test],
        }
        for kind, names in named.items():
            made[kind][language] = words.fill("chart.actions.joint").join(names) or none
        made["first"][language] = (named["decide"] or [none])[0]
        made["first_test"][language] = (named["test"] or [none])[0]
        made["basis"][language] = words.fill(f"chart.actions.{basis}")
    return made
