"""The retention ledger: cohorts, F2 in each definition, days to F2, hazard by week, trend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from crmlib.intervals import LEVEL, Estimate
from crmlib.numbers.model import Ledger, Measure
from crmlib.numbers.retention.entering import estimate, reason
from crmlib.retention import (
    CohortRetention,
    F2Trend,
    HomogeneityTest,
    SecondPurchase,
    WeeklyHazard,
    fit_to_page,
    homogeneity,
)
from crmlib.retention.cohort import PAGE_PERIODS

RISK_DAYS = (0, 30, 60, 90, 180, 270, 365)
SHOWN_WEEKS = 26
YEAR_PERIODS = 12

MEASURES = (
    Measure("retention.customers", "count", "retention.customers"),
    Measure("retention.period.from", "label", "retention.period"),
    Measure("retention.period.to", "date", "retention.period"),
    Measure("retention.cohort_state", "label", "retention.cohort_state"),
    Measure("retention.f2_state", "label", "retention.f2_state"),
    Measure("retention.cohort.test_p", "parameter", "retention.cohort.test_p"),
    Measure("retention.cohort.count", "count", "retention.cohort.count"),
    Measure("retention.cohort.left_out", "count", "retention.cohort.left_out"),
    Measure("retention.cohort.last_period", "count", "retention.cohort.last_period"),
    Measure("retention.cohort.mean_last", "share", "retention.cohort.mean"),
    Measure("retention.cohort.mean.{month}", "share", "retention.cohort.mean"),
    Measure("retention.cohort.{cohort}.n", "count", "retention.cohort.n"),
    Measure("retention.cohort.{cohort}.{month}", "share", "retention.cohort.cell"),
    Measure("retention.f2_km.longest", "share", "retention.f2_km"),
    Measure("retention.f2_window.longest", "days", "retention.f2_window"),
    Measure("retention.f2_km.{days}d", "share", "retention.f2_km"),
    Measure("retention.f2_rate.{days}d", "share", "retention.f2_rate"),
    Measure("retention.f2_naive", "share", "retention.f2_naive"),
    Measure("retention.f2_days.half_of_converters", "days", "retention.f2_days.half_of_converters"),
    Measure("retention.f2_days.{quantile}", "days", "retention.f2_days"),
    Measure("retention.f2_hazard.peak_week", "weeks", "retention.f2_hazard.peak_week"),
    Measure("retention.f2_hazard.contact_day", "days", "retention.f2_hazard.contact_day"),
    Measure("retention.f2_hazard.peak_rate", "share", "retention.f2_hazard.week"),
    Measure("retention.f2_hazard.peak_share", "share", "retention.f2_hazard.peak_share"),
    Measure("retention.f2_hazard.fade_week", "weeks", "retention.f2_hazard.fade_week"),
    Measure("retention.f2_hazard.week.{week}", "share", "retention.f2_hazard.week"),
    Measure("retention.f2_at_risk.{day}", "count", "retention.f2_at_risk"),
    Measure("retention.f2_converted.{day}", "share", "retention.f2_km"),
    Measure("retention.f2_trend.window", "days", "retention.f2_trend.window"),
    Measure("retention.f2_trend.from", "label", "retention.f2_trend.from"),
    Measure("retention.f2_trend.difference", "points", "retention.f2_trend.difference"),
    Measure("retention.f2_trend.yen", "money", "retention.f2_trend.yen"),
    Measure("retention.f2_trend.{half}", "share", "retention.f2_trend.half"),
)


def enter(book: Ledger, matrix: CohortRetention, second: SecondPurchase, trend: F2Trend) -> None:
    """Cohorts, F2, days, hazard and trend.

    Args:
        book: The ledger.
        matrix: Monthly cohorts; the months of the page, or its quarters, are entered as well.
        second: F2 with its curve, quantiles and hazard.
        trend: Earlier against later months.
    """
    book.add("retention.customers", second.curve.n)
    book.add("retention.period.from", matrix.cohorts[0] if matrix.cohorts else None, why=reason(matrix.why))
    book.add("retention.period.to", matrix.as_of.isoformat())
    _cohorts(book, matrix)
    _f2(book, second)
    _days(book, second)
    _hazard(book, second.hazard, second.why)
    _trend(book, trend)


def _cohorts(book: Ledger, matrix: CohortRetention) -> None:
    page = fit_to_page(matrix)
    test = homogeneity(matrix)
    book.add("retention.cohort.count", len(matrix.cohorts))
    book.add("retention.cohort.left_out", page.left_out)
    book.add("retention.cohort.test_p", test.p, why=reason(test.why), n=test.n)
    periods = range(1, min(matrix.periods, PAGE_PERIODS) + 1)
    means = {period: matrix.mean(period) for period in periods}
    last = _last_period(means, int(matrix.sizes.sum()))
    book.add("retention.cohort.last_period", last or None, why="" if last else reason("too_young"))
    book.add("retention.cohort_state", _state(matrix, test, last))
    if last:
        estimate(book, "retention.cohort.mean_last", means[last])
    for period, mean in means.items():
        estimate(book, f"retention.cohort.mean.{period}", mean)
    for shown in (matrix, page) if page.step == "quarter" else (matrix,):
        _cells(book, shown)


def _last_period(means: Mapping[int, Estimate], customers: int) -> int:
    """The month that the page quotes: the longest, up to 12, that cohorts with half of the customers have completed."""
    shown = [period for period, mean in means.items() if not mean.why]
    broad = [period for period in shown if period <= YEAR_PERIODS and 2 * means[period].n >= customers]
    return max(broad, default=min(shown, default=0))


def _state(matrix: CohortRetention, test: HomogeneityTest, last: int) -> str:
    """Which text fits the cohort page."""
    if matrix.why or last <= 1:
        return matrix.why or ("young" if last else "too_few")
    return "untested" if test.why else "different" if test.p < 1 - LEVEL else "alike"


def _cells(book: Ledger, matrix: CohortRetention) -> None:
    for row, cohort in enumerate(matrix.cohorts):
        book.add(f"retention.cohort.{cohort}.n", int(matrix.sizes[row]))
        for period in range(1, min(matrix.periods, PAGE_PERIODS) + 1):
            estimate(book, f"retention.cohort.{cohort}.{period}", matrix.cell(row, period))


def _f2(book: Ledger, second: SecondPurchase) -> None:
    book.add(
        "retention.f2_state", second.why or ("quarter" if second.last_window == min(second.matured) else "observable")
    )
    for days, share in second.matured.items():
        estimate(book, f"retention.f2_rate.{days}d", share)
        estimate(book, f"retention.f2_km.{days}d", second.curve_at[days])
    estimate(book, "retention.f2_naive", second.naive)
    longest = second.last_window
    book.add("retention.f2_window.longest", longest or None, why="" if longest else reason("too_young"))
    if longest:
        estimate(book, "retention.f2_km.longest", second.curve_at[longest])
    for day in RISK_DAYS:
        if day <= second.curve.horizon:
            book.add(f"retention.f2_at_risk.{day}", second.curve.at_risk_on(day))
            estimate(book, f"retention.f2_converted.{day}", second.curve.converted(day))


def _days(book: Ledger, second: SecondPurchase) -> None:
    for name, day in second.quantiles.items():
        estimate(book, f"retention.f2_days.{name}", day)
    estimate(book, "retention.f2_days.half_of_converters", second.half_of_converters)


def _hazard(book: Ledger, hazard: WeeklyHazard, why: str) -> None:
    peak = hazard.peak_week
    why = "" if peak else reason(why or "too_young")
    book.add("retention.f2_hazard.peak_week", peak or None, why=why)
    book.add("retention.f2_hazard.contact_day", hazard.contact_day or None, why=why)
    if peak:
        estimate(book, "retention.f2_hazard.peak_rate", hazard.week(peak))
        estimate(book, "retention.f2_hazard.peak_share", hazard.converted_by_peak)
    fade = hazard.fade_week
    book.add("retention.f2_hazard.fade_week", fade or None, why="" if fade else why or reason("not_reached"))
    for week in range(1, min(len(hazard.rate), SHOWN_WEEKS) + 1):
        if hazard.exposed[week - 1] > 0:
            estimate(book, f"retention.f2_hazard.week.{week}", hazard.week(week))


def _trend(book: Ledger, trend: F2Trend) -> None:
    why = reason(trend.difference.why)
    book.add("retention.f2_trend.window", None if why else trend.window, why=why)
    book.add("retention.f2_trend.from", trend.first_later or None, why=why)
    estimate(book, "retention.f2_trend.earlier", trend.earlier)
    estimate(book, "retention.f2_trend.later", trend.later)
    estimate(book, "retention.f2_trend.difference", as_displayed(trend))


def as_displayed(trend: F2Trend) -> Estimate:
    """The difference of the two shares as the reader sees them; the interval is that of the exact difference."""
    if trend.difference.why:
        return trend.difference
    return replace(trend.difference, value=_displayed(trend.later.value) - _displayed(trend.earlier.value))


def _displayed(share: float) -> float:
    """A share as it is printed, 41.2 %."""
    return round(share, 3)
