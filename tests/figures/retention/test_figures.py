"""What the retention charts and tables show; that no label is cut; that a chart without data says why."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from crmlib import retention
from crmlib.figures import export
from crmlib.figures import retention as figures
from crmlib.text import Words

LANGUAGES = ("ja", "en")
SIZES = [(3, 900, 0.01), (36, 3600, 0.01), (120, 2400, 0.01), (3, 900, 0.0), (1, 40, 0.01), (2, 200, 0.01)]


def labels(figure) -> list[str]:
    figure.draw_without_rendering()
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def charts(matrix, second):
    return ((figures.cohort, matrix), (figures.f2, second), (figures.f2_hazard, second))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_no_label_is_cut_off(results, size, language):
    matrix, second, _ = results(*size)
    for draw, data in charts(matrix, second):
        assert export.clipped(draw(data, words=Words(language))) == []


def test_heat_map_prints_sizes_shares_and_means(results):
    matrix, *_ = results(3, 900, 0.01)
    shown = labels(figures.cohort(matrix, words=Words("en")))
    assert {"2024-10", "2024-11", "2024-12", "300", "Weighted mean", "Not yet observable"} <= set(shown)
    for cell in (matrix.cell(0, 1), matrix.cell(1, 1), matrix.mean(1)):
        assert f"{cell.value * 100:.0f}" in shown


def test_immature_cells_are_hatched_and_empty(results):
    matrix, *_ = results(3, 900, 0.01)
    axes = figures.cohort(matrix, words=Words("en")).axes[0]
    hatched = [lines for lines in axes.collections if lines.get_label() == "immature"]
    assert len(hatched) == np.isnan(matrix.active).sum() + 1  # and the legend's
    for lines in hatched[:-1]:
        box = lines.get_datalim(axes.transData)
        assert [text for text in axes.texts if box.contains(*text.get_position())] == []


def test_many_months_become_quarters_and_the_chart_says_so(results):
    quarters = labels(figures.cohort(results(36, 3600, 0.01)[0], words=Words("en")))
    assert "Months combined to quarters" in quarters
    assert "2024-Q4" in quarters
    assert "2024-12" not in quarters
    assert "Quarters; 24 earlier ones not shown" in labels(
        figures.cohort(results(120, 2400, 0.01)[0], words=Words("en"))
    )


def test_small_groups_are_left_blank_with_a_legend(results):
    matrix, *_ = results(3, 12, 0.01)
    assert "Under 5 customers, not shown" in labels(figures.cohort(matrix, words=Words("en")))


def test_curve_marks_the_windows_and_names_the_rows_at_risk(results):
    _, second, _ = results(36, 3600, 0.01)
    shown = labels(figures.f2(second, words=Words("en")))
    assert {"At risk", "Converted", "3,600"} <= set(shown)
    for share in second.curve_at.values():
        assert f"{share.value * 100:.1f}%" in shown
    assert f"{second.curve.at_risk_on(90):,}" in shown


def test_curve_stands_on_zero_and_never_falls(results):
    _, second, _ = results(36, 3600, 0.01)
    axes = figures.f2(second, words=Words("en")).axes[0]
    line = max(axes.lines, key=lambda drawn: len(drawn.get_ydata()))
    assert axes.get_ylim()[0] == 0
    assert (np.diff(line.get_ydata()) >= 0).all()


def test_hazard_marks_its_peak(results):
    _, second, _ = results(36, 3600, 0.01)
    hazard = second.hazard
    shown = labels(figures.f2_hazard(second, words=Words("en")))
    assert f"Peak: week {hazard.peak_week}, {hazard.rate[hazard.peak_week - 1] * 100:.1f}%" in shown


def test_a_peak_in_the_second_half_year_is_drawn():
    """Nobody comes again for months, then nearly all in one week: the bars reach as far, and the label lies in the picture."""
    waits = [(238, True, 400), (239, True, 100), (365, False, 500), (60, True, 20)]
    second = retention.f2(pd.DataFrame([(400, *one) for one in waits], columns=["observed", "days", "event", "n"]))
    assert second.hazard.peak_week > 26
    axes = figures.f2_hazard(second, words=Words("en")).axes[0]
    (peak,) = [text for text in axes.texts if text.get_text().startswith("Peak")]
    assert axes.get_xlim()[1] > peak.xy[0] == second.hazard.peak_week
    assert export.clipped(axes.figure) == []


@pytest.mark.parametrize(
    ("language", "reason"), [("ja", "2回目の購入がまだない"), ("en", "There is no second purchase yet")]
)
def test_a_chart_without_data_says_why(results, language, reason):
    _, second, _ = results(3, 900, 0.0)
    for draw in (figures.f2, figures.f2_hazard):
        assert labels(draw(second, words=Words(language))) == [reason]


def test_one_day_of_data_says_that_the_period_is_too_short(results):
    matrix, second, _ = results(1, 40, 0.0)
    for draw, data in charts(matrix, second):
        assert labels(draw(data, words=Words("en"))) == ["The period of observation is too short"]


def test_tables_of_definitions_days_and_trend(results):
    _, second, trend = results(36, 3600, 0.01)
    words = Words("en")
    by_definition = figures.f2_table(second, words=words)
    shown = [f"{share.value * 100:.1f}%" for share in second.curve_at.values()]
    assert by_definition.columns == ["Definition", "90 d", "180 d", "365 d", "Ever"]
    assert by_definition.rows[0] == ("KM", *shown, "")
    assert by_definition.rows[1][1] == f"{second.matured[90].value * 100:.1f}%"
    assert by_definition.rows[2][1] == f"{second.matured[90].n:,}"
    assert by_definition.rows[3] == ("Simple ratio", "", "", "", f"{second.naive.value * 100:.1f}%")
    days = figures.f2_days_table(second, words=words)
    assert days.rows[0][1] == f"{second.quantiles['median'].value:.0f}"
    halves = figures.trend_table(trend, words=words)
    earlier, later, gap = (float(row[1].rstrip("%").replace("−", "-")) for row in halves.rows)
    assert round(later - earlier, 1) == gap  # the printed difference of the printed shares
    assert halves.columns[0] == "within 365 days"


def test_tables_without_data(results):
    _, second, trend = results(1, 40, 0.0)
    words = Words("en")
    assert figures.trend_table(trend, words=words).rows == [("No two periods to compare",)]
    assert figures.f2_days_table(second, words=words).rows[0] == ("50% of all", "not reached", "–")
    assert figures.f2_table(second, words=words).rows[0][1:3] == ("–", "–")


def test_a_day_whose_upper_limit_is_not_reached_has_an_open_end(results):
    _, second, _ = results(12, 240, 0.0022)
    median = second.quantiles["median"]
    assert median.lower < median.value
    assert np.isnan(median.upper)
    days = figures.f2_days_table(second, words=Words("en"))
    assert days.rows[0][2] == f"{median.lower:.0f} or more"
