"""Small tables beside the retention charts."""

from __future__ import annotations

import numpy as np

from crmlib.figures.table import Table
from crmlib.intervals import Estimate
from crmlib.numbers.retention import as_displayed
from crmlib.retention import F2Trend, SecondPurchase
from crmlib.text import Words

WIDTHS = (1.35, 0.75, 1.2, 0.7)


def f2_table(second: SecondPurchase, words: Words) -> Table:
    """F2 in each definition, by window; the naive ratio has no window and stands in a column of its own."""
    windows = list(second.matured)
    columns = words.fill_each("table.retention", "definition", *(f"d{days}" for days in windows), "ever")
    blank = [""] * len(windows)
    rows = [
        ("km", [words.number(second.curve_at[days].value, "pct") for days in windows], ""),
        ("matured", [words.number(second.matured[days].value, "pct") for days in windows], ""),
        ("matured_n", [words.number(second.matured[days].n, "int") for days in windows], ""),
        ("naive", blank, words.number(second.naive.value, "pct")),
    ]
    cells = [(words.fill(f"table.retention.{name}"), *shares, last) for name, shares, last in rows]
    return Table(columns, cells, (0,), (1.25, 0.85, 0.85, 0.85, 0.85))


def trend_table(trend: F2Trend, words: Words) -> Table:
    """F2 of the earlier and the later acquisition months and their difference."""
    if trend.difference.why:
        return Table((words.fill("table.retention.half"),), [(words.fill("table.retention.no_halves"),)])
    halves = [
        _row(words.fill(f"table.retention.{name}", month=trend.first_later), share, words)
        for name, share in (("earlier", trend.earlier), ("later", trend.later))
    ]
    gap = as_displayed(trend)
    limits = f"{words.number(gap.lower, 'spct')} – {words.number(gap.upper, 'spct')}"
    last = (words.fill("table.retention.difference"), words.number(gap.value, "spct"), limits, "")
    window = words.fill("table.retention.window", days=words.number(trend.window, "int"))
    header = [window, *words.fill_each("table.retention", "rate", "interval", "n")]
    return Table(header, [*halves, last], (2,), WIDTHS)


def f2_days_table(second: SecondPurchase, words: Words) -> Table:
    """Day by which shares of the new customers have bought again."""
    days = {**second.quantiles, "half_of_converters": second.half_of_converters}
    rows = [
        (words.fill(f"table.retention.{name}"), _day(day, words), _day_limits(day, words)) for name, day in days.items()
    ]
    header = words.fill_each("table.retention", "share", "days", "interval")
    return Table(header, rows, (3,), (1.5, 1.0, 1.2))


def _row(label: str, share: Estimate, words: Words) -> tuple[str, ...]:
    return label, words.number(share.value, "pct"), limits(share, "pct", words), words.number(share.n, "int")


def _day(day: Estimate, words: Words) -> str:
    if day.why == "not_reached":
        return words.fill("table.retention.not_reached")
    return words.number(day.value, "int")


def _day_limits(day: Estimate, words: Words) -> str:
    if np.isfinite(day.lower) and not np.isfinite(day.upper):
        return words.fill("table.retention.at_least", day=words.number(day.lower, "int"))
    return limits(day, "int", words)


def limits(estimate: Estimate, form: str, words: Words) -> str:
    """Both limits, 40.1–42.0%; a dash where there are none."""
    if not np.isfinite([estimate.lower, estimate.upper]).all():
        return words.number(None, form)
    return f"{words.number(estimate.lower, form).rstrip('%')}–{words.number(estimate.upper, form)}"
