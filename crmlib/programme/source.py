"""Which tiers a client can be shown in: its own history, tiers from its rules, or a segmentation of ours."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from crmlib.errors import CrmError, did_you_mean
from crmlib.programme.calendar import Programme, calendar_of, month_number, next_review, resolved, review_date, yearly
from crmlib.programme.rules import YEAR, Tiers

SEGMENTS: dict[str, tuple[str, ...]] = {
    "loyal": ("other", "semi", "loyal"),
    "decile": tuple(f"d{place}" for place in range(10, 0, -1)),
    "cpm": ("first", "toddler", "steady", "fad", "best"),
    "spiral": ("acquired", "nurtured", "satisfied"),
}
MOST_YEARS = 4  # yearly reviews that are looked at


@dataclass(frozen=True)
class Source:
    """Where the tiers come from.

    Args:
        kind: own (the client's history), rules (derived from client.yaml), or a name of `SEGMENTS`.
        tiers: Names low to high; for a segmentation the keys of its names.
        reviews: Yearly review dates, oldest first.
        calendar: All review dates.
        programme: Rules at `calendar`; None where there are neither rules nor lines that could be read off the history.
        rule: Which rule of the client's own history.
        guessed: Whether the lines were read off the history and not given.
        unknown: Tiers of the history that the rules do not name.
    """

    kind: str
    tiers: tuple[str, ...]
    reviews: tuple[dt.date, ...]
    calendar: tuple[dt.date, ...]
    programme: Programme | None = None
    rule: str = ""
    guessed: bool = False
    unknown: tuple[str, ...] = ()

    @property
    def thresholds(self) -> tuple[int, ...]:
        """Amount from which each tier begins, minor units; none without a programme."""
        return self.programme.thresholds if self.programme else ()

    @property
    def benefits(self) -> tuple[float, ...]:
        """Share of sales that each tier gives back; none where unknown."""
        return self.programme.rules.benefits if self.programme else ()

    @property
    def lines(self) -> dict[int, int]:
        """Threshold by number of the tier, minor units, without the lowest tier's."""
        return {tier: line for tier, line in enumerate(self.thresholds) if tier > 0}


class Settings(Protocol):
    """What is asked of a client's configuration."""

    @property
    def as_of(self) -> dt.date:
        """Last day of the data."""

    @property
    def tiers(self) -> Tiers | None:
        """The programme, None where there is none."""

    @property
    def scale(self) -> int:
        """Minor units per major unit."""

    @property
    def fiscal_year_start(self) -> int:
        """Month (1-12)."""


def first_day(day: Any, as_of: dt.date) -> dt.date:
    """The first day of the data as a date; `as_of` where there is no purchase at all."""
    return as_of if pd.isna(day) else pd.Timestamp(day).date()


def source(contents: pd.DataFrame, client: Settings, span: tuple[dt.date, dt.date], segmentation: str = "") -> Source:
    """The tiers that a client is shown in.

    The client's own history comes first, then its rules, then loyal, semi-loyal and other customers.

    Args:
        contents: What its own history holds, as `summaries.tiers_own.contents` returns it.
        client: Its configuration.
        span: First and last day of the data.
        segmentation: A name of `SEGMENTS` in place of the client's own tiers; "" or rank for these.

    Raises:
        CrmError: An unknown segmentation.
    """
    if segmentation not in ("", "rank", *SEGMENTS):
        hint = did_you_mean(segmentation, ["rank", *SEGMENTS])
        raise CrmError(f"segments '{segmentation}' is not one of rank, {', '.join(SEGMENTS)}. {hint}")
    held = _cleaned(contents, span[1])
    if segmentation in SEGMENTS:
        return segments(segmentation, span)
    if len(held) and len(set(held["tier"])) > 1:
        return _own(held, client, span)
    if client.tiers is None:
        return segments("loyal", span)
    days = calendar_of(client.tiers, *span, client.fiscal_year_start)
    made = resolved(client.tiers, days, client.scale, client.fiscal_year_start)
    return Source("rules", client.tiers.order, yearly(days, MOST_YEARS), days, made)


def coming(chosen: Source, client: Settings) -> dt.date | None:
    """The first review after the data; None where there is no programme."""
    if chosen.programme is None:
        return None
    return next_review(chosen.programme.rules, client.as_of, client.fiscal_year_start)


def segments(kind: str, span: tuple[dt.date, dt.date]) -> Source:
    """A segmentation of ours, at as_of and whole years before it.

    Args:
        kind: A name of `SEGMENTS`.
        span: First and last day of the data.
    """
    first, as_of = span
    month = month_number(as_of)
    years = range(min((month - month_number(first) + 1) // YEAR, MOST_YEARS) - 1, -1, -1)
    days = tuple(review_date(month - YEAR * back, as_of.day) for back in years)
    return Source(kind, SEGMENTS[kind], days, days)


def _cleaned(contents: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    known = contents.dropna(subset=["review_date", "tier"])
    days = pd.to_datetime(known["review_date"]).dt.date
    return known.assign(review_date=days, rule=known["rule"].fillna(""))[days <= as_of]


def _own(held: pd.DataFrame, client: Settings, span: tuple[dt.date, dt.date]) -> Source:
    rules = client.tiers
    wanted = set(calendar_of(rules, *span, client.fiscal_year_start)) if rules else set()
    by_rule = {str(rule): set(rows["review_date"]) for rule, rows in held.groupby("rule")}
    rule = _chosen(by_rule, wanted, rules.history_rule if rules else "")
    days = tuple(sorted(by_rule[rule]))
    mine = held[held["rule"] == rule]
    given = _on(rules or _guessed(mine), days)
    order = given.order if given else _by_amount(mine)
    shown = resolved(given, days, client.scale if rules else 1, client.fiscal_year_start) if given else None
    others = tuple(sorted(set(mine["tier"]) - set(order)))
    return Source("own", order, yearly(days, MOST_YEARS), days, shown, rule, rules is None, others)


def _on(rules: Tiers | None, days: tuple[dt.date, ...]) -> Tiers | None:
    """The rules with the months and the day of the month on which the history was in fact reviewed."""
    if rules is None:
        return None
    last = max(day.day for day in days)
    months = tuple(sorted({day.month for day in days}))
    even = all(day == review_date(month_number(day), last) for day in days)
    return rules.model_copy(update={"review_months": months, "review_day": last if even and last < 28 else 31})


def _chosen(by_rule: dict[str, set[dt.date]], wanted: set[dt.date], named: str) -> str:
    """The rule that client.yaml names, or whose dates are most nearly those of its calendar, or with the most dates."""
    if named in by_rule:
        return named

    def likeness(rule: str) -> tuple[float, int, str]:
        days = by_rule[rule]
        return len(days & wanted) / len(days | wanted), len(days), rule

    return max(by_rule, key=likeness)


def _by_amount(held: pd.DataFrame) -> tuple[str, ...]:
    """Tiers from low to high by what their customers had on average; by size, largest first, where no amounts are given."""
    sums = held.groupby("tier")[["amount", "customers"]].sum(min_count=1)
    mean = sums["amount"] / sums["customers"]
    ranked = mean.sort_values(kind="stable") if mean.notna().all() else -sums["customers"].sort_values(ascending=False)
    return tuple(str(tier) for tier in ranked.index)


def _guessed(held: pd.DataFrame) -> Tiers | None:
    """Rules whose lines are the roundest amounts that part the tiers of the history; None where they overlap."""
    order = _by_amount(held)
    ends = held.groupby("tier").agg(lowest=("lowest", "min"), highest=("highest", "max")).reindex(order)
    if ends.isna().any().any():
        return None
    pairs = list(zip(ends["highest"][:-1], ends["lowest"][1:], strict=True))
    if any(below >= above for below, above in pairs):
        return None
    lines = (0, *(_roundest(int(below), int(above)) for below, above in pairs))
    return Tiers(order=order, thresholds=lines)


def _roundest(below: int, above: int) -> int:
    """The roundest amount with below < amount <= above.

    Example:
        >>> _roundest(99_420, 100_018), _roundest(29_998, 30_239)
        (100000, 30000)
    """
    size = 10 ** len(str(above))
    while above // size * size <= below:
        size //= 10
    return above // size * size
