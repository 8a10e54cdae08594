"""Small tables beside the lifetime-value charts, and the appendix table of parameters."""

from __future__ import annotations

import numpy as np

from crmlib.figures.table import Table
from crmlib.intervals import Estimate
from crmlib.ltv import verdicts
from crmlib.ltv.holdout import HoldoutRace
from crmlib.ltv.models import TITLES
from crmlib.ltv.protect import STATES, ProtectList
from crmlib.ltv.study import Study
from crmlib.ltv.value import CustomerValue
from crmlib.text import Words

ROWS = ("slipping", "silent", "on_rhythm", "once")


def race_table(race: HoldoutRace, words: Words) -> Table:
    """Both accuracy measures under their own names: purchases and relative errors."""
    rows = []
    for name, totals in (("tracking", race.tracked), ("conditional", race.conditional)):
        actual, *others = (round(total) if np.isfinite(total) else None for total in totals)
        errors = [other / actual - 1 if other is not None and actual else None for other in others]
        rows.append([words.fill(f"table.ltv.{name}"), *(words.number(total, "int") for total in (actual, *others))])
        rows.append([words.fill("table.ltv.error"), "", *(words.number(error, "spct_sign") for error in errors)])
    columns = words.fill_each("table.ltv", "measure", "actual", "predicted", "naive")
    return Table(columns, rows, highlight=(0, 2), widths=(1.7, 1, 1, 1.15))


def verdict_table(race: HoldoutRace, words: Words) -> Table:
    """Verdict per use with its figure and the rule."""
    rows = []
    for v in verdicts.of(race):
        form, sign = ("pct", "≤") if v.use == "total" else ("dec2", "≥")
        rule = f"{sign}{words.number(v.passes, form)} / {sign}{words.number(v.reviews, form)}"
        rows.append([words.fill(f"table.ltv.{v.use}"), v.grade, words.number(v.figure, form), rule])
    columns = words.fill_each("table.ltv", "use", "verdict", "figure", "rule")
    return Table(columns, rows, widths=(1.5, 1.05, 0.85, 1.6), left=2)


def clv_table(worth: CustomerValue, currency: str, words: Words) -> Table:
    """Total value of the base per horizon."""
    rows = []
    for at in worth.horizons:
        months = words.fill(f"chart.ltv.months_{at.months}")
        rows.append([months, words.money(at.total.value, currency), _range(at.total, currency, words)])
    return Table(words.fill_each("table.ltv", "horizon", "total_value", "interval"), rows)


def protect_table(found: ProtectList, currency: str, words: Words) -> Table:
    """Customers by state: how many, what is still expected of them, what is lost if they have left."""
    rows = []
    for state in ROWS:
        at = STATES.index(state)
        customers = found.customers[at]
        money = [v[at] if customers != 0 else None for v in (found.expected, found.lost)]
        rows.append(
            [
                words.fill(f"table.ltv.{state}"),
                words.number(customers, "int"),
                *(words.money(v, currency) for v in money),
            ]
        )
    columns = words.fill_each("table.ltv", "group", "group_customers", "expected", "at_risk")
    return Table(columns, rows, highlight=(0,), widths=(1.25, 0.8, 1, 1))


def parameter_table(study: Study, words: Words) -> Table:
    """Parameters of the model that values are computed with, of Gamma-Gamma, and every model's log-likelihood."""
    rows = []
    for name, one in ((study.model.NAME, study.model), ("gamma_gamma", study.amount)):
        title = TITLES.get(name, "Gamma-Gamma")
        for parameter, value, ends in zip(one.NAMES, one.parameters, one.intervals, strict=True):
            shown = [words.number(v, "dec3") for v in (value, *ends)]
            meaning = words.fill(f"table.ltv.meaning_{parameter}")
            rows.append([title, parameter, meaning, shown[0], _joined(shown[1:], words)])
    for model in study.fitted:
        likelihood = words.number(model.log_likelihood, "dec2")
        rows.append([TITLES[model.NAME], words.fill("table.ltv.log_likelihood"), "", likelihood, ""])
    columns = words.fill_each("table.ltv", "model", "parameter", "meaning", "estimate", "interval")
    return Table(columns, rows, widths=(1.3, 0.9, 2.8, 1.05, 1.4), left=3)


def _range(estimate: Estimate, currency: str, words: Words) -> str:
    return _joined([words.money(end, currency) for end in (estimate.lower, estimate.upper)], words)


def _joined(ends: list[str], words: Words) -> str:
    """Lower–upper; one dash where there is no interval."""
    unknown = words.number(None, "int")
    return unknown if unknown in ends else "–".join(ends)
