"""The ledger's part on models: parameters, holdout race, verdicts, value, and where the value sits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from crmlib.intervals import LEVEL, Estimate
from crmlib.ltv import concentration, verdicts
from crmlib.ltv.mbg_cnbd import MbgCnbd
from crmlib.ltv.models import TITLES

if TYPE_CHECKING:
    from crmlib.ltv.fitted import Fitted
    from crmlib.ltv.holdout import HoldoutRace
    from crmlib.ltv.study import Study
    from crmlib.ltv.value import CustomerValue
    from crmlib.numbers.model import Ledger

WHO = ("actual", "predicted", "naive")


def enter(book: Ledger, study: Study, margin_rate: float | None) -> None:
    """Enter what the pages on models and values print."""
    model, race, worth = study.model, study.headline, study.worth
    book.add("ltv.customers", model.patterns.customers)
    book.add("ltv.repeaters", model.patterns.repeaters)
    book.add("ltv.patterns", len(model.patterns))
    book.add("ltv.period.from", race.first.isoformat())
    book.add("ltv.period.to", race.as_of.isoformat())
    book.add("ltv.model", TITLES[model.NAME])
    for one in study.fitted:
        _parameters(book, f"ltv.{one.NAME}", one, one.patterns.customers)
        if isinstance(one, MbgCnbd):
            book.add("ltv.mbg_cnbd.k", one.k if not one.report.why else None, why=one.report.why)
    _parameters(book, "ltv.gamma_gamma", study.amount, study.amount.amounts.customers)
    _contenders(book, study)
    _race(book, race)
    _verdicts(book, race)
    _value(book, worth, margin_rate)
    _concentration(book, study)


def race_state(race: HoldoutRace) -> str:
    """Which text fits the holdout pages: the model is nearer than the naive baseline, is not, or was not fitted."""
    if race.gain.why:
        return "unfitted"
    return "better" if race.gain.lower > 0 else "no_better"


def value_state(worth: CustomerValue, margin_rate: float | None) -> str:
    """Which text fits the value pages: with a margin rate, without one, or no value at all."""
    return "unfitted" if worth.why else "margin" if margin_rate else "sales"


def _parameters(book: Ledger, prefix: str, model: Fitted, n: int) -> None:
    why = model.report.why
    for name, value, (lower, upper) in zip(model.NAMES, model.parameters, model.intervals, strict=True):
        level = None if why else LEVEL
        book.add(f"{prefix}.{name}", value, lower=lower, upper=upper, level=level, n=n, why=why)
    book.add(f"{prefix}.log_likelihood", model.log_likelihood, n=n, why=why)


def _contenders(book: Ledger, study: Study) -> None:
    """Every contender's figures, models and baselines, and each model's totals at the first date."""
    winner = TITLES.get(study.race.winner)
    book.add("ltv.race.winner", winner, why="ltv.no_prediction")
    book.add("ltv.race.dates", len(study.race.ends))
    for one in study.race.contenders:
        for figure in ("total", "auc", "r2", "error"):
            value = getattr(one, figure)
            book.add(f"ltv.race.{one.name}.{figure}", value, why=one.why or "ltv.no_holdout_purchases")
        for race in one.races[:1]:
            for name, totals in (("tracking", race.tracked), ("conditional", race.conditional)):
                for who, total in zip(("actual", "predicted"), totals, strict=False):
                    book.add(f"ltv.holdout.{one.name}.{name}.{who}", total, why=race.model.report.why)
    deciles = study.headline.by_decile
    for place, pair in enumerate(zip(deciles.actual, deciles.predicted, strict=True), 1):
        for who, value in zip(("actual", "predicted"), pair, strict=True):
            book.add(f"ltv.holdout.decile.{place}.{who}", value, why="ltv.small_group")


def _race(book: Ledger, race: HoldoutRace) -> None:
    book.add("ltv.race_state", race_state(race))
    book.add("ltv.holdout.calibration_end", race.calibration_end.isoformat())
    book.add("ltv.holdout.days", race.days)
    book.add("ltv.holdout.customers", race.customers)
    for name, totals in (("tracking", race.tracked), ("conditional", race.conditional)):
        _totals(book, f"ltv.holdout.{name}", totals, race.model.report.why)
    groups = race.by_frequency
    for i, x in enumerate(groups.frequency.astype(int)):
        book.add(f"ltv.holdout.{x}.customers", int(groups.customers[i]))
        for who in WHO:
            book.add(f"ltv.holdout.{x}.{who}", getattr(groups, who)[i], why=race.model.report.why or "ltv.small_group")
    distances = {"predicted": race.score.error, "naive": race.naive_score.error}
    for who, distance in distances.items():
        book.add(f"ltv.holdout.distance.{who}", distance, why=race.model.report.why)
    shown = round(distances["naive"], 2) - round(distances["predicted"], 2)
    enter_estimate(book, "ltv.holdout.gain", replace(race.gain, value=shown))
    enter_estimate(
        book, "ltv.holdout.gap", replace(race.gap, value=_rounded(race.conditional[0]) - _rounded(race.conditional[1]))
    )


def _totals(book: Ledger, prefix: str, totals: tuple[float, float, float], why: str) -> None:
    """Totals, and relative errors of the totals as displayed."""
    for who, total in zip(WHO, totals, strict=True):
        book.add(f"{prefix}.{who}", as_count(total) if who == "actual" else total, why=why)
    for who, total in zip(WHO[1:], totals[1:], strict=True):
        actual = _rounded(totals[0])
        error = _rounded(total) / actual - 1 if actual > 0 else np.nan
        book.add(f"{prefix}.{who}_error", error, why=why or "ltv.no_holdout_purchases")


def _verdicts(book: Ledger, race: HoldoutRace) -> None:
    for v in verdicts.of(race):
        book.add(f"ltv.verdict.{v.use}", v.grade)
        book.add(f"ltv.rule.{v.use}.pass", v.passes)
        book.add(f"ltv.rule.{v.use}.review", v.reviews)
        for who, figure in (("predicted", v.figure), ("naive", v.naive)):
            why = race.model.report.why or "ltv.no_holdout_purchases"
            book.add(f"ltv.holdout.{v.use}.{who}", figure, why=why)


def _value(book: Ledger, worth: CustomerValue, margin_rate: float | None) -> None:
    book.add("ltv.value_state", value_state(worth, margin_rate))
    book.add("ltv.discount_rate", worth.discount_rate)
    book.add("ltv.margin_rate", margin_rate, why="ltv.no_margin_rate")
    for at in worth.horizons:
        for name, sales in (("mean", at.mean), ("total", at.total), ("median", at.median)):
            enter_estimate(book, f"ltv.clv.{at.months}m.{name}", sales)
            enter_estimate(book, f"ltv.margin_clv.{at.months}m.{name}", _margin(sales, margin_rate))


def _margin(sales: Estimate, rate: float | None) -> Estimate:
    value, lower, upper = (v * (rate or np.nan) for v in (sales.value, sales.lower, sales.upper))
    return Estimate(value, lower, upper, sales.n, sales.why or ("" if rate else "ltv.no_margin_rate"))


def _concentration(book: Ledger, study: Study) -> None:
    worth = study.worth
    shares, bands = concentration.by_decile(worth), study.deciles
    for decile, cumulative in enumerate(np.cumsum(shares), 1):
        enter_estimate(book, f"ltv.decile.{decile}.share", bands[decile - 1])
        book.add(f"ltv.decile.{decile}.cumulative", cumulative, why=worth.why, n=worth.customers)
    table = concentration.alive_by_value(worth)
    customers, value, at_risk = table.rows
    for row, group in enumerate(concentration.ALIVE_GROUPS):
        prefix = f"ltv.alive.{group}"
        book.add(f"{prefix}.customers", as_count(customers[row]), why=worth.why)
        for name, amount in (("value", value), ("share", value / table.value.sum()), ("at_risk", at_risk)):
            book.add(f"{prefix}.{name}", amount[row], why=worth.why or "ltv.small_group")
        for column, name in enumerate(concentration.VALUE_GROUPS):
            share = table.share[row, column]
            book.add(f"{prefix}.{name}.customers", as_count(table.customers[row, column]), why=worth.why)
            book.add(f"{prefix}.{name}.share", share, why=worth.why or "ltv.small_group")


def enter_estimate(book: Ledger, key: str, estimate: Estimate) -> None:
    """Enter a value with its interval, or the reason why it is unknown."""
    level = None if estimate.why else estimate.level
    parts = {"lower": estimate.lower, "upper": estimate.upper, "n": estimate.n, "level": level}
    book.add(key, estimate.value, why=estimate.why, **parts)


def as_count(value: float) -> int | float:
    """A sum of counts as a whole number; NaN stays."""
    return round(value) if np.isfinite(value) else value


def _rounded(value: float) -> float:
    return float(np.round(value))
