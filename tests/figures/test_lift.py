"""Charts, tables and slides of campaigns: every state draws, nothing is clipped, every number is in the ledger."""

import datetime as dt
from types import SimpleNamespace

import pytest

from crmlib.deck import lint
from crmlib.deck.slide import Exhibit, Slide
from crmlib.figures import lift as charts
from crmlib.figures import style
from crmlib.figures.lift import forest
from crmlib.figures.lift.labels import level
from crmlib.figures.names import cut, width
from crmlib.figures.table import Table
from crmlib.numbers import lift as numbers
from crmlib.schema import LANGUAGES
from crmlib.text import Words
from tests.lift import made_up
from tests.summaries.test_lift import bought, store

PAGES = {
    "campaigns": charts.campaigns_table, "versions": charts.chronicle_table, "responders": charts.responders_table,
    "calls": charts.calls_table, "design": charts.design_table,
}  # fmt: skip


def nothing():
    return made_up.study_of(store(orders=bought(1, 2)), dt.date(2024, 12, 31))


@pytest.mark.parametrize("made", [made_up.big, made_up.small, nothing])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_draws_in_both_languages(page, made):
    study = made()
    ledger = numbers.ledger(study, "JPY")
    exhibits = Exhibit(getattr(charts, page), study), Exhibit(PAGES[page], study)
    state = ledger[f"lift.page.{page}"].value
    slide = Slide(f"lift.{page}", ledger, *exhibits, variant=state, labels=charts.labels(study))
    for language in ("ja", "en"):
        texts = slide.payload["texts"][language]
        assert texts["title"]
        assert texts["points"]
        assert texts["source"]
        assert slide.payload["exhibits"][language][0]["kind"] == "figure"
    known = {language: lint.forms(ledger, language) for language in LANGUAGES}
    assert [str(problem) for problem in lint._problems(slide.payload, known)] == []


def test_the_campaigns_table_sets_responses_beside_increments():
    table = charts.campaigns_table(made_up.big(), Words("ja"))
    assert isinstance(table, Table)
    row = next(row for row in table.rows if row[0] == "夏のDM A")
    assert int(row[1]) > int(row[2]) > 0
    assert len(table.highlight) == 1


@pytest.mark.parametrize(
    ("verdict", "lower", "upper", "colour"),
    [
        ("works", 0.01, 0.2, style.ACCENT),
        ("cannot_tell", 0.01, 0.2, style.GREY[4]),  # one interval of many: the verdict is that of all campaigns
        ("does_not", -0.2, -0.01, style.NEGATIVE),
        ("does_not", -0.2, 0.01, style.GREY[4]),
    ],
)
def test_a_campaign_has_the_colour_of_its_verdict(verdict, lower, upper, colour):
    ate = SimpleNamespace(lower=lower, upper=upper)
    assert forest._colour(SimpleNamespace(verdict=verdict, estimate=SimpleNamespace(ate=ate))) == colour


def test_a_name_that_is_too_long_is_cut_by_its_width():
    assert cut("春号のご案内と新商品", 10) == "春号のご…"
    assert width(cut("春号のご案内と新商品", 10)) <= 10
    assert cut("DM A", 10) == "DM A"


def test_bands_have_words_and_the_clients_own_groups_stay_his():
    words = Words("en")
    assert level("frequency", "3", words) == "3–4 purchases"
    assert level("segment", "frequency_3", words) == "frequency_3"
    assert level("rank", "ゴールド", words) == "ゴールド"
    assert level("rank", "none", words) == "None"
