"""What the tiers are called on a page: the client's own names, or our words for a segmentation."""

from __future__ import annotations

from collections.abc import Mapping

from crmlib.numbers.model import Ledger
from crmlib.numbers.tiers import design
from crmlib.programme.source import SEGMENTS, Source
from crmlib.schema import LANGUAGES
from crmlib.text import Words
from crmlib.tiers import Design, Study
from crmlib.tiers.drivers import Driver

LONGEST = 12  # half-width characters; a full-width one counts as two


def names(chosen: Source, words: Words) -> tuple[str, ...]:
    """Names of the tiers, low to high."""
    if chosen.kind in SEGMENTS:
        return tuple(words.fill(f"label.tiers.{chosen.kind}.{key}") for key in chosen.tiers)
    return chosen.tiers


def short(name: str, longest: int = LONGEST) -> str:
    """A name that fits beside a bar."""
    width, kept = 0, ""
    for character in name:
        width += 1 if character.isascii() else 2
        if width > longest:
            return kept + "…"
        kept += character
    return kept


def labels(chosen: Source, study: Study, made: Design, book: Ledger) -> dict[str, Mapping[str, str]]:
    """What texts mention beside numbers: names of tiers, the cell that changed most, what a verdict rests on.

    Returns:
        Name of the label -> language -> text.
    """
    found = {language: _labels(chosen, study, made, book, Words(language)) for language in LANGUAGES}
    return {name: {language: found[language][name] for language in LANGUAGES} for name in found[LANGUAGES[0]]}


def _labels(chosen: Source, study: Study, made: Design, book: Ledger, words: Words) -> dict[str, str]:
    called, tested = names(chosen, words), design.highest(made)
    kind = f"evidence_{tested.kind}" if tested and not tested.why else "no_evidence"
    return {
        "top": called[-1],
        "line": called[tested.tier] if tested else called[-1],
        "origin": words.fill(f"label.tiers.origin_{chosen.kind if chosen.kind in ('own', 'rules') else 'segment'}"),
        "benefits": words.fill(
            f"label.tiers.{'assumed' if made.terms.assumed else 'given'}", None, **_benefit(made, words)
        ),
        "next": words.fill(f"label.tiers.next_{_lists(made)}", book),
        "trial": words.fill(f"label.tiers.{'no_trial' if study.trial.why else 'trial'}", book, **_tried(study, words)),
        "evidence": words.fill(f"label.tiers.{kind}"),
        "worth": words.fill(f"label.tiers.worth_{_worth(book)}"),
        "change": _change(called, study, words),
        "driver": _driver(study, words),
    }


def _lists(made: Design) -> str:
    return ("fresh" if made.fresh else "lists") if made.near else "none"


def _worth(book: Ledger) -> str:
    """Whether the money of the line is none, open or sure."""
    if "tiers.line.yen" not in book or book["tiers.line.yen"].lower is None:
        return "none"
    return "sure" if book["tiers.line.yen"].lower > 0 else "open"


def _benefit(made: Design, words: Words) -> dict[str, str]:
    return {"share": words.number(made.terms.benefits[-1] if made.terms.benefits else None, "pct")}


def _tried(study: Study, words: Words) -> dict[str, str]:
    return {"tiers": words.number(len(study.moved.tiers), "int")}


def _change(called: tuple[str, ...], study: Study, words: Words) -> str:
    changed = study.change.changed
    if not changed:
        return words.fill(f"label.tiers.{'not_compared' if study.change.why else 'no_change'}")
    cell = changed[0]
    after = called[cell.after] if cell.after < len(called) else words.fill("chart.tiers.left")
    shift = words.number(cell.difference.value, "spct")
    return words.fill("label.tiers.change", before=called[cell.before], after=after, shift=shift)


def _driver(study: Study, words: Words) -> str:
    found = study.drivers.strongest
    if found is None:
        return words.fill("label.tiers.no_driver")
    group = group_name(found, words)
    limits = {name: words.number(getattr(found.odds, name), "dec2") for name in ("value", "lower", "upper")}
    return words.fill("label.tiers.driver", None, group=group, **limits)


def variants(book: Ledger) -> dict[str, str]:
    """Which texts each page uses."""
    state = str(book["tiers.state"].value)
    return {
        "migration": state,
        "forecast": "" if "tiers.forecast_sales.3" in book else "none",
        "threshold": str(book["tiers.line_state"].value),
        "scenario": str(book["tiers.scenario_state"].value),
    }


def group_name(row: Driver, words: Words) -> str:
    """What the customers of a driver's group have in common."""
    place = str(row.group) if row.group == row.last else f"{row.group}_{row.last}"
    return words.fill(f"label.tiers.{row.factor}.{place}")
