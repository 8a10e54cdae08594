"""What a page's form must have, on made-up pages that lack it."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from crmlib.deck import Collected, grammar


def no_points(slide: dict[str, Any]) -> None:
    slide["texts"]["en"]["points"] = []


def no_sentence(slide: dict[str, Any]) -> None:
    slide["texts"]["en"]["title"] = "Retention 41.2%"


def kanji_only(slide: dict[str, Any]) -> None:
    slide["texts"]["ja"]["title"] = "再購入率41.2%"


def wrong_difference(slide: dict[str, Any]) -> None:
    slide["texts"]["ja"]["points"].append("27.4%から46.3%へ、+18.8ポイント")


def pale(slide: dict[str, Any]) -> None:
    exhibit = slide["exhibits"]["en"][0]
    exhibit["svg"] = re.sub(r"(<text [^>]*fill:) ?#[0-9a-fA-F]{6}", r"\1 #8c98a2", exhibit["svg"], count=1)
    assert "#8c98a2" in exhibit["svg"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (no_points, "slide retention.f2 (en): a page of the body without a so-what"),
        (no_sentence, "slide retention.f2 (en): the title is no sentence: Retention 41.2%"),
        (kanji_only, "slide retention.f2 (ja): the title is no sentence"),
        (wrong_difference, "slide retention.f2 (ja): 46.3 less 27.4 is not the displayed +18.8"),
        (pale, "can be read neither on white nor on a dark mark"),
    ],
)
def test_what_is_lacking_is_named(parts: Collected, spoil: Callable[[dict[str, Any]], None], said: str) -> None:
    assert grammar.problems(parts) == []
    slides = copy.deepcopy(list(parts.slides))
    spoil(next(slide for slide in slides if slide["id"] == "retention.f2"))
    [problem] = grammar.problems(replace(parts, slides=tuple(slides)))
    assert said in str(problem)


def test_white_on_a_dark_mark_and_ink_on_white_are_read() -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"><text style="fill: {}">a</text></svg>'
    assert [grammar.pale_labels(drawing.format(colour)) for colour in ("#ffffff", "#14212b", "#0b5c8c")] == [[], [], []]
    assert grammar.pale_labels(drawing.format("#a0a8b0")) == ["#a0a8b0"]
