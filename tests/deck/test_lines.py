from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.deck import lines
from crmlib.errors import DataError
from crmlib.lettering import has_glyph

JAPANESE = (
    "新規顧客の41.2%は90日以内に2回目を購入する（95 %信頼区間 40.1–42.3%、n = 2,357）ため、最初の90日が勝負である。"
)
ENGLISH = (
    "Only 41.2% of new customers buy again within 90 days (95 % CI 40.1–42.3%; n = 2,357), so act in the first 90 days"
)


def test_phrases_join_to_the_text() -> None:
    assert "".join(lines.phrases(JAPANESE, "ja")) == JAPANESE
    assert "".join(lines.phrases(ENGLISH, "en")).replace("\N{NO-BREAK SPACE}", " ") == ENGLISH


def test_japanese_compound_is_not_split() -> None:
    assert not any(phrase.endswith("購") for phrase in lines.phrases("検証期間の購買回数4,339件に対し", "ja"))


def test_english_number_stays_with_its_sign_and_unit() -> None:
    pieces = [p.strip() for p in lines.phrases("n = 1,234 within 90 days (95 % CI 40.1)", "en")]
    assert pieces == [
        p.replace("_", "\N{NO-BREAK SPACE}") for p in ("n_=_1,234", "within", "90_days", "(95_%_CI_40.1)")
    ]


def test_width_is_the_sum_of_the_font_advances() -> None:
    assert lines.width("あ" * 38, 22) == pytest.approx(38 * 22)
    assert lines.width("11", 10) == lines.width("90", 10)  # tabular figures


@given(st.text(alphabet="あ漢カA1 、。（）「」ー%", min_size=1, max_size=120), st.sampled_from([60.0, 120.0, 246.0]))
@settings(max_examples=60)
def test_wrapping_keeps_each_character_and_the_width_and_kinsoku(text: str, limit: float) -> None:
    wrapped = lines.wrapped(text, "ja", limit, 12)
    assert "".join(wrapped).replace(" ", "") == text.replace(" ", "")
    for line in wrapped[1:]:
        assert line[0] not in "、。）」" or wrapped[0][0] in "、。）」"


def test_wrapped_lines_fit_and_leave_no_orphan() -> None:
    for text, language in ((JAPANESE, "ja"), (ENGLISH, "en")):
        wrapped = lines.wrapped(text, language, 246, 13)
        assert all(lines.width(line, 13) <= 246 for line in wrapped)
        assert lines.width(wrapped[-1], 13) > 246 / 4


def test_closing_mark_does_not_begin_a_line() -> None:
    wrapped = lines.wrapped("あ" * 20 + "。" + "い" * 20, "ja", 20 * 12 / lines.SPARE, 12)
    assert [line[0] for line in wrapped[1:]] != ["。"]
    assert not any(line.startswith("。") for line in wrapped)


def test_title_is_one_line_or_two_even_ones() -> None:
    assert lines.title("短い題名", "ja", "x", limit=836, size=22) == ["短い題名"]
    first, second = lines.title(ENGLISH, "en", "x", limit=836, size=22)
    assert first + " " + second == ENGLISH
    assert all(lines.width(line, 22, bold=True) <= 836 for line in (first, second))


def test_title_over_two_lines_names_the_slide() -> None:
    with pytest.raises(DataError, match=r"^slide retention\.f2 \(ja\): the title needs more than two lines: 新規"):
        lines.title(JAPANESE * 2, "ja", "retention.f2", limit=836, size=22)


def test_shortened_label_ends_with_an_ellipsis() -> None:
    short = lines.shortened("とても長い会社の名前" * 10, 200, 9)
    assert short.endswith("…")
    assert lines.width(short, 9) <= 200


@pytest.mark.parametrize("character", ["\N{RIGHT-TO-LEFT OVERRIDE}", "😀", "م", "\0"])
def test_font_lacks_what_cannot_be_printed(character: str) -> None:
    assert not has_glyph(character)


def test_font_has_rare_names() -> None:
    assert all(map(has_glyph, "𠮷髙﨑①㈱ é"))


def test_a_number_of_months_stays_on_one_line():
    assert "12か月後に" in lines.phrases("6.0%が12か月後に購入し、差がある", "ja")
