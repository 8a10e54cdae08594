"""Which characters can be printed: those of the bundled font. What it lacks becomes a geta mark, what cannot be seen is dropped."""

from __future__ import annotations

import functools
import unicodedata
from typing import Any

from crmlib.home import FONTS

GETA = "\N{GETA MARK}"  # what Japanese print shows for a character that a font lacks
UNSEEN = (
    "Cc",
    "Cf",
    "Cs",
    "Mn",
    "Me",
)  # controls, formats (zero-width, direction), halves of pairs, loose combining marks
KEPT = "\n\N{NO-BREAK SPACE}"
SPACES = dict.fromkeys(map(ord, "\t\r\v\f\x85\u2028\u2029"), " ")


@functools.cache
def _drawn() -> frozenset[str]:
    """Characters that both weights of the bundled font can draw and a reader can see."""
    from fontTools.ttLib import TTFont  # heavy; a notebook that only computes never needs it

    found = []
    for weight in ("Regular", "Bold"):
        with TTFont(FONTS / f"NotoSansJP-{weight}.ttf", lazy=True) as font:
            found.append({chr(code) for code in font.getBestCmap()})
    return frozenset(one for one in found[0] & found[1] if unicodedata.category(one) not in UNSEEN)


def has_glyph(character: str) -> bool:
    """Whether the bundled font, regular and bold, can draw a character."""
    return character in _drawn()


def printable(text: str) -> str:
    r"""A text of which every character is drawn as it is: composed, without what cannot be seen, a geta mark for what is lacking.

    Example:
        >>> printable("A\u200b\x1b[2J"), printable("\U0001f600 tea") == GETA + " tea"
        ('A[2J', True)
    """
    if (text.isascii() and text.isprintable()) or _drawn().issuperset(text):
        return text
    return "".join(map(_shown, unicodedata.normalize("NFC", text.translate(SPACES))))


def _shown(character: str) -> str:
    if character in KEPT or character in _drawn():
        return character
    category = unicodedata.category(character)
    return "" if category in UNSEEN else " " if category == "Zs" else GETA


def cleaned(value: Any, *left: str) -> Any:
    r"""The same nested lists and mappings with every text printable, but for the keys named.

    Example:
        >>> cleaned({"a": ["x\u200b"], "svg": "\u200b"}, "svg") == {"a": ["x"], "svg": "\u200b"}
        True
    """
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: item if name in left else cleaned(item, *left) for name, item in value.items()}
    return [cleaned(item, *left) for item in value] if isinstance(value, list | tuple) else value
