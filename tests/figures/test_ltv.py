"""What the lifetime-value charts and tables show; that no label is cut; that a chart without data says why."""

import pytest
from matplotlib.text import Text

from crmlib.deck.slide import Exhibit, Slide
from crmlib.figures import export
from crmlib.figures import ltv as figures
from crmlib.figures.ltv.tracking import spread
from crmlib.ltv import concentration
from crmlib.numbers import ltv as numbers
from crmlib.text import Words
from tests.made_up_ltv import client, results, study

LANGUAGES = ("ja", "en")
KINDS = ("usual", "once", "constant", "nobody")


def labels(figure):
    figure.draw_without_rendering()
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def charts(kind):
    _, _, race, worth = results(kind=kind)
    return (
        (figures.tracking, race), (figures.calibration, race), (figures.pareto, worth),
        (figures.alive, worth, "JPY"), (figures.clv, worth, "JPY"),
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_label_is_cut_off(kind, language):
    for draw, *data in charts(kind):
        assert export.clipped(draw(*data, words=Words(language))) == []


def test_without_a_fit_every_chart_says_why():
    for draw, *data in charts("once"):
        assert labels(draw(*data, words=Words("en"))) == [Words("en").fill("why.ltv.no_repeat")]


def test_constant_amounts_leave_the_race_and_take_the_value():
    shown = [labels(draw(*data, words=Words("en"))) for draw, *data in charts("constant")]
    assert "Actual" in shown[1]
    assert shown[2] == shown[4] == [Words("en").fill("why.ltv.constant_amounts")]


def test_tracking_prints_the_three_totals():
    words, race = Words("en"), results()[2]
    shown = labels(figures.tracking(race, words=words))
    for name, total in zip(("Actual", "Model", "Naive"), race.tracked, strict=True):
        assert f"{name}\n{words.number(total, 'int')}" in shown


def test_calibration_prints_every_group_as_a_table():
    words, groups = Words("en"), results()[2].by_frequency
    shown = labels(figures.calibration(results()[2], words=words))
    for series in (groups.actual, groups.predicted, groups.naive):
        assert {words.number(float(value), "dec2") for value in series} <= set(shown)
    assert {"Actual", "Model", "Naive", "Customers", "7+"} <= set(shown)


def test_pareto_calls_out_the_top_fifth():
    words, worth = Words("en"), results()[3]
    shares = concentration.by_decile(worth)
    top = words.number(float(shares[:2].sum()), "pct")
    assert f"The top 20% of customers\nhold {top} of future value" in labels(figures.pareto(worth, words=words))


def test_alive_prints_customers_and_shares():
    words, worth = Words("en"), results()[3]
    table = concentration.alive_by_value(worth)
    shown = labels(figures.alive(worth, "JPY", words=words))
    for share, customers in zip(table.share.ravel(), table.customers.ravel(), strict=True):
        if customers >= concentration.SMALL_GROUP:
            assert f"{words.number(float(share), 'pct')} of value" in shown
            assert words.number(round(customers), "int") in shown


def test_clv_prints_means_intervals_and_medians():
    words, worth = Words("en"), results()[3]
    shown = labels(figures.clv(worth, "JPY", words=words))
    for at in worth.horizons:
        assert f"Mean\n{words.money(at.mean.value, 'JPY')}" in shown
        assert f"Median\n{words.money(at.median.value, 'JPY')}" in shown
        assert "–".join(words.money(end, "JPY") for end in (at.mean.lower, at.mean.upper)) in shown


def test_tables_by_hand():
    words, (model, _, race, worth) = Words("en"), results()
    first, second = figures.race_table(race, words).rows[:2]
    assert first[1:] == [words.number(total, "int") for total in race.tracked]
    assert second[2] == words.number(round(race.tracked[1]) / race.tracked[0] - 1, "spct_sign")
    assert [row[0] for row in figures.verdict_table(race, words).rows] == ["Ranking", "Total", "Individual"]
    assert figures.clv_table(worth, "JPY", words).rows[0][1] == words.money(worth.horizons[0].total.value, "JPY")
    assert [row[0] for row in figures.protect_table(study().protect, "JPY", words).rows][:2] == ["Late", "Silent"]
    parameters = figures.parameter_table(study(), words).rows
    assert [row[1] for row in parameters][:2] == ["r", "alpha"]
    assert parameters[1][3] == words.number(model.alpha, "dec3")
    assert sum(row[1] == "Log-likelihood" for row in parameters) == len(study().fitted)


def test_an_unknown_interval_is_one_dash():
    assert figures.parameter_table(study(kind="once"), Words("en")).rows[0][3:] == ["–", "–"]


def test_labels_are_moved_apart_and_stay_in_order():
    assert spread([0.2, 0.21, 0.22], 0.1) == pytest.approx([0.11, 0.21, 0.31])
    assert spread([0.9, 0.1], 0.1) == [0.9, 0.1]


@pytest.mark.parametrize(
    ("kind", "begun"), [*((kind, "margin") for kind in KINDS), ("usual", "sales"), ("usual", "nothing")]
)
def test_every_slide_can_be_made(kind, begun):
    """Texts of the variant exist, placeholders are in the ledger, charts fit."""
    made = study(kind=kind, begun=begun)
    ledger = numbers.ledger(made, client() if begun == "margin" else client(margin_rate=None))
    found = figures.pages(made, ledger)
    assert [page.id for page in found][:4] == ["ltv.entry", "ltv.payback", "ltv.alive", "ltv.sheet"]
    for page in found:
        slide = Slide(page.id, ledger, *[Exhibit(draw, *data) for draw, data in page.exhibits], **page.options)
        for language in LANGUAGES:
            assert slide.payload["texts"][language]["title"]
            assert slide.payload["texts"][language]["points"]


def test_entry_prints_means_and_probabilities():
    words, begun = Words("en"), study().begun
    shown = labels(figures.entry(begun, "JPY", words=words))
    for one in begun.entries.entries:
        assert words.money(one.shrunk.value, "JPY") in shown
        assert words.number(one.p_best, "pct0") in shown
    assert {"A", "B", "C"} <= set(shown)


def test_payback_names_the_costs_and_the_month():
    words, begun = Words("en"), study().begun
    whole = begun.media[-1]
    shown = labels(figures.payback(begun, "JPY", words=words))
    assert f"Cost per order\n{words.money(whole.cpo, 'JPY')}" in shown
    assert f"paid back after {words.number(whole.payback.value, 'dec1')} months" in shown
    rows = figures.media_table(begun, "JPY", words).rows
    assert [row[0] for row in rows] == ["leaflet", "web", "All"]


@pytest.mark.parametrize(("begun", "why"), [("sales", "ltv.no_margin_rate_payback"), ("nothing", "ltv.no_costs")])
def test_payback_says_what_is_missing(begun, why):
    words = Words("en")
    assert labels(figures.payback(study(begun=begun).begun, "JPY", words=words)) == [words.fill(f"why.{why}")]


def test_sheet_prints_years_and_ranks_and_marks_the_largest_lever():
    words, sheet = Words("en"), study().sheet
    shown = labels(figures.sheet(sheet, "JPY", words=words))
    assert {words.money(year.value, "JPY") for year in sheet.sales} <= set(shown)
    assert {"High", "Middle", "Low", "New, once", "Lapsed"} <= set(shown)
    table = figures.lever_table(sheet, "JPY", words)
    gains = [sheet.levers[lever].value for lever in ("f2", "retention", "order_value")]
    assert table.highlight == (gains.index(max(gains)),)


def test_the_race_shows_its_losers():
    shown = labels(figures.contenders(study().race, words=Words("en")))
    assert {"BG/NBD", "MBG/NBD", "Pareto/NBD", "NBD", "Own rate continues", "Cohort average"} <= set(shown)
