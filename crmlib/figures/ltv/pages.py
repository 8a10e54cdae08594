"""Which exhibits and texts each lifetime-value page has, given what was found: the deck's order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crmlib.figures.ltv.alive import alive
from crmlib.figures.ltv.calibration import calibration
from crmlib.figures.ltv.clv import clv
from crmlib.figures.ltv.entry import cell_table, entry
from crmlib.figures.ltv.pareto import pareto
from crmlib.figures.ltv.payback import media_table, payback
from crmlib.figures.ltv.race import contenders, decile_table
from crmlib.figures.ltv.sheet import lever_table, sheet
from crmlib.figures.ltv.tables import clv_table, parameter_table, protect_table, race_table, verdict_table
from crmlib.figures.ltv.tracking import tracking
from crmlib.ltv.study import Study
from crmlib.numbers.model import Ledger
from crmlib.schema import LANGUAGES
from crmlib.text import Words

Drawn = tuple[Callable[..., Any], tuple[Any, ...]]


@dataclass(frozen=True, eq=False)
class Page:
    """One page: the slide's id, its exhibits as (function, data), and the slide's options."""

    id: str
    exhibits: tuple[Drawn, ...]
    options: Mapping[str, Any]


def pages(study: Study, ledger: Ledger) -> tuple[Page, ...]:
    """All pages, in the deck's order; the last five go to the appendix.

    Args:
        study: what the notebook found.
        ledger: its numbers.
    """
    money, begun, worth, race = ledger.currency, study.begun, study.worth, study.headline
    basis = {language: Words(language).fill(f"chart.ltv.basis_{begun.basis}") for language in LANGUAGES}
    first = begun.entries.entries[0].name if begun.entries.entries else ""
    named = {"labels": {"basis": basis, "product": begun.names.get(first, first)}}
    state = {name: {"variant": ledger[f"ltv.{name}_state"].value} for name in ("entry", "money", "protect", "sheet")}
    tested, valued = ({"variant": ledger[f"ltv.{name}_state"].value} for name in ("race", "value"))
    appendix = {"section": "appendix"}
    return (
        _page("entry", state["entry"] | named, (entry, begun, money), (cell_table, begun, money)),
        _page("payback", state["money"] | named, (payback, begun, money), (media_table, begun, money)),
        _page("alive", state["protect"], (alive, worth, money), (protect_table, study.protect, money)),
        _page("sheet", state["sheet"], (sheet, study.sheet, money), (lever_table, study.sheet, money)),
        _page("clv", valued, (clv, worth, money), (clv_table, worth, money)),
        _page("pareto", valued | appendix, (pareto, worth)),
        _page("race", tested | appendix, (contenders, study.race), (decile_table, study.race)),
        _page("tracking", tested | appendix, (tracking, race), (race_table, race)),
        _page("calibration", tested | appendix, (calibration, race), (verdict_table, race)),
        _page("models", tested | appendix, (parameter_table, study), (verdict_table, race)),
    )


def _page(name: str, options: Mapping[str, Any], *exhibits: tuple[Any, ...]) -> Page:
    return Page(f"ltv.{name}", tuple((draw, data) for draw, *rest in exhibits for data in [tuple(rest)]), options)
