"""edit.yaml: read strictly, every problem at once."""

import re

import pytest

from crmlib import edit
from crmlib.errors import ConfigError


def load(folder, text):
    (folder / "edit.yaml").write_text(text, "utf-8")
    return edit.load(folder)


def test_no_file_is_no_edit(tmp_path):
    assert edit.load(tmp_path) == edit.Edit()


def test_everything_that_may_be_said(tmp_path):
    made = load(
        tmp_path,
        """
title: {ja: 題, en: Title}
order: [retention.f2]
drop: [ltv.pareto]
pages:
  retention.f2:
    title: {ja: "F2は{retention.f2_km.90d:pct}", en: "F2 is {retention.f2_km.90d:pct}"}
    note: {ja: 注, en: note}
firm: {name: {ja: 社, en: Firm}, colour: "#7a1f5c", disclaimer: {ja: 免責, en: Disclaimer}}
""",
    )
    assert (made.order, made.drop, made.firm.colour) == (("retention.f2",), ("ltv.pareto",), "#7A1F5C")
    assert made.pages["retention.f2"].note.en == "note"


def test_every_problem_is_named_with_its_line(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, "ordr: [a]\nfirm: {colour: blue}\npages:\n  x: {title: {ja: a}}\n")
    text = str(caught.value)
    assert "edit.yaml line 1: 'ordr' is not a setting\n  Hint: Did you mean 'order'?" in text
    assert "edit.yaml line 2: firm.colour: 'blue' is not a colour, written #RRGGBB" in text
    assert "edit.yaml line 4: 'pages.x.title.en' is missing" in text


def test_a_pale_colour_cannot_be_read_on_white(tmp_path):
    with pytest.raises(
        ConfigError, match=re.escape("'#FFEE00' is too pale to be read on white (contrast 1.2, at least 4.5)")
    ):
        load(tmp_path, 'firm: {colour: "#FFEE00"}')


def test_pages_must_exist_and_stand_once():
    made = edit.Edit(order=("a.b", "a.b"), drop=("a.c", "a.b"))
    with pytest.raises(ConfigError) as caught:
        edit.check(made, ["a.b", "a.d"])
    assert "there is no page 'a.c'" in str(caught.value)
    assert "page 'a.b' is named twice" in str(caught.value)


@pytest.mark.parametrize("content", [None, b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"0" * 600_000])
def test_a_logo_is_a_png_of_moderate_size(tmp_path, content):
    if content is not None:
        (tmp_path / "logo.png").write_bytes(content)
    with pytest.raises(ConfigError, match=r"'logo\.png' is not a PNG file of at most 500 kB in the client's folder"):
        edit.logo(edit.Edit(firm=edit.Firm(logo="logo.png")), tmp_path)


def test_a_logo_stays_inside_the_folder(tmp_path):
    with pytest.raises(ConfigError, match="not a path inside the client's folder"):
        load(tmp_path, "firm: {logo: ../secret.png}")
