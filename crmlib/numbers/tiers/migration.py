"""What moved: the ledger of page 17."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crmlib.intervals import Estimate, proportion, unknown, z
from crmlib.numbers.model import Ledger, Measure
from crmlib.numbers.tiers import changes
from crmlib.numbers.tiers.changes import SURE
from crmlib.numbers.tiers.enter import key_of, put, why_of
from crmlib.programme.source import Source
from crmlib.tiers import Migration, Study, balance, up_and_down, up_down_ratio

STOCK = ("opening", "came", "went", "closing")
MONEY = ("opening", "came", "went", "grown", "closing")
MEASURES = (
    Measure("tiers.kind", "label", "tiers.kind"),
    Measure("tiers.state", "label", "tiers.state"),
    Measure("tiers.name.{tier}", "label", "tiers.name"),
    Measure("tiers.as_of", "date", "tiers.as_of"),
    Measure("tiers.period.{end}", "date", "tiers.period"),
    Measure("tiers.members", "count", "tiers.members"),
    Measure("tiers.n.{tier}", "count", "tiers.n"),
    Measure("tiers.rate.{before}.{after}", "share", "tiers.rate"),
    Measure("tiers.flow.{before}.{after}", "count", "tiers.flow"),
    Measure("tiers.flow_yen.{before}.{after}", "money", "tiers.flow_yen"),
    Measure("tiers.stock.{tier}.{part}", "count", "tiers.stock"),
    Measure("tiers.stock_yen.{tier}.{part}", "money", "tiers.stock_yen"),
    Measure("tiers.moved.{direction}", "count", "tiers.moved"),
    Measure("tiers.moved_share.{direction}", "share", "tiers.moved_share"),
    Measure("tiers.up_down_ratio", "ratio", "tiers.up_down_ratio"),
    Measure("tiers.down_up_ratio", "ratio", "tiers.down_up_ratio"),
    Measure("tiers.up_less_down", "points", "tiers.up_less_down"),
    Measure("tiers.fallen_yen", "money", "tiers.fallen_yen"),
    Measure("tiers.order.p", "parameter", "tiers.order.p"),
    Measure("tiers.forecast.{tier}.{years}", "count", "tiers.forecast"),
    Measure("tiers.forecast_share.{tier}.{years}", "share", "tiers.forecast_share"),
    Measure("tiers.forecast_sales.{years}", "money", "tiers.forecast_sales"),
    Measure("tiers.forecast_entries", "count", "tiers.forecast_entries"),
    Measure("tiers.sales", "money", "tiers.sales"),
    Measure("tiers.share.{tier}", "share", "tiers.share"),
    Measure("tiers.steady.{tier}", "share", "tiers.steady"),
    Measure("tiers.forecast_top", "share", "tiers.forecast_share"),
    Measure("tiers.steady_top", "share", "tiers.steady"),
    Measure("tiers.trial.{tier}", "count", "tiers.trial"),
    Measure("tiers.trial_actual.{tier}", "count", "tiers.trial_actual"),
    Measure("tiers.trial_sales", "money", "tiers.trial_sales"),
    Measure("tiers.trial_actual_sales", "money", "tiers.trial_actual_sales"),
    Measure("tiers.trial_held", "count", "tiers.trial_held"),
    Measure("tiers.driver.n", "count", "tiers.driver.n"),
    Measure("tiers.driver.fell", "count", "tiers.driver.fell"),
    Measure("tiers.driver.{factor}.{group}.rate", "share", "tiers.driver.rate"),
    Measure("tiers.driver.{factor}.{group}.odds", "ratio", "tiers.driver.odds"),
    Measure("tiers.history.compared", "count", "tiers.history.compared"),
    Measure("tiers.history.different", "count", "tiers.history.different"),
)


def enter(book: Ledger, chosen: Source, study: Study, scale: int) -> None:
    """Everything that moved.

    Args:
        book: The ledger.
        chosen: Where the tiers come from.
        study: Migration, change, forecast, drivers.
        scale: Minor units per major unit.
    """
    moved = study.moved
    book.add("tiers.kind", chosen.kind)
    book.add("tiers.state", state(moved))
    for tier, name in enumerate(moved.tiers):
        book.add(f"tiers.name.{key_of(tier, len(moved.tiers))}", name)
    for name, day in (("from", moved.reviews[-2:-1]), ("to", moved.reviews[-1:])):
        book.add(f"tiers.period.{name}", day[0].isoformat() if day else None, why="" if day else why_of("one_review"))
    _drivers(book, study)
    if not moved.periods or moved.why:
        put(book, "tiers.up_down_ratio", unknown(0, moved.why))
        return
    _matrix(book, moved, scale)
    _up_and_down(book, moved, scale)
    changes.enter(book, study, scale)
    _forecast(book, study, scale)
    _trial(book, study, scale)


def compare(book: Ledger, compared: pd.DataFrame) -> None:
    """How many of the client's own tiers are those that the rules give."""
    n = int(compared["customers"].sum()) if len(compared) else 0
    why = "" if n else why_of("one_history")
    book.add("tiers.history.compared", n)
    other = int(compared.loc[compared["own"] != compared["derived"], "customers"].sum()) if n else None
    book.add("tiers.history.different", other, why=why, n=n)


def state(moved: Migration) -> str:
    """Which text fits the migration page: falls, rises, even, few (too few moves), or why there is none."""
    if moved.why or not moved.periods:
        return moved.why or "one_review"
    ratio = up_down_ratio(moved.counts())
    if ratio.why:
        return "few"
    return "falls" if ratio.upper < 1 else "rises" if ratio.lower > 1 else "even"


def _matrix(book: Ledger, moved: Migration, scale: int) -> None:
    size = len(moved.tiers)
    sums = balance(moved)
    for before in range(size):
        book.add(f"tiers.n.{key_of(before, size)}", int(moved.opening()[before]))
        for after in range(size + 1):
            put(book, f"tiers.rate.{key_of(before, size)}.{key_of(after, size)}", moved.rate(before, after))
    for before, source in enumerate([*(key_of(tier, size) for tier in range(size)), "new", "back"]):
        for after in range(size + 1):
            cell = f"{source}.{key_of(after, size)}"
            book.add(f"tiers.flow.{cell}", int(moved.customers[-1, before, after]))
            money = moved.amount_before if after == size else moved.amount_after
            book.add(f"tiers.flow_yen.{cell}", float(money[-1, before, after]) / scale)
    for tier in range(size):
        for part in STOCK:
            book.add(f"tiers.stock.{key_of(tier, size)}.{part}", int(getattr(sums, part)[tier]))
        for part in MONEY:
            value = float(getattr(sums, f"money_{part}")[tier]) / scale
            book.add(f"tiers.stock_yen.{key_of(tier, size)}.{part}", value)


def _up_and_down(book: Ledger, moved: Migration, scale: int) -> None:
    counts = moved.counts()
    up, down, left = up_and_down(counts)
    n, stays = int(counts.sum()), float(np.trace(counts[:, :-1]))
    for name, number in (("up", up), ("keep", stays), ("down", down), ("left", left)):
        book.add(f"tiers.moved.{name}", int(number))
        put(book, f"tiers.moved_share.{name}", proportion(number, n))
    for name, number in (("new", moved.entries()[0].sum()), ("back", moved.entries()[1].sum())):
        book.add(f"tiers.moved.{name}", int(number))
    book.add("tiers.moved.in", int(moved.entries().sum()))
    ratio = up_down_ratio(counts)
    put(book, "tiers.up_down_ratio", ratio)
    turned = (
        unknown(ratio.n, ratio.why)
        if ratio.why
        else Estimate(1 / ratio.value, 1 / ratio.upper, 1 / ratio.lower, ratio.n)
    )
    put(book, "tiers.down_up_ratio", turned)
    half = z(SURE) * np.sqrt(max((up + down) / n - ((up - down) / n) ** 2, 0) / n)
    gap = (up - down) / n
    put(
        book,
        "tiers.up_less_down",
        unknown(n, ratio.why) if ratio.why else Estimate(gap, gap - half, gap + half, n, level=SURE),
    )
    book.add("tiers.fallen_yen", _fallen(moved) / scale, n=int(down + left))


def _fallen(moved: Migration) -> float:
    """What those who fell or left had before less what they have now."""
    size = len(moved.tiers)
    lower = np.tril(np.ones((size, size + 1)), -1)
    lower[:, size] = 1
    lost = moved.amount_before[-1, :size] - moved.amount_after[-1, :size]
    return float((lost * lower).sum())


def _forecast(book: Ledger, study: Study, scale: int) -> None:
    moved, ahead, size = study.moved, study.forecast, len(study.moved.tiers)
    closing = moved.closing()
    book.add("tiers.sales", float(moved.amount_after[-1, :, :size].sum()) / scale)
    put(book, "tiers.forecast_entries", ahead.entries)
    for tier in range(size):
        key = key_of(tier, size)
        book.add(
            f"tiers.share.{key}", closing[tier] / closing.sum() if closing.sum() else None, why=_none(closing.sum())
        )
        put(book, f"tiers.steady.{key}", ahead.steady[tier])
        for year in ahead.customers:
            put(book, f"tiers.forecast.{key}.{year}", ahead.customers[year][tier])
            put(book, f"tiers.forecast_share.{key}.{year}", ahead.share[year][tier])
    put(book, "tiers.steady_top", ahead.steady[-1])
    put(book, "tiers.forecast_top", ahead.share[max(ahead.share)][-1])
    for year, sales in ahead.sales.items():
        put(book, f"tiers.forecast_sales.{year}", sales, scale)


def _none(total: float) -> str:
    return "" if total else why_of("too_few")


def _trial(book: Ledger, study: Study, scale: int) -> None:
    trial, size = study.trial, len(study.moved.tiers)
    why = why_of(trial.why)
    for tier, (guess, came) in enumerate(zip(trial.forecast, trial.actual, strict=False)):
        put(book, f"tiers.trial.{key_of(tier, size)}", guess)
        book.add(f"tiers.trial_actual.{key_of(tier, size)}", int(came))
    put(book, "tiers.trial_sales", trial.sales, scale)
    book.add("tiers.trial_actual_sales", None if why else trial.actual_sales / scale, why=why)
    book.add("tiers.trial_held", None if why else int(trial.held), why=why)


def _drivers(book: Ledger, study: Study) -> None:
    found = study.drivers
    book.add("tiers.driver.n", found.n)
    book.add("tiers.driver.fell", found.fell)
    for row in found.rows:
        put(book, f"tiers.driver.{row.factor}.{row.group}.rate", row.rate)
        put(book, f"tiers.driver.{row.factor}.{row.group}.odds", row.odds)
