"""Names of what to decide, stop and test, as labels of the pages' texts."""

from __future__ import annotations

from collections.abc import Mapping

from crmlib.actions import MARGIN, Agenda, Saving
from crmlib.figures.names import cut
from crmlib.schema import LANGUAGES
from crmlib.text import Words

NAME = 18  # half-width characters of a client's word in a point
OF_KIND: Mapping[str, str] = {"campaign": "lift.stop", "medium": "ltv.payback", "calls": "lift.calls"}  # its finding


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
            "stop": [saved(one, words) for one in agenda.stop],
            "test": [words.fill(f"finding.{one.finding}.name") for one in agenda.test],
        }
        for kind, names in named.items():
            made[kind][language] = words.fill("chart.actions.joint").join(names) or none
        made["first"][language] = (named["decide"] or [none])[0]
        made["first_test"][language] = (named["test"] or [none])[0]
        made["basis"][language] = words.fill(f"chart.actions.{basis}")
    return made


def saved(one: Saving, words: Words) -> str:
    """What is stopped: the client's own word; of a medium only what it costs above its cap."""
    return words.fill(f"saved.actions.{one.kind}", name=cut(one.name, NAME))


def owner(one: Saving, owners: Mapping[str, str]) -> str:
    """Who owns the finding that a saving belongs to.

    Args:
        one: A saving.
        owners: Finding id -> owner.
    """
    return owners.get(OF_KIND[one.kind], "crm")
