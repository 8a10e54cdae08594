from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from crmlib.deck import Collected, lint
from crmlib.errors import DataError
from crmlib.numbers.model import Number


def changed(parts: Collected, slide: int, change: Any) -> Collected:
    slides = copy.deepcopy(list(parts.slides))
    change(slides[slide])
    return replace(parts, slides=tuple(slides))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("41.2% of 2,357 customers; F2 by 1997-09-30", ["41.2", "2,357"]),
        ("1.2億円、3,450万円、12か月、1997年1月", ["1.2億", "3,450万", "12"]),
        ("¥34.5m, $83.2k, CN¥5.0, 12 months", ["34.5m", "83.2k", "5.0", "12"]),
        ("\N{MINUS SIGN}4.1% (+3.0, 95 % CI)", ["\N{MINUS SIGN}4.1", "3.0", "95"]),
        ("numpy 2.3.1, sha256 0123456789abcdef, March 1998, 1998", []),
        ("40.1–42.3% in weeks 1-12", ["40.1", "42.3", "1", "12"]),
        ("1,997 people", ["1,997"]),
    ],
)
def test_tokens(text: str, found: list[str]) -> None:
    assert lint.tokens(text) == found


def test_sample_passes(parts: Collected) -> None:
    lint.check(parts)


@pytest.mark.parametrize("place", ["title", "source", "definition", "yen", "notes"])
def test_unbound_number_in_a_text_is_named(parts: Collected, place: str) -> None:
    def spoil(slide: dict[str, Any]) -> None:
        slide["texts"]["en"][place] = "99.9% of 41.2%"

    with pytest.raises(DataError) as error:
        lint.check(changed(parts, 1, spoil))
    assert f"slide retention.f2 (en): '99.9' in the {place} is not a number of the ledger: 99.9% of 41.2%" in str(
        error.value
    )
    assert "'41.2'" not in str(error.value).replace("is not a number of the ledger: 99.9% of 41.2%", "")


def test_unbound_number_in_a_point_and_in_a_table(parts: Collected) -> None:
    def spoil(slide: dict[str, Any]) -> None:
        slide["texts"]["ja"]["points"][0] = "77.7%"
        slide["exhibits"]["ja"][0]["rows"][0][1] = "6,918"

    with pytest.raises(DataError) as error:
        lint.check(changed(parts, 0, spoil))
    assert "slide data.rows (ja): '77.7' in the points is not a number of the ledger: 77.7%" in str(error.value)
    assert "slide data.rows (ja): '6,918' in the table is not a number of the ledger: 6,918" in str(error.value)


def test_unbound_number_in_a_chart_label(parts: Collected) -> None:
    def spoil(slide: dict[str, Any]) -> None:
        exhibit = slide["exhibits"]["ja"][0]
        assert ">41.2%<" in exhibit["svg"]
        exhibit["svg"] = exhibit["svg"].replace(">41.2%<", ">41.9%<")

    with pytest.raises(
        DataError, match=r"slide retention\.f2 \(ja\): '41\.9' in the chart is not a number of the ledger"
    ):
        lint.check(changed(parts, 1, spoil))


def test_axis_ticks_need_no_number_in_the_ledger(parts: Collected) -> None:
    def spoil(slide: dict[str, Any]) -> None:
        for language in ("ja", "en"):
            exhibit = slide["exhibits"][language][0]
            assert ">350<" in exhibit["svg"]
            exhibit["svg"] = exhibit["svg"].replace(">350<", ">351<")

    lint.check(changed(parts, 1, spoil))


def test_number_in_one_language_only(parts: Collected) -> None:
    def spoil(slide: dict[str, Any]) -> None:
        slide["texts"]["en"]["points"].append("2,357 customers and 4,339 purchases")

    with pytest.raises(
        DataError, match=r"^slide retention\.f2: '4,339' \(count\.actual\) is shown in en but not in ja$"
    ):
        lint.check(changed(parts, 1, spoil))


def test_amounts_are_the_same_number_in_both_languages(parts: Collected) -> None:
    known = {language: lint.forms(parts.ledger, language) for language in ("ja", "en")}
    assert known["ja"]["3,450万"] == known["en"]["34.5m"] == {("ltv.point", "value")}


def test_title_needs_a_number(parts: Collected) -> None:
    def spoil(slide: dict[str, Any]) -> None:
        slide["texts"]["ja"]["title"] = "再購入は少ない"

    with pytest.raises(DataError, match=r"slide retention\.f2 \(ja\): the title holds no number"):
        lint.check(changed(parts, 1, spoil))


def test_sign_matters(parts: Collected) -> None:
    parts.ledger.numbers["x"] = Number(-0.041, "points")
    known = lint.forms(parts.ledger, "en")
    assert "\N{MINUS SIGN}4.1" in known
    assert "4.1" not in known


def test_a_digit_of_one_languages_template_is_not_compared(parts: Collected) -> None:
    def repeat(slide: dict[str, Any]) -> None:
        slide["texts"]["ja"]["points"].append("2回目の購入は2週目に最も多い")
        slide["texts"]["ja"]["literals"].append("2")  # of the template: 2回目
        slide["texts"]["en"]["points"].append("A second purchase is most likely in week 2")

    ledger = replace(parts.ledger, numbers={**parts.ledger.numbers, "count.two": Number(2, "count")})
    lint.check(replace(changed(parts, 1, repeat), ledger=ledger))
