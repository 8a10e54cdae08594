"""Identifiers stay text: leading zeros kept, NFKC, trimmed; what a spreadsheet has damaged is told, never mended."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crmlib.intake.values import BLANK, codes_of

# 1.23E+10 and 1001.0 come from number cells, #N/A and #REF! from broken formulas
DAMAGED = r"^(?:[0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]+|[0-9]+\.0+|#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|#+))$"
CONTROL = r"[\x00-\x1f\x7f]"


class IdColumn(NamedTuple):
    """A converted column of ids.

    Attributes:
        ids: Dictionary-encoded ids, null where there is none.
        reasons: Reason code of each row, "" where the id is good.
        repairs: Mended cells, counted by kind.
    """

    ids: pa.DictionaryArray
    reasons: np.ndarray
    repairs: Counter[str]


def convert(column: pa.DictionaryArray) -> IdColumn:
    """Convert a column of ids, all distinct texts at once.

    Example:
        >>> found = convert(pa.array(["007", " ００７", "1.23E+10", None]).dictionary_encode())
        >>> found.ids.to_pylist(), found.reasons.tolist()
        (['007', '007', None, None], ['', '', 'damaged_id', 'blank'])
    """
    texts = column.dictionary
    normal = pc.utf8_normalize(texts, form="NFKC")
    trimmed = pc.utf8_trim_whitespace(normal)
    reasons = np.full(len(texts) + 1, "", object)
    reasons[np.append(_true(pc.match_substring_regex(trimmed, CONTROL)), False)] = "damaged_id"
    reasons[np.append(_true(pc.match_substring_regex(trimmed, DAMAGED)), False)] = "damaged_id"
    reasons[np.append(_true(pc.equal(trimmed, "")), True)] = BLANK
    kept = pc.if_else(pa.array(reasons[:-1] == "", pa.bool_()), trimmed, None).dictionary_encode()
    ids = pa.DictionaryArray.from_arrays(kept.indices.take(column.indices), kept.dictionary)
    codes = codes_of(column)
    times = np.bincount(codes, minlength=len(reasons))[:-1] * (reasons[:-1] == "")
    full_width, spaces = _true(pc.not_equal(normal, texts)), _true(pc.not_equal(trimmed, normal))
    repairs = Counter({"full_width": int(times[full_width].sum()), "trimmed": int(times[spaces].sum())})
    return IdColumn(ids, reasons[codes], repairs)


def _true(values: pa.Array) -> np.ndarray:
    return values.to_numpy(zero_copy_only=False).astype(bool)
