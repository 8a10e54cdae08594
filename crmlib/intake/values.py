"""What a conversion of one text gives, and a column of them, converted once per distinct text."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pyarrow as pa

BLANK = "blank"


class Value(NamedTuple):
    """A converted text: its value, or the reason code why it has none; and what was mended on the way."""

    value: int | None
    reason: str = ""
    repairs: tuple[str, ...] = ()


class IntColumn(NamedTuple):
    """A converted column.

    Attributes:
        values: int64, 0 where there is none.
        reasons: Reason code of each row, "" where the value is good (an object array of few distinct texts).
        repairs: Mended cells of good rows, counted by kind.
    """

    values: np.ndarray
    reasons: np.ndarray
    repairs: Counter[str]


def plain(text: str) -> tuple[str, tuple[str, ...]]:
    """A text after NFKC and trimming, and what that mended.

    Example:
        >>> plain(" １２３")
        ('123', ('full_width', 'trimmed'))
    """
    normal = unicodedata.normalize("NFKC", text)
    trimmed = normal.strip()
    repairs = (("full_width",) if normal != text else ()) + (("trimmed",) if trimmed != normal else ())
    return trimmed, repairs


def convert(column: pa.DictionaryArray, one: Callable[[str], Value]) -> IntColumn:
    """Convert a column of text: each distinct text once, then by its code.

    Args:
        column: Dictionary-encoded text; null means blank.
        one: Pure function of one text.
    """
    found = [one(text) for text in column.dictionary.to_pylist()] + [Value(None, BLANK)]
    codes = codes_of(column)
    values = np.array([value.value or 0 for value in found], np.int64)
    reasons = np.array([value.reason for value in found], object)
    return IntColumn(values[codes], reasons[codes], counted([value.repairs for value in found], codes))


def codes_of(column: pa.DictionaryArray) -> np.ndarray:
    """The codes of a dictionary-encoded column; null is the code after the last."""
    return column.indices.fill_null(len(column.dictionary)).to_numpy(zero_copy_only=False)


def counted(repairs: list[tuple[str, ...]], codes: np.ndarray) -> Counter[str]:
    """Repairs of distinct texts, each counted as often as its text occurs."""
    times = np.bincount(codes, minlength=len(repairs))
    counts: Counter[str] = Counter()
    for kinds, count in zip(repairs, times.tolist(), strict=True):
        for kind in kinds if count else ():
            counts[kind] += count
    return counts
