"""What the charts and tables of the base show; that no label is cut; that a chart without data says why."""

import datetime as dt
import functools

import pytest
from matplotlib.text import Text

from crmlib.figures import base as figures
from crmlib.figures import export
from crmlib.text import Words
from tests import made_up_base, simulated
from tests.made_up_base import orders_of

TODAY = dt.date(2024, 12, 31)
LANGUAGES = ("ja", "en")


@functools.cache
def parts(kind):
    if kind == "simulated":
        made = simulated.store(4_000, 1)
        return made_up_base.read(made.store, made.as_of)
    rows = {"nothing": [], "one": [(1, TODAY, 9)], "one day": [(who, TODAY, 900) for who in range(60)]}[kind]
    return made_up_base.read(made_up_base.store(orders=orders_of(*rows)), TODAY)


def charts(kind):
    whole, years, months, pipeline, goods = parts(kind)[0]
    return (
        (figures.mode, years), (figures.growth, years, "JPY"), (figures.pipeline, pipeline), (figures.concentration, whole),
        (figures.distribution, whole, "JPY"), (figures.cpm, months), (figures.control, months), (figures.entry, goods),
        (figures.ownership, goods),
    )  # fmt: skip


def tables(kind):
    whole, years, months, pipeline, goods = parts(kind)[0]
    return (
        (figures.lens_table, years, "JPY"), (figures.growth_table, years, "JPY"), (figures.pipeline_table, pipeline, "JPY"),
        (figures.loyalty_table, whole, "JPY"), (figures.typical_table, whole, "JPY"), (figures.class_table, whole, months, "JPY"),
        (figures.change_table, months, "JPY"), (figures.entry_table, goods, "JPY"), (figures.next_table, goods),
        (figures.rules_table, whole, "JPY"), (figures.cuts_table, whole, "JPY"), (figures.sets_table, whole),
    )  # fmt: skip


def labels(figure):
    figure.draw_without_rendering()
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["simulated", "nothing", "one", "one day"])
def test_no_label_is_cut_off_and_every_table_can_be_made(kind, language):
    words = Words(language)
    for draw, *data in charts(kind):
        figure = draw(*data, words=words)
        export.svg(figure)
        assert export.clipped(figure) == [], draw.__name__
    for make, *data in tables(kind):
        assert make(*data, words=words).rows


def test_charts_print_the_numbers_of_the_ledger():
    _, ledger = parts("simulated")
    words = Words("en")
    shown = {draw.__name__: labels(draw(*data, words=words)) for draw, *data in charts("simulated")}
    assert words.number(ledger["base.mode.rate"].value, "pct") in shown["mode"]
    assert words.money(ledger["base.growth.sales_this"].value, "JPY") in shown["growth"]
    assert "+" + words.money(ledger["base.growth.new"].value, "JPY") in shown["growth"]
    assert words.number(ledger["base.decile.1.share"].value, "pct") in shown["concentration"]
    assert words.number(ledger["base.pipeline.latent.reached"].value, "int") in shown["pipeline"]
    assert any(words.number(ledger["base.cpm.lapsed_first.share"].value, "pct") in text for text in shown["cpm"])


def test_the_waterfall_ends_where_this_year_does():
    (_, years, *_), _ = parts("simulated")
    axes = figures.growth(years, "JPY", words=Words("en")).axes[0]
    bars = axes.patches
    steps = [bar.get_height() for bar in bars[1:-1]]
    assert bars[0].get_height() + sum(steps) == pytest.approx(bars[-1].get_height())
    assert axes.get_ylim()[0] == 0


def test_a_chart_without_data_says_why():
    words = Words("en")
    for draw, *data in charts("nothing"):
        assert len(labels(draw(*data, words=words))) == 1, draw.__name__


def test_the_printed_rules_name_the_cuts():
    (whole, *_), _ = parts("simulated")
    rows = figures.rules_table(whole, "JPY", words=Words("en")).rows
    assert len(rows) == 10
    assert rows[4][1] == "Tenure from 210 days, total from ¥70,000; last purchase under 240 days ago"


def test_small_classes_hide_their_sales():
    (whole, _, months, *_), _ = parts("simulated")
    small = [name for name, size in whole.portfolio.customers.items() if 0 < size < 5]
    rows = dict(
        zip(whole.portfolio.customers, figures.class_table(whole, months, "JPY", words=Words("en")).rows, strict=True)
    )
    assert all(rows[name][3] == "–" for name in small)
