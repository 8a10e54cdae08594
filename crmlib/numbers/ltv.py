"""The lifetime-value ledger: parameters, holdout race, verdicts, value, and where the value sits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from crmlib.config import Client
from crmlib.intervals import LEVEL, Estimate
from crmlib.ltv import concentration, verdicts
from crmlib.ltv.bg_nbd import BgNbd
from crmlib.ltv.gamma_gamma import GammaGamma
from crmlib.ltv.holdout import HoldoutRace
from crmlib.ltv.value import CustomerValue
from crmlib.numbers.model import Ledger, Measure

MEASURES = (
    Measure("ltv.customers", "count", "ltv.customers"),
    Measure("ltv.repeaters", "count", "ltv.repeaters"),
    Measure("ltv.patterns", "count", "ltv.patterns"),
    Measure("ltv.period.{end}", "date", "ltv.period"),
    Measure("ltv.race_state", "label", "ltv.race_state"),
    Measure("ltv.value_state", "label", "ltv.value_state"),
    Measure("ltv.bg_nbd.log_likelihood", "log_likelihood", "ltv.log_likelihood"),
    Measure("ltv.bg_nbd.{parameter}", "parameter", "ltv.bg_nbd"),
    Measure("ltv.gamma_gamma.log_likelihood", "log_likelihood", "ltv.log_likelihood"),
    Measure("ltv.gamma_gamma.{parameter}", "parameter", "ltv.gamma_gamma"),
    Measure("ltv.holdout.calibration_end", "date", "ltv.holdout.calibration_end"),
    Measure("ltv.holdout.days", "days", "ltv.holdout.days"),
    Measure("ltv.holdout.customers", "count", "ltv.holdout.customers"),
    Measure("ltv.holdout.gain", "ratio", "ltv.holdout.gain"),
    Measure("ltv.holdout.gap", "count", "ltv.holdout.gap"),
    Measure("ltv.holdout.tracking.{who}_error", "ratio", "ltv.holdout.error"),
    Measure("ltv.holdout.tracking.{who}", "count", "ltv.holdout.tracking"),
    Measure("ltv.holdout.conditional.{who}_error", "ratio", "ltv.holdout.error"),
    Measure("ltv.holdout.conditional.{who}", "count", "ltv.holdout.conditional"),
    Measure("ltv.holdout.ranking.{who}", "ratio", "ltv.verdict.ranking"),
    Measure("ltv.holdout.total.{who}", "ratio", "ltv.verdict.total"),
    Measure("ltv.holdout.individual.{who}", "ratio", "ltv.verdict.individual"),
    Measure("ltv.holdout.distance.{who}", "ratio", "ltv.holdout.distance"),
    Measure("ltv.holdout.{frequency}.customers", "count", "ltv.holdout.by_frequency"),
    Measure("ltv.holdout.{frequency}.{who}", "ratio", "ltv.holdout.by_frequency"),
    Measure("ltv.verdict.{use}", "label", "ltv.verdict"),
    Measure("ltv.rule.{use}.{grade}", "ratio", "ltv.rule"),
    Measure("ltv.discount_rate", "share", "ltv.discount_rate"),
    Measure("ltv.margin_rate", "share", "ltv.margin_rate"),
    Measure("ltv.clv.{horizon}.{statistic}", "money", "ltv.clv"),
    Measure("ltv.margin_clv.{horizon}.{statistic}", "money", "ltv.margin_clv"),
    Measure("ltv.decile.{decile}.share", "share", "ltv.decile.share"),
    Measure("ltv.decile.{decile}.cumulative", "share", "ltv.decile.cumulative"),
    Measure("ltv.alive.{group}.customers", "count", "ltv.alive.customers"),
    Measure("ltv.alive.{group}.value", "money", "ltv.alive.value"),
    Measure("ltv.alive.{group}.at_risk", "money", "ltv.alive.at_risk"),
    Measure("ltv.alive.{group}.share", "share", "ltv.alive.share"),
    Measure("ltv.alive.{group}.{value_group}.customers", "count", "ltv.alive.customers"),
    Measure("ltv.alive.{group}.{value_group}.share", "share", "ltv.alive.share"),
)

WHO = ("actual", "predicted", "naive")


def ledger(model: BgNbd, amount: GammaGamma, race: HoldoutRace, worth: CustomerValue, client: Client) -> Ledger:
    """All numbers of the lifetime-value pages.

    Args:
        model: BG/NBD on all of the observation.
        amount: Gamma-Gamma on all of the observation.
        race: the holdout race.
        worth: value of the customers at as_of.
        client: currency and margin rate.
    """
    book = Ledger(MEASURES, client.currency)
    book.add("ltv.customers", model.patterns.customers)
    book.add("ltv.repeaters", model.patterns.repeaters)
    book.add("ltv.patterns", len(model.patterns))
    book.add("ltv.period.from", race.first.isoformat())
    book.add("ltv.period.to", race.as_of.isoformat())
    _parameters(book, "ltv.bg_nbd", model, ("r", "alpha", "a", "b"))
    _parameters(book, "ltv.gamma_gamma", amount, ("p", "q", "v"))
    _race(book, race)
    _verdicts(book, race)
    _value(book, worth, client.margin_rate)
    _concentration(book, worth)
    return book


def race_state(race: HoldoutRace) -> str:
    """Which text fits the holdout pages: the model is nearer than the naive baseline, is not, or was not fitted."""
    if race.gain.why:
        return "unfitted"
    return "better" if race.gain.lower > 0 else "no_better"


def value_state(worth: CustomerValue, margin_rate: float | None) -> str:
    """Which text fits the value pages: with a margin rate, without one, or no value at all."""
    return "unfitted" if worth.why else "margin" if margin_rate else "sales"


def _parameters(book: Ledger, prefix: str, model: BgNbd | GammaGamma, names: tuple[str, ...]) -> None:
    n = int(model.patterns.customers if isinstance(model, BgNbd) else model.amounts.customers)
    why = model.report.why
    for name, value, (lower, upper) in zip(names, model.parameters, model.intervals, strict=True):
        level = None if why else LEVEL
        book.add(f"{prefix}.{name}", value, lower=lower, upper=upper, level=level, n=n, why=why)
    book.add(f"{prefix}.log_likelihood", model.log_likelihood, n=n, why=why)


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
            why = _why(getattr(groups, who)[i], race.model.report.why or "ltv.small_group")
            book.add(f"ltv.holdout.{x}.{who}", getattr(groups, who)[i], why=why)
    distances = {"predicted": race.score.error, "naive": race.naive_score.error}
    for who, distance in distances.items():
        book.add(f"ltv.holdout.distance.{who}", distance, why=_why(distance, race.model.report.why))
    shown = round(distances["naive"], 2) - round(distances["predicted"], 2)
    _enter(book, "ltv.holdout.gain", replace(race.gain, value=shown))
    _enter(
        book, "ltv.holdout.gap", replace(race.gap, value=_rounded(race.conditional[0]) - _rounded(race.conditional[1]))
    )


def _totals(book: Ledger, prefix: str, totals: tuple[float, float, float], why: str) -> None:
    """Totals, and relative errors of the totals as displayed."""
    for who, total in zip(WHO, totals, strict=True):
        book.add(f"{prefix}.{who}", _whole(total) if who == "actual" else total, why=_why(total, why))
    for who, total in zip(WHO[1:], totals[1:], strict=True):
        actual = _rounded(totals[0])
        error = _rounded(total) / actual - 1 if actual > 0 else np.nan
        book.add(f"{prefix}.{who}_error", error, why=_why(error, why or "ltv.no_holdout_purchases"))


def _verdicts(book: Ledger, race: HoldoutRace) -> None:
    for v in verdicts.of(race):
        book.add(f"ltv.verdict.{v.use}", v.grade)
        book.add(f"ltv.rule.{v.use}.pass", v.passes)
        book.add(f"ltv.rule.{v.use}.review", v.reviews)
        for who, figure in (("predicted", v.figure), ("naive", v.naive)):
            why = _why(figure, race.model.report.why or "ltv.no_holdout_purchases")
            book.add(f"ltv.holdout.{v.use}.{who}", figure, why=why)


def _value(book: Ledger, worth: CustomerValue, margin_rate: float | None) -> None:
    book.add("ltv.value_state", value_state(worth, margin_rate))
    book.add("ltv.discount_rate", worth.discount_rate)
    book.add("ltv.margin_rate", margin_rate, why="" if margin_rate else "ltv.no_margin_rate")
    for at in worth.horizons:
        for name, sales in (("mean", at.mean), ("total", at.total), ("median", at.median)):
            _enter(book, f"ltv.clv.{at.months}m.{name}", sales)
            _enter(book, f"ltv.margin_clv.{at.months}m.{name}", _margin(sales, margin_rate))


def _margin(sales: Estimate, rate: float | None) -> Estimate:
    value, lower, upper = (v * (rate or np.nan) for v in (sales.value, sales.lower, sales.upper))
    return Estimate(value, lower, upper, sales.n, sales.why or ("" if rate else "ltv.no_margin_rate"))


def _concentration(book: Ledger, worth: CustomerValue) -> None:
    shares = concentration.by_decile(worth)
    for decile, (share, cumulative) in enumerate(zip(shares, np.cumsum(shares), strict=True), 1):
        book.add(f"ltv.decile.{decile}.share", share, why=worth.why, n=worth.customers)
        book.add(f"ltv.decile.{decile}.cumulative", cumulative, why=worth.why, n=worth.customers)
    table = concentration.alive_by_value(worth)
    customers, value, at_risk = table.rows
    for row, group in enumerate(concentration.ALIVE_GROUPS):
        prefix = f"ltv.alive.{group}"
        book.add(f"{prefix}.customers", _whole(customers[row]), why=worth.why)
        for name, amount in (("value", value), ("share", value / table.value.sum()), ("at_risk", at_risk)):
            book.add(f"{prefix}.{name}", amount[row], why=_why(amount[row], worth.why or "ltv.small_group"))
        for column, name in enumerate(concentration.VALUE_GROUPS):
            share = table.share[row, column]
            book.add(f"{prefix}.{name}.customers", _whole(table.customers[row, column]), why=worth.why)
            book.add(f"{prefix}.{name}.share", share, why=_why(share, worth.why or "ltv.small_group"))


def _enter(book: Ledger, key: str, estimate: Estimate) -> None:
    level = None if estimate.why else estimate.level
    parts = {"lower": estimate.lower, "upper": estimate.upper, "n": estimate.n, "level": level}
    book.add(key, estimate.value, why=estimate.why, **parts)


def _why(value: float, why: str) -> str:
    return "" if np.isfinite(value) else why


def _whole(value: float) -> int | float:
    return round(value) if np.isfinite(value) else value


def _rounded(value: float) -> float:
    return float(np.round(value))
