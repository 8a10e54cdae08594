"""Line breaking shared by HTML and PDF: between Japanese phrases, by the font's own advance widths, at most two title lines.

Both renderers print the lines that are found here, so that a page that fits in one fits in the other.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import budoux
from fontTools.ttLib import TTFont

from crmlib.errors import PageError
from crmlib.home import FONTS

NO_START = frozenset(
    "、。，．・：；？！”’）」』】〕］｝〉》％%‰℃々ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.:;?!)]}–"
)
NO_END = frozenset("「『（【〔［｛〈《“‘([{¥￥$€£")
BREAK_AFTER = "、。；：,;:"
SPARE = 0.985  # kerning can make a line a trifle wider than the sum of its advances
KANJI = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# English: "95 %", "n = 1,234" and "CI 40.1" stay together
GLUE = re.compile(
    r"(?<=\d) (?=%)| (?==)|(?<==) |(?<=%) (?=CI\b)|(?<=\bCI) (?=[\d\[(\u2212-])|(?<=\d) (?=(?:days|weeks|months|years|points)\b)"
)


@functools.cache
def _advances(bold: bool) -> Mapping[str, float]:
    """Character -> advance in em."""
    with TTFont(FONTS / f"NotoSansJP-{'Bold' if bold else 'Regular'}.ttf", lazy=True) as font:
        metrics, em = font["hmtx"].metrics, font["head"].unitsPerEm
        return {chr(code): metrics[name][0] / em for code, name in font.getBestCmap().items()}


def width(text: str, size: float, bold: bool = False) -> float:
    """Width of a line in points: the sum of the advances of the bundled font; one em for what it lacks."""
    return size * _ems(text, bold)


@functools.lru_cache(maxsize=50_000)
def _ems(text: str, bold: bool) -> float:
    advances = _advances(bold)
    return sum([advances.get(character, 1.0) for character in text])


@functools.cache
def _parser() -> Any:
    return budoux.load_default_japanese_parser()


def phrases(text: str, language: str) -> list[str]:
    r"""The pieces that stay on one line; joined they are the text again.

    Example:
        >>> phrases("顧客の41.2%は、90日以内に買う", "ja")
        ['顧客の', '41.2%は、', '90日以内に', '買う']
        >>> phrases("Now 95 % buy", "en")
        ['Now ', '95\xa0% ', 'buy']
    """
    if language != "ja":
        return re.findall(r"[^ ]+ *", GLUE.sub("\N{NO-BREAK SPACE}", text))
    return list(_parsed(text))


@functools.lru_cache(maxsize=20_000)  # a page is tried in several sizes
def _parsed(text: str) -> tuple[str, ...]:
    joined: list[str] = []
    for piece in _parser().parse(text):
        if joined and _inseparable(joined[-1], piece):
            joined[-1] += piece
        else:
            joined.append(piece)
    return tuple(joined)


def _inseparable(before: str, after: str) -> bool:
    if not after.strip():
        return True
    last, first = before[-1], after.lstrip()[0]
    word = last.isascii() and last.isalnum() and first.isascii() and first.isalnum()
    compound = KANJI.match(last) is not None and KANJI.match(first) is not None
    months = last in "かカヵヶ" and first == "月"  # 12か月後
    return first in NO_START or last in NO_END or word or compound or months


def wrapped(text: str, language: str, limit: float, size: float, *, bold: bool = False) -> list[str]:
    """A text in the fewest lines, evened out so that no short last line is left alone.

    Args:
        text: One paragraph.
        language: ja or en.
        limit: Width in points.
        size: Type size in points.
        bold: Bold type.
    """
    return list(_wrapped(text, language, limit, size, bold))


@functools.lru_cache(maxsize=50_000)  # pages are laid out when they are checked and again when they are printed
def _wrapped(text: str, language: str, limit: float, size: float, bold: bool) -> tuple[str, ...]:
    whole = text.replace("\N{NO-BREAK SPACE}", " ").strip()
    if width(whole, size, bold) <= limit * SPARE:
        return (whole,) if whole else ()
    pieces = [p for phrase in phrases(text, language) for p in _cut(phrase, limit * SPARE, size, bold)]
    return tuple(line.replace("\N{NO-BREAK SPACE}", " ").strip() for line in _best(pieces, limit * SPARE, size, bold))


def shortened(text: str, limit: float, size: float) -> str:
    """A label on one line, ended with … where it is too wide."""
    if width(text, size) <= limit:
        return text
    kept = text
    while kept and width(kept + "…", size) > limit:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _cut(phrase: str, limit: float, size: float, bold: bool) -> list[str]:
    """A phrase wider than the line is cut between characters, never before a closing or after an opening mark."""
    if width(phrase.rstrip(), size, bold) <= limit:
        return [phrase]
    cut = [phrase[0]]
    for before, after in pairwise(phrase):
        if after in NO_START or after == " " or before in NO_END:
            cut[-1] += after
        else:
            cut.append(after)
    return cut


def _best(pieces: Sequence[str], limit: float, size: float, bold: bool) -> list[str]:
    """Fewest lines first, then the smallest sum of squared gaps (Knuth and Plass, without stretching)."""
    ends: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    sizes = [width(piece, size, bold) for piece in pieces]
    bare = [width(piece.rstrip(), size, bold) for piece in pieces]
    for end in range(1, len(pieces) + 1):
        best, before = None, 0.0
        for start in range(end - 1, -1, -1):
            filled = (before + bare[end - 1]) / limit
            if filled > 1 and start < end - 1:
                break
            count, cost, _ = ends[start]
            choice = (count + 1, cost + _gap(filled, pieces[end - 1], end == len(pieces)), start)
            best = choice if best is None or choice < best else best
            before += sizes[start - 1]
        ends.append(best or (0, 0.0, 0))
    lines: list[str] = []
    end = len(pieces)
    while end:
        start = ends[end][2]
        lines.insert(0, "".join(pieces[start:end]))
        end = start
    return lines


def _gap(filled: float, piece: str, last: bool) -> float:
    if last:
        return 4 * max(0.0, 0.4 - filled) ** 2
    return (1 - filled) ** 2 - (0.02 if piece.rstrip()[-1:] in BREAK_AFTER else 0.0)


def title(text: str, language: str, slide: str, *, limit: float, size: float) -> list[str]:
    """An action title on one line, or on the two most even ones.

    Raises:
        DataError: More than two lines, with the slide's name.
    """
    if width(text, size, bold=True) <= limit * SPARE:
        return [text]
    pieces = phrases(text, language)
    pairs = [("".join(pieces[:k]).strip(), "".join(pieces[k:]).strip()) for k in range(1, len(pieces))]
    fitting = [pair for pair in pairs if max(width(line, size, bold=True) for line in pair) <= limit * SPARE]
    if not fitting:
        raise PageError(slide, f"slide {slide} ({language}): the title needs more than two lines: {text}")
    first, second = min(fitting, key=lambda pair: _unevenness(pair, size))
    return [first.replace("\N{NO-BREAK SPACE}", " "), second.replace("\N{NO-BREAK SPACE}", " ")]


def _unevenness(pair: tuple[str, str], size: float) -> float:
    first, second = (width(line, size, bold=True) for line in pair)
    return abs(first - second) - (12 * size if pair[0][-1] in BREAK_AFTER else 0)
