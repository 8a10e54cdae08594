"""Names of groups in words; the colour of an effect."""

from __future__ import annotations

from crmlib.figures import style
from crmlib.intervals import Estimate
from crmlib.lift import choices
from crmlib.lift.studies import Study
from crmlib.schema import LANGUAGES
from crmlib.text import Words

CLIENTS_OWN = ("segment", "rank", "payment")  # their levels are the client's words


def level(dimension: str, name: str, words: Words) -> str:
    """A group's name: our words for our bands and classes, the client's own for his."""
    if name in ("", "none"):
        return words.fill("label.lift.none")
    key = f"label.lift.{dimension}_{name}"
    known = key in words and dimension not in CLIENTS_OWN
    return words.fill(key) if known else name


def labels(study: Study) -> dict[str, dict[str, str]]:
    """Plain locals of the titles that name a group: the one that responds most and the one that responds least."""
    found = choices.responders(study)
    made: dict[str, dict[str, str]] = {"most": {}, "least": {}, "dimension": {}}
    for language in LANGUAGES:
        words = Words(language)
        ranked = sorted(choices.groups(found), key=lambda group: group.shrunken.value) if found else []
        for which, place in (("least", 0), ("most", -1)):
            made[which][language] = level(found.dimension, ranked[place].level, words) if found and ranked else "-"
        made["dimension"][language] = words.fill(f"label.lift.{found.dimension}") if found else "-"
    return made


def effect_colour(effect: Estimate) -> str:
    """Above zero, below zero, or not to be told from it."""
    return style.ACCENT if effect.lower > 0 else style.NEGATIVE if effect.upper < 0 else style.GREY[4]
