"""The data pages' charts and tables, read back."""

import itertools

from crmlib.figures import intake as figures
from crmlib.text import Words
from tests.made_up_intake import CLEAN, report, sales
from tests.numbers.test_intake import DIRTY

EN = Words("en")


def texts(figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def test_the_waterfall_shows_every_step_with_its_rows() -> None:
    drawn = texts(figures.ledger(report(DIRTY), EN))
    assert drawn[:2] == ["30", "Received"]
    assert drawn[-2:] == ["2", "Used"]
    assert drawn[2:6] == ["6", "Returned", "1", "Cancelled"]
    assert drawn[-4:-2] == ["3", "Other reasons"]


def test_bars_end_where_the_next_begins() -> None:
    axes = figures.ledger(report(DIRTY), EN).axes[0]
    bars = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in axes.patches]
    assert bars[0] == (0, 30)
    assert all(left == right for (left, _), (_, right) in itertools.pairwise(bars[1:-1]))
    assert bars[1][1] == bars[0][1]
    assert bars[-1] == (0, 2)


def test_nothing_left_out_is_shown_as_nothing() -> None:
    assert texts(figures.ledger(report(CLEAN), EN)) == ["6", "Received", "0", "Excluded", "0", "Set aside", "6", "Used"]


def test_the_books_get_exact_amounts() -> None:
    assert [row[2] for row in figures.ledger_table(report(CLEAN, "USD"), EN).rows] == [
        "12,345.00",
        "12,345.00",
        "0.00",
        "0.00",
    ]
    assert figures.sales_table(sales(), "JPY", EN).rows == [("2023", "102,000", "12"), ("2024", "3,000", "2")]


def test_the_highest_and_the_last_month_are_labelled() -> None:
    assert texts(figures.sales(sales(), "JPY", EN)) == ["¥14,000", "¥1,000\nnot over"]


def test_month_labels_never_crowd() -> None:
    for months in (1, 6, 15, 37, 100, 300):
        axes = figures.sales(sales(months), "JPY", EN).axes[0]
        assert 1 <= len(axes.get_xticks()) <= 12
