"""Small tables beside the charts of the base."""

from __future__ import annotations

import math

from crmlib.base import Goods, Months, Pipeline, Whole, Years
from crmlib.base.cpm import CLASSES
from crmlib.base.lenses import Year
from crmlib.base.loyalty import GROUPS
from crmlib.figures.names import shortened
from crmlib.figures.table import Table
from crmlib.intervals import Estimate
from crmlib.text import Words

SMALL_GROUP = 5
SHOWN = 4  # products and pairs


def lens_table(years: Years, currency: str, words: Words) -> Table:
    """The five lenses: this year and last, the cohort of last year, cohort against cohort, everybody."""
    found = years.lenses
    cohort = found.cohort
    again = (
        cohort.active[1] / cohort.size if len(cohort.active) > 1 and cohort.size and not years.growth.why else math.nan
    )
    pairs = [
        _pair(found.this, found.last, name, currency, words) for name in ("customers", "sales", "frequency", "value")
    ]
    rows = [
        *pairs,
        (words.fill("table.base.lens_cohort"), words.number(again, "pct"), ""),
        (
            words.fill("table.base.lens_cohorts"),
            words.money(found.later.value, currency),
            words.money(found.earlier.value, currency),
        ),
        (
            words.fill("table.base.lens_whole"),
            words.number(found.customers, "int"),
            words.number(found.active.value, "pct"),
        ),
    ]
    return Table(words.fill_each("table.base", "lens", "this", "last"), rows, (5,), (1.75, 1.1, 1.1))


def _pair(this: Year, last: Year, name: str, currency: str, words: Words) -> tuple[str, str, str]:
    label = words.fill(f"table.base.lens_{name}")
    values = [float(getattr(year, name)) for year in (this, last)]
    if name in ("sales", "value"):
        return label, *(words.money(value, currency) for value in values)  # type: ignore[return-value]
    return label, *(words.number(value, "int" if name == "customers" else "dec2") for value in values)  # type: ignore[return-value]


def growth_table(years: Years, currency: str, words: Words) -> Table:
    """Customers, orders per customer and order value of each status, last year's and this year's where both exist."""
    rows = []
    for name, status in years.growth.statuses.items():
        cells = []
        for orders, amount in ((status.orders_last, status.amount_last), (status.orders_this, status.amount_this)):
            if orders:
                each = words.number(orders / status.customers, "dec2")
                cells.append((each, words.money(amount / orders / years.scale, currency)))
        frequency, value = (" → ".join(part) for part in zip(*cells, strict=True)) if cells else ("", "")
        rows.append((words.fill(f"table.base.{name}"), words.number(status.customers, "int"), frequency, value))
    return Table(
        words.fill_each("table.base", "status", "customers", "frequency", "value"), rows, (), (0.8, 0.85, 1.15, 1.7)
    )


def pipeline_table(found: Pipeline, currency: str, words: Words) -> Table:
    """Conversion, days and leakage of each step."""
    rows = [
        (
            words.fill(f"table.base.step_{step.start}"),
            words.number(step.conversion.value, "pct"),
            words.number(step.median, "int"),
            words.money(step.leakage.value, currency),
        )
        for step in found.steps
    ]
    rows = rows or [(words.fill("table.base.none"), "", "", "")]
    widths = (1.6, 0.85, 0.6, 1.15)
    return Table(
        words.fill_each("table.base", "step", "conversion", "days", "leakage"),
        rows,
        (found.worst,) if found.worst >= 0 else (),
        widths,
    )


def loyalty_table(whole: Whole, currency: str, words: Words) -> Table:
    """Customers, share of sales, mean of all purchases and number of purchases of the three groups."""
    rows = []
    for name in GROUPS:
        group = whole.loyalty.groups[name]
        hidden = bool(whole.loyalty.why) or group.customers < SMALL_GROUP
        cells = (
            words.number(group.customers, "int"),
            words.number(None if hidden else group.sales_share, "pct"),
            words.money(None if hidden else group.amount.value, currency),
            words.number(None if hidden else group.purchases, "dec1"),
        )
        rows.append((words.fill(f"table.base.{name}"), *cells))
    return Table(
        words.fill_each("table.base", "group", "customers", "sales_share", "amount", "purchases"),
        rows,
        (0,),
        (1.05, 0.85, 0.85, 1.1, 0.75),
    )


def typical_table(whole: Whole, currency: str, words: Words) -> Table:
    """Median and mean with intervals, share below the mean, the commonest number of purchases."""
    found = whole.typical
    rows = [
        (words.fill(f"table.base.{name}"), words.money(one.value, currency), _limits(one, currency, words))
        for name, one in (("median", found.median), ("mean", found.mean))
    ]
    rows += [
        (words.fill("table.base.below_mean"), words.number(found.below_mean.value, "pct"), ""),
        (
            words.fill("table.base.once", purchases=words.number(found.purchases or None, "int")),
            words.number(found.purchases_share, "pct"),
            "",
        ),
    ]
    return Table(words.fill_each("table.base", "figure", "value_of", "interval"), rows, (), (1.3, 0.95, 1.6))


def _limits(one: Estimate, currency: str, words: Words) -> str:
    if one.why or not (math.isfinite(one.lower) and math.isfinite(one.upper)):
        return words.number(None, "int")
    return f"{words.money(one.lower, currency)} – {words.money(one.upper, currency)}"


def class_table(whole: Whole, months: Months, currency: str, words: Words) -> Table:
    """Customers, change over the year and this year's sales of the ten classes."""
    found, rows = whole.portfolio, []
    for place, name in enumerate(CLASSES):
        size = found.customers[name]
        year = None if 0 < size < SMALL_GROUP else found.year[name]
        change = words.number(int(months.movement.year[place]), "sint")
        rows.append((words.fill(f"class.base.{name}"), words.number(size, "int"), change, words.money(year, currency)))
    return Table(
        words.fill_each("table.base", "class", "customers", "change", "year"), rows, (), (1.35, 0.85, 0.85, 1.1)
    )


def change_table(months: Months, currency: str, words: Words) -> Table:
    """The likeliest change of level of each key figure, and whether it is one."""
    rows = []
    for name, chart in months.charts.items():
        change = chart.change
        label = words.fill(f"chart.base.series.{name}")
        if change is None:
            rows.append((label, words.number(None, "int"), "", words.fill("table.base.too_short")))
            continue
        levels = [change.before, change.after]
        shown = [words.money(one, currency) if name == "value" else words.number(one, "pct") for one in levels]
        found = words.fill("table.base.proven" if chart.significant else "table.base.unproven")
        rows.append((label, change.label, " → ".join(shown), found))
    return Table(
        words.fill_each("table.base", "series", "month", "levels", "verdict"), rows, (), (1.45, 0.85, 1.6, 0.75)
    )


def entry_table(goods: Goods, currency: str, words: Words) -> Table:
    """Sales within 180 days and the probability of being the best, of the first products at the top."""
    rows = [
        (
            shortened(goods.name(one.product)),
            words.money(one.amount.value, currency),
            words.number(one.best, "pct0"),
        )
        for one in goods.entry.products[:SHOWN]
    ]
    rows = rows or [(words.fill("table.base.none"), "", "")]
    return Table(words.fill_each("table.base", "product", "amount_180", "best"), rows, (), (1.7, 1.1, 0.95))


def next_table(goods: Goods, words: Words) -> Table:
    """Pairs of the first and the second purchase, the surest first: rate, difference to other first products, q."""
    rows = [
        (
            f"{shortened(goods.name(pair.product))} → {shortened(goods.name(pair.following))}",
            words.number(pair.bought, "int"),
            words.number(pair.lift.value, "spct"),
            words.number(pair.q, "dec3"),
        )
        for pair in goods.following[:SHOWN]
    ]
    rows = rows or [(words.fill("table.base.none"), "", "", "")]
    return Table(words.fill_each("table.base", "pair", "support", "lift", "q"), rows, (), (2.3, 0.7, 0.75, 0.6))
