"""The encoding ladder on short and long texts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.errors import DataError
from crmlib.intake import encoding

KANA = "".join(map(chr, range(0x3041, 0x3094))) + "アイウエオカキクケコヴ"
TEXTS = [
    "注文番号,会員ID,受注日\n1,田中,2024\n",
    "あいう",
    "㈱髙﨑①",
    "ﾔﾏﾀﾞ ﾀﾛｳ,1\nｻﾄｳ,2\n",
    "￥1,000",
    "id\n山田太郎\n",
    "abc\n",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "cp932"])
def test_what_was_written_is_read(text: str, codec: str) -> None:
    data = text.encode(codec)
    assert data.decode(encoding.decide(data)) == text


@pytest.mark.parametrize("text", TEXTS[:2] + TEXTS[4:5])
def test_euc_jp_is_named(text: str) -> None:
    with pytest.raises(DataError, match="is written in EUC-JP"):
        encoding.decide(text.encode("euc_jp", "ignore"))


def test_a_few_kanji_alone_are_a_tie_and_asked_for() -> None:
    with pytest.raises(DataError, match=r"can be read both as CP932 and as EUC-JP\n.*\n  Hint: If it is CP932, say"):
        encoding.decide("山田".encode("euc_jp"))
    assert encoding.decide("山田".encode("cp932"), "cp932") == "cp932"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("注文".encode("iso2022_jp"), "ISO-2022-JP"),
        ("café,Müller".encode("latin-1"), "neither UTF-8 nor CP932"),
        ("id\nGarçon réussi\n".encode("latin-1"), "line 2 has bytes that are neither"),
        ("Москва и Омск".encode("cp1251"), "neither UTF-8|EUC-JP"),
        (("あ" * 100).encode()[:-1] + b"\nx", "UTF-8 with damaged bytes from line 1 on"),
        (b"\xef\xbb\xbf" + "あ".encode("cp932"), "not valid UTF-8 from line 1 on"),
    ],
)
def test_refused_by_name_or_line(data: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        encoding.decide(data)


@settings(deadline=None)
@given(
    st.text(alphabet=KANA + "0123456789,\n注文番号会員商品金額", min_size=4, max_size=60).filter(
        lambda t: not t.isascii()
    )
)
def test_never_another_text(text: str) -> None:
    """Whatever is decided for CP932 and EUC-JP bytes, it is never a wrong reading."""
    assert text.encode("cp932").decode(encoding.decide(text.encode("cp932"), "cp932")) == text
    for codec in ("cp932", "euc_jp"):
        data = text.encode(codec)
        try:
            found = encoding.decide(data)
        except DataError:
            continue
        assert data.decode(found) == text


def test_bad_bytes_are_found_across_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "CHUNK", 5)
    data = "あいうえお".encode() + b"\xff"
    assert encoding.first_bad_byte(data, "utf-8") == 15
    assert encoding.first_bad_byte(data[:-1], "utf-8") is None
    assert encoding.first_bad_byte(data[:-2], "utf-8") == 12
