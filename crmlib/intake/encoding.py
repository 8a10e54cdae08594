"""Which encoding a text file has, by a fixed ladder: byte order mark, strict UTF-8, escapes, CP932 against EUC-JP.

Detectors that guess from statistics misread short Japanese files, so the ladder takes only what decodes strictly and
reads plausibly, and refuses the rest. The codec is always cp932: shift_jis rejects ① ㈱ 髙 﨑.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from crmlib.errors import DataError, Problem
from crmlib.intake import kinds

CHUNK = 1 << 24
SAMPLE = 1 << 20  # bytes, from the first one that is not ASCII: enough to tell Japanese from noise
PLAUSIBLE = 0.45  # mean of a sample's non-ASCII characters (`_everyday`) from which it is Japanese
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J", b"\x1b(I", b"\x1b$(D")
HALF_WIDTH = re.compile("[\N{HALFWIDTH IDEOGRAPHIC FULL STOP}-\N{HALFWIDTH KATAKANA SEMI-VOICED SOUND MARK}]")
MISPLACED = re.compile("(?:^|[^ｦ-ﾝ])[ﾞﾟ]|[^ｳｶ-ﾄﾊ-ﾎ]ﾞ|[^ﾊ-ﾎ]ﾟ|(?:^|[^ｦ-ﾟ])[ｧ-ｯｰ]|[｡｢｣､･]")
LATIN_NEIGHBOUR = re.compile("[a-z][^\x00-\x7f](?![^\x00-\x7f])|(?<![^\x00-\x7f])[^\x00-\x7f][a-z]")
NON_ASCII = re.compile("[^\x00-\x7f]")


def decide(data: bytes, declared: str | None = None) -> str:
    """The codec of a file's bytes.

    Args:
        data: The whole file, decompressed.
        declared: What client.yaml says (`encoding:`); then only that is tried.

    Returns:
        One of utf-8, utf-8-sig, utf-16 (also -le, -be), cp932: a Python codec name that decodes all of `data`.

    Raises:
        DataError: another encoding (named when it is recognised), damaged bytes (with their line), or a tie.
    """
    marked = next((codec for mark, codec in MARKS if data.startswith(mark)), declared)
    if marked is None:
        return _by_ladder(data)
    codec = "utf-8-sig" if marked == "utf-8" and data.startswith(codecs.BOM_UTF8) else marked
    position = first_bad_byte(data, codec)
    if position is not None:
        raise _refused(f"is not valid {_shown(codec)} from line {_line(data, position):,} on")
    return codec


def _by_ladder(data: bytes) -> str:
    order = kinds.utf16_order(data)
    if order and first_bad_byte(data, order) is None:
        return order
    if any(escape in data for escape in ESCAPES):
        raise _refused("is written in ISO-2022-JP (JIS)")
    position = first_bad_byte(data, "utf-8")
    if position is None:
        return "utf-8"
    if _nearly_utf8(data[max(0, position - SAMPLE) : position + SAMPLE]):
        raise _refused(f"is UTF-8 with damaged bytes from line {_line(data, position):,} on")
    return _japanese(data, position)


def _japanese(data: bytes, start: int) -> str:
    begin = data.rfind(b"\n", 0, start) + 1
    sample = data[begin : begin + SAMPLE]
    scores = {codec: _plausibility(sample, codec) for codec in ("cp932", "euc_jp") if _decodes(data, codec)}
    good = [codec for codec, score in scores.items() if score >= PLAUSIBLE]
    if len(good) == 2:
        apart = scores["cp932"] - scores["euc_jp"]
        good = ["cp932"] if apart > 0.2 else ["euc_jp"] if apart < -0.2 else good
    if good == ["cp932"]:
        return "cp932"
    if good == ["euc_jp"]:
        raise _refused("is written in EUC-JP")
    if len(good) == 2:
        raise _refused("can be read both as CP932 and as EUC-JP", "If it is CP932, say encoding: cp932 in client.yaml.")
    bad = first_bad_byte(data, "cp932")
    if bad is not None and not scores and _plausibility(sample, "cp932") >= PLAUSIBLE > _plausibility(sample, "euc_jp"):
        raise _refused(f"is CP932 (Shift_JIS) with damaged bytes from line {_line(data, bad):,} on")
    raise _refused(f"is neither UTF-8 nor CP932 (Shift_JIS): line {_line(data, start):,} has bytes that are neither")


def _decodes(data: bytes, codec: str) -> bool:
    return first_bad_byte(data, codec) is None


def first_bad_byte(data: bytes, codec: str) -> int | None:
    """Position of the first byte that a codec cannot decode, or None; memory does not grow with the file."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    for offset in range(0, len(data), CHUNK):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(data[offset : offset + CHUNK], final=offset + CHUNK >= len(data))
        except UnicodeDecodeError as error:
            return max(0, offset - pending + error.start)
    return None


def _nearly_utf8(sample: bytes) -> bool:
    """Whether most of the non-ASCII characters are well-formed UTF-8 of two bytes and more."""
    text = sample.decode("utf-8", "replace")
    damaged = text.count("\N{REPLACEMENT CHARACTER}")
    return len(NON_ASCII.findall(text)) - damaged > 3 * damaged


def _plausibility(sample: bytes, codec: str) -> float:
    text = sample.decode(codec, "ignore")
    strange = NON_ASCII.findall(text)
    if not strange:
        return 0.0
    good = sum(_everyday(character) for character in strange)
    bad = len(MISPLACED.findall(text)) + len(LATIN_NEIGHBOUR.findall(text))
    return (good - bad) / len(strange)


def _everyday(character: str) -> float:
    """How much a character speaks for Japanese: 1 everyday, 0.5 rare kanji, -2 private use and control characters."""
    if HALF_WIDTH.match(character):
        return 1.0
    if not unicodedata.name(character, "") or unicodedata.category(character) in ("Cc", "Co", "Cn"):
        return -2.0
    return 1.0 if not unicodedata.name(character).startswith("CJK") or _first_level(character) else 0.5


def _first_level(kanji: str) -> bool:
    """Whether a kanji is one of the 2,965 everyday ones of JIS level 1."""
    try:
        return 0xA1 <= kanji.encode("euc_jp")[0] <= 0xCF
    except UnicodeEncodeError:
        return False


def _line(data: bytes, position: int) -> int:
    ends = data.count(b"\n", 0, position) or data.count(b"\r", 0, position)
    return ends + 1


def _shown(codec: str) -> str:
    return {
        "utf-8-sig": "UTF-8",
        "utf-8": "UTF-8",
        "utf-16": "UTF-16",
        "utf-16-le": "UTF-16",
        "utf-16-be": "UTF-16",
        "cp932": "CP932",
    }[codec]


def _refused(
    what: str, hint: str = "Export it again, or open and save it in an editor, as UTF-8 or CP932."
) -> DataError:
    return DataError(
        Problem(what, expected="UTF-8 (with or without byte order mark), UTF-16 with mark, or CP932", hint=hint)
    )
