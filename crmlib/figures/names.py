"""The client's own words, cut to what fits on a page."""

from __future__ import annotations

import unicodedata

CUT = "\N{HORIZONTAL ELLIPSIS}"
LONGEST = 16  # characters of a product's name


def width(text: str) -> int:
    """Width in half-width characters."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def cut(text: str, most: int) -> str:
    """A text of at most so many half-width characters, with a sign where it was cut."""
    if width(text) <= most:
        return text
    kept = ""
    for one in text:
        if width(kept + one) > most - 1:
            break
        kept += one
    return kept.rstrip() + CUT


def shortened(text: str, most: int = LONGEST) -> str:
    """A text of at most so many characters, however wide, with a sign where it was cut."""
    return text if len(text) <= most else text[: most - 1] + CUT
