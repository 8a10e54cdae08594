from __future__ import annotations

import copy
import io
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from crmlib import deck
from crmlib.deck import Collected, body, build, glyphs, grid, lines, pages, tables
from crmlib.errors import DataError
from crmlib.lettering import GETA
from crmlib.numbers.model import Ledger, Number
from crmlib.text import Words

from . import samples


def one(parts: Collected, slide: int, change: Any) -> Collected:
    slides = copy.deepcopy(list(parts.slides))
    change(slides[slide])
    return replace(parts, slides=tuple(slides))


def test_pages_are_numbered_through_and_listed(parts: Collected) -> None:
    deck = pages.deck(parts, "en")
    assert [front["kind"] for front in deck["fronts"]] == ["summary", "contents"]
    assert [s["page"] for s in deck["slides"]] == list(range(4, 4 + len(deck["slides"])))
    summary, contents = deck["fronts"]
    assert [" ".join(row["lines"]) for row in summary["rows"]] == [
        s["title"] for s in deck["slides"] if not s["appendix"]
    ]
    listed = " ".join(line for row in contents["rows"] for line in row["lines"])
    for s in deck["slides"]:
        assert s["part"] > 1 or f"{s['topic']} {s['page']}" in listed
    assert [row["page"] for row in contents["rows"]] == [
        next(s["page"] for s in deck["slides"] if s["section"] == name) for name in deck["sections"]
    ]


def test_definitions_continue_on_further_pages(parts: Collected) -> None:
    shown = [s for s in pages.deck(parts, "ja")["slides"] if s["id"] == "ltv.definitions"]
    assert len(shown) > 1
    assert sum(len(s["main"]["rows"]) for s in shown) == 24
    assert len({s["anchor"] for s in shown}) == len(shown)
    assert all(s["main"]["height"] <= s["bottom"] - grid.BODY_TOP for s in shown)


def test_long_summary_continues_on_a_second_page(parts: Collected) -> None:
    many = []
    for i in range(24):
        slide = copy.deepcopy(dict(parts.slides[0]))
        slide["id"] = f"data.rows{chr(97 + i)}"
        many.append(slide)
    deck = pages.deck(replace(parts, slides=tuple(many)), "en")
    assert [front["kind"] for front in deck["fronts"]] == ["summary", "summary", "contents"]
    assert deck["slides"][0]["page"] == 5
    assert len({front["anchor"] for front in deck["fronts"]}) == 3


def test_few_points_are_set_larger_than_many(parts: Collected) -> None:
    def more(slide: dict[str, Any]) -> None:
        slide["texts"]["en"]["points"] *= 4

    usual = pages.deck(parts, "en")["slides"][2]["panel"]["size"]
    assert usual == grid.POINT_SIZES[0]
    crowded = pages.deck(one(parts, 2, more), "en")["slides"][2]["panel"]["size"]
    assert 10.5 <= crowded < usual


def test_overfull_panel_names_the_slide(parts: Collected) -> None:
    def much(slide: dict[str, Any]) -> None:
        slide["texts"]["ja"]["points"] *= 9

    with pytest.raises(DataError, match=r"^slide retention\.f2 \(ja\): the right panel is \d+ pt high, \d+ pt fit$"):
        build.deck(one(parts, 1, much), "ja")


def test_overfull_bar_names_the_slide(parts: Collected) -> None:
    def much(slide: dict[str, Any]) -> None:
        slide["texts"]["en"]["points"] *= 6

    with pytest.raises(DataError, match=r"^slide ltv\.wide \(en\): the chart is 888 x 284 pt, 888 x \d+ pt fit$"):
        build.deck(one(parts, 4, much), "en")


def test_wide_chart_beside_a_panel_names_the_slide(parts: Collected) -> None:
    def wide(slide: dict[str, Any]) -> None:
        slide["exhibits"]["ja"][0]["width"] = 9.0

    with pytest.raises(DataError, match=r"^slide retention\.f2 \(ja\): the chart is 648 x 328 pt, 580 x \d+ pt fit$"):
        build.deck(one(parts, 1, wide), "ja")


def test_high_table_names_the_slide(parts: Collected) -> None:
    def high(slide: dict[str, Any]) -> None:
        slide["exhibits"]["ja"][0]["rows"] *= 12

    with pytest.raises(DataError, match=r"^slide ltv\.table \(ja\): the table is \d+ pt high, \d+ pt fit$"):
        build.deck(one(parts, 3, high), "ja")


def test_a_table_that_stands_whole_elsewhere_loses_its_last_rows(parts: Collected) -> None:
    [slide] = [
        one for one in parts.slides if one["exhibits"]["en"][0]["kind"] == "table" and one["section"] != "appendix"
    ][:1]
    exhibit = slide["exhibits"]["en"][0]
    many = {**exhibit, "rows": exhibit["rows"] * 40, "cut": True}
    for section in (slide["section"], "appendix"):
        [page] = body.pages({**slide, "section": section, "exhibits": {"en": [many]}}, Words("en"))
        assert 0 < len(page["main"]["rows"]) < len(many["rows"])
    whole = body.pages({**slide, "section": "appendix", "exhibits": {"en": [many | {"cut": False}]}}, Words("en"))
    assert sum(len(page["main"]["rows"]) for page in whole) == len(many["rows"])


def test_long_title_names_the_slide(parts: Collected) -> None:
    def long(slide: dict[str, Any]) -> None:
        slide["texts"]["en"]["title"] *= 3

    with pytest.raises(DataError, match=r"^slide data\.rows \(en\): the title needs more than two lines: Of 6,919"):
        build.deck(one(parts, 0, long), "en")


@pytest.mark.parametrize(
    ("character", "named"),
    [("😀", "U\\+1F600 GRINNING FACE"), ("م", "U\\+0645 ARABIC"), ("\u202e", "U\\+202E RIGHT-TO-LEFT")],
)
def test_missing_glyph_names_slide_and_character(parts: Collected, character: str, named: str) -> None:
    def spoil(slide: dict[str, Any]) -> None:
        slide["exhibits"]["ja"][0]["rows"][0][0] = f"受領{character}"

    with pytest.raises(DataError, match=rf"^slide data\.rows \(ja\): the bundled font has no {named}"):
        build.deck(one(parts, 0, spoil), "ja")


def test_missing_glyph_in_a_chart_and_on_the_cover(parts: Collected) -> None:
    def spoil(slide: dict[str, Any]) -> None:
        slide["exhibits"]["ja"][0]["svg"] = slide["exhibits"]["ja"][0]["svg"].replace("観察", "😀")

    with pytest.raises(DataError, match=r"^slide retention\.f2 \(ja\): the bundled font has no U\+1F600"):
        build.deck(one(parts, 1, spoil), "ja")
    cover = build.deck(replace(parts, meta={"client": "A😀\u202e\x07", "as_of": ""}), "ja")["meta"]
    assert cover["client"] == f"A{GETA}"


def test_very_long_client_name_is_wrapped_and_shortened(parts: Collected) -> None:
    deck = pages.deck(replace(parts, meta={"client": "とても長い名前の株式会社" * 12, "as_of": ""}), "ja")
    glyphs.check(deck)
    assert len(deck["meta"]["client_lines"]) > 1
    assert deck["meta"]["client_short"].endswith("…")


def test_narrow_columns_keep_their_width_when_a_table_is_squeezed() -> None:
    table = {"columns": ["Id", "Text"], "rows": [["a", "word " * 60]], "highlight": [], "widths": [], "left": 2}
    shown = tables.laid_out(table, "en", 300, (11, 4))
    assert sum(shown["widths"]) == pytest.approx(300)
    assert shown["widths"][0] < 40
    assert len(shown["rows"][0]["cells"][1]) > 3


def test_table_fills_the_width_in_proportion_to_its_cells() -> None:
    table = {"columns": ["Id", "n"], "rows": [["aaaaaaaa", "1"]], "highlight": [0], "widths": [], "left": 1}
    shown = tables.laid_out(table, "en", 400, (11, 4))
    assert sum(shown["widths"]) == pytest.approx(400)
    assert shown["widths"][0] > 2 * shown["widths"][1]
    assert shown["align"] == ["left", "right"]
    assert shown["rows"][0]["highlight"]


def test_given_widths_share_what_the_narrow_columns_leave() -> None:
    cell = "word " * 40
    table = {"columns": ["Id", "A", "B"], "rows": [["a", cell, cell]], "highlight": [], "widths": [9, 1, 3], "left": 3}
    narrow, one, three = tables.laid_out(table, "en", 400, (11, 4))["widths"]
    assert narrow < 30
    assert three == pytest.approx(3 * one)
    assert narrow + one + three == pytest.approx(400)


def test_sample_titles_fit_the_grid(parts: Collected) -> None:
    for language in ("ja", "en"):
        for slide in pages.deck(parts, language)["slides"]:
            assert all(lines.width(t, grid.TITLE_SIZE, bold=True) <= grid.TITLE_WIDTH for t in slide["title_lines"])
    assert samples.META["as_of"] in pages.deck(parts, "en")["meta"]["date"]


def judged(parts: Collected, verdict: str) -> Collected:
    ledger = Ledger((), parts.ledger.currency, dict(parts.ledger.numbers))
    ledger.numbers["intake.tie_out.verdict"] = Number(verdict, "label")
    return replace(parts, ledger=ledger)


def test_every_page_that_speaks_of_money_is_stamped_when_the_books_differ(parts: Collected) -> None:
    laid_out = pages.deck(judged(parts, "beyond"), "ja")
    stamped = {page["id"] for page in laid_out["slides"] if page["stamp"].startswith("要確認")}
    assert stamped == {slide["id"] for slide in parts.slides if slide["money"]}
    assert 0 < len(stamped) < len(laid_out["slides"])
    assert [bool(page["stamp"]) for page in laid_out["fronts"]] == [True, False]


@pytest.mark.parametrize("verdict", ["tied", "absent", ""])
def test_nothing_is_stamped_when_they_do_not(parts: Collected, verdict: str) -> None:
    laid_out = pages.deck(judged(parts, verdict) if verdict else parts, "en")
    assert not any(page["stamp"] for page in [*laid_out["slides"], *laid_out["fronts"]])


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_the_stamp_is_printed(parts: Collected, form: str) -> None:
    checked = judged(parts, "beyond")
    made, laid_out = deck.render(checked, "en", form), pages.deck(checked, "en")
    text = (
        "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages) if form == "pdf" else made.decode()
    )
    stamped = [page for page in [*laid_out["slides"], *laid_out["fronts"]] if page["stamp"]]
    assert text.count("Needs checking") == len(stamped) > 1


@pytest.mark.parametrize(
    ("heights", "height", "expected"),
    [
        ([20] * 13, 280, [13]),
        ([20] * 14, 280, [7, 7]),
        ([20] * 40, 280, [10, 10, 10, 10]),
        ([100, 20, 20, 20, 100], 220, [3, 2]),
        ([300, 20, 20], 220, [1, 2]),  # a row higher than a page has one to itself
        ([], 280, [0]),
    ],
)
def test_a_table_of_several_pages_fills_them_about_equally(heights, height, expected):
    table = {"header": {"height": 20}, "rows": [{"height": one} for one in heights]}
    cut = tables.pages(table, height)
    assert [len(part["rows"]) for part in cut] == expected
    assert [row for part in cut for row in part["rows"]] == table["rows"]
    assert all(part["height"] <= height or len(part["rows"]) == 1 for part in cut)
