"""Small tables beside the lifetime-value charts, and the appendix table of parameters."""

from __future__ import annotations

from crmlib.figures.ltv.alive import ORDER, known
from crmlib.figures.table import Table
from crmlib.intervals import Estimate
from crmlib.ltv import concentration, verdicts
from crmlib.ltv.bg_nbd import BgNbd
from crmlib.ltv.concentration import ALIVE_GROUPS
from crmlib.ltv.gamma_gamma import GammaGamma
from crmlib.ltv.holdout import HoldoutRace
from crmlib.ltv.value import CustomerValue
from crmlib.text import Words


def race_table(race: HoldoutRace, words: Words) -> Table:
    """Both accuracy measures under their own names: purchases and relative errors."""
    rows = []
    for name, totals in (("tracking", race.tracked), ("conditional", race.conditional)):
        actual, *others = (round(total) if known(total) is not None else None for total in totals)
        errors = [other / actual - 1 if other is not None and actual else None for other in others]
        rows.append([words.fill(f"table.ltv.{name}"), *(words.number(total, "int") for total in (actual, *others))])
        rows.append([words.fill("table.ltv.error"), "", *(words.number(error, "spct_sign") for error in errors)])
    columns = [words.fill(f"table.ltv.{name}") for name in ("measure", "actual", "predicted", "naive")]
    return Table(columns, rows, highlight=(0, 2), widths=(1.7, 1, 1, 1.15))


def verdict_table(race: HoldoutRace, words: Words) -> Table:
    """Verdict per use with its figure and the rule."""
    rows = []
    for v in verdicts.of(race):
        form, sign = ("pct", "≤") if v.use == "total" else ("dec2", "≥")
        rule = f"{sign}{words.number(v.passes, form)} / {sign}{words.number(v.reviews, form)}"
        rows.append([words.fill(f"table.ltv.{v.use}"), v.grade, words.number(known(v.figure), form), rule])
    columns = [words.fill(f"table.ltv.{name}") for name in ("use", "verdict", "figure", "rule")]
    return Table(columns, rows, widths=(1.5, 1.05, 0.85, 1.6), left=2)


def clv_table(worth: CustomerValue, currency: str, words: Words) -> Table:
    """Total value of the base per horizon."""
    rows = []
    for at in worth.horizons:
        months = words.fill(f"chart.ltv.months_{at.months}")
        rows.append([months, _money(at.total, currency, words), _range(at.total, currency, words)])
    return Table([words.fill(f"table.ltv.{name}") for name in ("horizon", "total_value", "interval")], rows)


def group_table(worth: CustomerValue, currency: str, words: Words) -> Table:
    """What would be lost if the customers of a group turned out to have left."""
    table = concentration.alive_by_value(worth)
    _, _, at_risk = table.rows
    names = [group for group in ORDER if group != "once"]
    rows = [
        [words.fill(f"chart.ltv.alive_{group}"), words.money(known(at_risk[ALIVE_GROUPS.index(group)]), currency)]
        for group in names
    ]
    return Table([words.fill("table.ltv.group"), words.fill("table.ltv.at_risk")], rows, highlight=(1,), widths=(1, 1))


def parameter_table(model: BgNbd, amount: GammaGamma, words: Words) -> Table:
    """Parameters of both models with intervals, and their log-likelihoods."""
    rows = []
    fitted = (("bg_nbd", model, ("r", "alpha", "a", "b")), ("gamma_gamma", amount, ("p", "q", "v")))
    for name, one, names in fitted:
        title = words.fill(f"table.ltv.{name}")
        for parameter, value, ends in zip(names, one.parameters, one.intervals, strict=True):
            shown = [words.number(known(v), "dec3") for v in (value, *ends)]
            meaning = words.fill(f"table.ltv.{name}_{parameter}")
            rows.append([title, parameter, meaning, shown[0], _joined(shown[1:], words)])
        rows.append(
            [title, words.fill("table.ltv.log_likelihood"), "", words.number(known(one.log_likelihood), "dec2"), ""]
        )
    columns = [words.fill(f"table.ltv.{name}") for name in ("model", "parameter", "meaning", "estimate", "interval")]
    return Table(columns, rows, widths=(1.15, 0.9, 2.9, 0.95, 1.5), left=3)


def _money(estimate: Estimate, currency: str, words: Words) -> str:
    return words.money(known(estimate.value), currency)


def _range(estimate: Estimate, currency: str, words: Words) -> str:
    return _joined([words.money(known(end), currency) for end in (estimate.lower, estimate.upper)], words)


def _joined(ends: list[str], words: Words) -> str:
    """Lower–upper; one dash where there is no interval."""
    unknown = words.number(None, "int")
    return unknown if unknown in ends else "–".join(ends)
