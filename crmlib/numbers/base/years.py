"""Numbers of this year against last year: mode, growth, lenses."""

from __future__ import annotations

from dataclasses import replace

from crmlib.base import Years
from crmlib.base.family import LEVEL
from crmlib.base.growth import COLUMNS, PARTS, Growth
from crmlib.intervals import Estimate, unknown, z
from crmlib.numbers.base.entering import estimate, number
from crmlib.numbers.model import Ledger, Measure

MEASURES = (
    Measure("base.sales", "money", "base.sales"),
    Measure("base.mode", "label", "base.mode"),
    Measure("base.mode.rate", "share", "base.mode.rate"),
    Measure("base.mode.state", "label", "base.state"),
    Measure("base.mode.point", "money", "base.mode.point"),
    Measure("base.mode.{end}", "label", "base.mode.end"),
    Measure("base.repurchase.{month}", "share", "base.mode.rate"),
    Measure("base.growth.state", "label", "base.state"),
    Measure("base.growth.rate", "share", "base.growth.rate"),
    Measure("base.growth.new_part", "share", "base.growth.new_part"),
    Measure("base.growth.sales_{year}", "money", "base.growth.sales"),
    Measure("base.growth.change", "money", "base.growth.change"),
    Measure("base.growth.existing", "money", "base.growth.existing"),
    Measure("base.growth.factor.{factor}", "money", "base.growth.factor"),
    Measure("base.growth.{part}", "money", "base.growth.part"),
    Measure("base.growth.{status}.customers", "count", "base.growth.customers"),
    Measure("base.growth.{status}.frequency_{year}", "ratio", "base.growth.frequency"),
    Measure("base.growth.{status}.value_{year}", "money", "base.growth.value"),
    Measure("base.year.{year}.customers", "count", "base.year.customers"),
    Measure("base.year.{year}.sales", "money", "base.year.sales"),
    Measure("base.year.{year}.frequency", "ratio", "base.year.frequency"),
    Measure("base.year.{year}.value", "money", "base.year.value"),
    Measure("base.year.new_share", "share", "base.year.new_share"),
    Measure("base.active.share", "share", "base.active"),
    Measure("base.per_customer", "money", "base.per_customer"),
    Measure("base.cohort.size", "count", "base.cohort.size"),
    Measure("base.cohort.active", "share", "base.cohort.active"),
    Measure("base.cohort.sales_{year}", "money", "base.cohort.sales"),
    Measure("base.cohort_value.difference", "money", "base.cohort_value.difference"),
    Measure("base.cohort_value.yen", "money", "base.cohort_value.yen"),
    Measure("base.cohort_value.{half}", "money", "base.cohort_value"),
    Measure("base.kept_value", "money", "base.kept_value"),
)


def enter(book: Ledger, years: Years) -> None:
    """Enter the two years."""
    book.add("base.sales", years.sales)
    _mode(book, years)
    _growth(book, years.growth, years.scale)
    _statuses(book, years.growth, years.scale)
    _lenses(book, years)


def _mode(book: Ledger, years: Years) -> None:
    found = years.mode
    why = years.growth.why or found.rate.why
    known = "" if why else found.name
    book.add("base.mode", known or None, why=why and f"base.{why}")
    estimate(book, "base.mode.rate", unknown(found.rate.n, why) if why else found.rate)
    book.add("base.mode.state", why or ("certain" if found.lowest == found.highest else "between"))
    for end, name in (("lowest", found.lowest), ("highest", found.highest)):
        book.add(f"base.mode.{end}", None if why else name, why=why and f"base.{why}")
    number(book, "base.mode.point", float("nan") if why else found.per_point, why or "no_sales")
    for day, rate in zip(found.ends, found.series, strict=True):
        estimate(book, f"base.repurchase.{day:%Y-%m}", rate)


def _growth(book: Ledger, found: Growth, scale: int) -> None:
    state = found.why or ("up" if found.change > 0 else "down" if found.change < 0 else "flat")
    book.add("base.growth.state", state)
    book.add("base.growth.sales_last", found.sales_last / scale)
    book.add("base.growth.sales_this", found.sales_this / scale)
    book.add("base.growth.change", found.change / scale)
    number(
        book,
        "base.growth.rate",
        found.change / found.sales_last if found.sales_last > 0 else float("nan"),
        "no_last_year",
    )
    new = found.parts["new"] / found.sales_this if found.sales_this > 0 else float("nan")
    number(book, "base.growth.new_part", new, "no_sales")
    for name in (*PARTS, "kept"):
        estimate(book, f"base.growth.{name}", found.part(name, scale))
    existing = sum(found.statuses[name].change for name in ("back", "kept", "lost"))
    book.add("base.growth.existing", existing / scale)
    for name, factor in found.factors.items():
        book.add(f"base.growth.factor.{name}", factor / scale)
    value, error = (part / scale for part in found.paired)
    half, kept = z(LEVEL) * error, found.statuses["kept"].customers
    paired = Estimate(value, value - half, value + half, kept, level=LEVEL) if kept > 1 else unknown(kept, "too_few")
    estimate(book, "base.kept_value", unknown(kept, found.why) if found.why else paired)


def _statuses(book: Ledger, found: Growth, scale: int) -> None:
    for name, status in found.statuses.items():
        book.add(f"base.growth.{name}.customers", status.customers)
        for year in ("last", "this"):
            orders, amount = (getattr(status, column) for column in COLUMNS if column.endswith(year))
            frequency = orders / status.customers if status.customers and orders else float("nan")
            number(book, f"base.growth.{name}.frequency_{year}", frequency, "no_orders")
            number(
                book,
                f"base.growth.{name}.value_{year}",
                amount / orders / scale if orders else float("nan"),
                "no_orders",
            )


def _lenses(book: Ledger, years: Years) -> None:
    found = years.lenses
    for year, figures in (("this", found.this), ("last", found.last)):
        book.add(f"base.year.{year}.customers", figures.customers)
        book.add(f"base.year.{year}.sales", figures.sales)
        number(book, f"base.year.{year}.frequency", figures.frequency, "no_orders")
        number(book, f"base.year.{year}.value", figures.value, "no_orders")
    estimate(book, "base.year.new_share", found.this.new_share)
    estimate(book, "base.active.share", found.active)
    number(book, "base.per_customer", found.per_customer, "no_customers")
    _cohorts(book, years)


def _cohorts(book: Ledger, years: Years) -> None:
    found, cohort = years.lenses, years.lenses.cohort
    why = years.growth.why or ("" if len(cohort.active) > 1 and cohort.size else "no_cohort")
    book.add("base.cohort.size", cohort.size)
    number(book, "base.cohort.active", float("nan") if why else cohort.active[1] / cohort.size, why)
    for year, place in (("last", 0), ("this", 1)):
        number(book, f"base.cohort.sales_{year}", float("nan") if why else cohort.sales[place], why)
    for half, value in (("earlier", found.earlier), ("later", found.later)):
        estimate(book, f"base.cohort_value.{half}", value)
    shown = found.difference
    if not shown.why:
        shown = (
            replace(shown, value=round(found.later.value) - round(found.earlier.value)) if years.scale == 1 else shown
        )
    estimate(book, "base.cohort_value.difference", shown)
    estimate(book, "base.cohort_value.yen", found.yen)
