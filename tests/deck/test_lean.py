"""Figures made small draw what they drew."""

from __future__ import annotations

from typing import Any

import pytest

from crmlib.deck import lean, svg
from crmlib.errors import DataError

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'


def small(inner: str, figures: lean.Figures | None = None) -> str:
    return (figures or lean.Figures()).small(f"{HEAD}{inner}</svg>", "slide x")


def test_half_the_size_and_every_text(parts: Any) -> None:
    figures = lean.Figures()
    drawings = [one["svg"] for slide in parts.slides for one in slide["exhibits"]["ja"] if one["kind"] == "figure"]
    assert drawings
    made = [figures.small(text, "slide") for text in drawings]
    assert sum(map(len, made)) + len(figures.css) < 0.6 * sum(map(len, drawings))
    for before, after in zip(drawings, made, strict=True):
        again = after.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
        assert svg.texts(svg.checked(again, "small")) == svg.texts(svg.checked(before, "given"))


def test_styles_are_classes_once_and_the_page_s_font_is_not_repeated() -> None:
    figures = lean.Figures()
    style = "font-size: 9px; font-family: 'Noto Sans JP'; fill: #66727c"
    made = [small(f'<text style="{style}">a</text>', figures) for _ in range(2)]
    assert made[0] == made[1]
    assert '<text class="s0">a</text>' in made[0]
    assert figures.css == ".s0{font-size:9px;fill:#66727c}"


def test_a_style_that_could_leave_its_rule_stays_in_the_figure() -> None:
    figures = lean.Figures()
    assert 'style="fill: red} body{color: red"' in small('<path d="M0 0" style="fill: red} body{color: red"/>', figures)
    assert figures.css == ""


def test_ids_are_short_and_still_found() -> None:
    made = small(
        '<defs><clipPath id="long-name-1"><rect width="1.23456" height="2"/></clipPath><path id="mark" d="M 0 0 L 1 1"/></defs>'
        '<use xlink:href="#mark" clip-path="url(#long-name-1)" x="1.98765" y="2"/>'
    )
    assert '<clipPath id="f0"><rect width="1.23" height="2"/>' in made
    assert '<path id="f1" d="M0 0L1 1"/>' in made
    assert 'href="#f1"' in made
    assert 'clip-path="url(#f0)"' in made
    assert "xlink" not in made


def test_what_says_and_draws_nothing_goes() -> None:
    made = small(
        '<g><g id="a-xtick_1"><path d="M0 0" style="fill: none"/><text transform="rotate(-0 1 2)">a</text></g><g/></g>'
    )
    assert made.endswith('viewBox="0 0 9 9"><g data-tick=""><text>a</text></g></svg>')


def test_an_outline_without_filling_stays() -> None:
    assert 'd="M0 0"' in small('<path d="M0 0" style="fill: none; stroke: #000000"/>')


def test_what_is_not_drawing_is_refused() -> None:
    with pytest.raises(DataError, match="slide x: the figure holds <script>"):
        small("<script>1</script>")
