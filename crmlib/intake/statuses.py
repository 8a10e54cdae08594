"""What the data say about status words that nobody has explained: how many of their rows take money back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crmlib.intake import masking
from crmlib.intake.orders import UNKNOWN_STATE, Orders
from crmlib.intake.values import codes_of, plain


def negative(files: Sequence[Orders]) -> dict[str, int]:
    """Rows with an amount below 0 by unexplained status word, as the words may be shown.

    Args:
        files: The files of orders, judged.
    """
    found: dict[str, int] = {}
    for file in files:
        if file.unknown and file.source is not None:
            column = file.table.columns[str(file.source.columns["status"])]
            rows = file.fates.having("unknown_status") & (file.states == UNKNOWN_STATE) & (file.amounts < 0)
            texts = [plain(text)[0] for text in column.dictionary.to_pylist()] + [""]
            times = np.bincount(codes_of(column)[rows], minlength=len(texts)).tolist()
            for text, count in zip(texts, times, strict=True):
                word = masking.label(text)
                found[word] = found.get(word, 0) + count
    return {word: count for word, count in sorted(found.items()) if count}
