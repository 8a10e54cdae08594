"""What a conversion of one text gives, and a column of them, converted once per distinct text."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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
        marks: The rows of these cells, by kind.
    """

    values: np.ndarray
    reasons: np.ndarray
    repairs: Counter[str]
    marks: Mapping[str, np.ndarray] = {}


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
    marks = marked([value.repairs for value in found], codes)
    return IntColumn(values[codes], reasons[codes], Counter({kind: len(rows) for kind, rows in marks.items()}), marks)


def codes_of(column: pa.DictionaryArray) -> np.ndarray:
    """The codes of a dictionary-encoded column; null is the code after the last."""
    return column.indices.fill_null(len(column.dictionary)).to_numpy(zero_copy_only=False)


def marked(repairs: Sequence[tuple[str, ...]], codes: np.ndarray) -> dict[str, np.ndarray]:
    """The rows whose text was mended, by kind.

    Args:
        repairs: What was mended in each distinct text.
        codes: The distinct text of each row.

    Example:
        >>> marked([("trimmed",), ()], np.array([0, 1, 0]))["trimmed"].tolist()
        [0, 2]
    """
    kinds = sorted({kind for mended in repairs for kind in mended})
    found = {kind: np.flatnonzero(np.array([kind in mended for mended in repairs])[codes]) for kind in kinds}
    return {kind: rows for kind, rows in found.items() if len(rows)}
