"""Identifiers stay text: leading zeros kept, NFKC, trimmed; what a spreadsheet has damaged is told, never mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crmlib.intake.values import BLANK, codes_of

# 1.23E+10 and 1001.0 come from number cells, #N/A and #REF! from broken formulas
DAMAGED = (
    r"^(?:[0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]+|[0-9]+\.0+|#(?:N/A|UNCALCULATED!|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|#+))$"
)
INVISIBLE = r"[\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{2064}\x{FEFF}\x{00AD}]"  # no width, no meaning
CONTROL = r"[\x00-\x1f\x7f]"


class IdColumn(NamedTuple):
    """A converted column of ids.

    Attributes:
        ids: Dictionary-encoded ids, null where there is none.
        reasons: Reason code of each row, "" where the id is good.
        repairs: Mended cells, counted by kind.
        marks: The rows of these cells, by kind.
    """

    ids: pa.DictionaryArray
    reasons: np.ndarray
    repairs: Counter[str]
    marks: Mapping[str, np.ndarray] = {}


def convert(column: pa.DictionaryArray, *, people: bool = False) -> IdColumn:
    """Convert a column of ids, all distinct texts at once.

    Args:
        column: Dictionary-encoded text, null where blank.
        people: Whether they name customers: e-mail addresses are then the same in capitals.

    Example:
        >>> found = convert(pa.array(["007", " ００７", "1.23E+10", None]).dictionary_encode())
        >>> found.ids.to_pylist(), found.reasons.tolist()
        (['007', '007', None, None], ['', '', 'damaged_id', 'blank'])
    """
    texts = column.dictionary
    seen = pc.replace_substring_regex(texts, INVISIBLE, "")
    normal = pc.utf8_normalize(seen, form="NFKC")
    trimmed = pc.utf8_trim_whitespace(normal)
    plain = pc.replace_substring_regex(trimmed, "^'", "")  # a spreadsheet's mark of text
    plain = pc.if_else(pc.match_substring(plain, "@"), pc.utf8_lower(plain), plain) if people else plain
    reasons = np.full(len(texts) + 1, "", object)
    reasons[np.append(_true(pc.match_substring_regex(plain, f"{CONTROL}|{DAMAGED}")), False)] = "damaged_id"
    reasons[np.append(_true(pc.equal(plain, "")), True)] = BLANK
    good = reasons[:-1] == ""
    kept = pc.if_else(pa.array(good, pa.bool_()), plain, None).dictionary_encode()
    ids = pa.DictionaryArray.from_arrays(kept.indices.take(column.indices), kept.dictionary)
    mended = {
        "invisible": _true(pc.not_equal(seen, texts)),
        "full_width": _true(pc.not_equal(normal, seen)),
        "trimmed": _true(pc.not_equal(trimmed, normal)),
        "text_mark": _true(pc.starts_with(trimmed, "'")),
        "capitals": _true(pc.match_substring_regex(trimmed, "@")) & _true(pc.not_equal(pc.utf8_lower(trimmed), trimmed)) & people,
    }  # fmt: skip
    codes = codes_of(column)
    found = ((kind, np.flatnonzero(np.append(hit & good, False)[codes])) for kind, hit in mended.items() if hit.any())
    marks = {kind: rows for kind, rows in found if len(rows)}
    return IdColumn(ids, reasons[codes], Counter({kind: len(rows) for kind, rows in marks.items()}), marks)


def _true(values: pa.Array) -> np.ndarray:
    return values.to_numpy(zero_copy_only=False).astype(bool)
