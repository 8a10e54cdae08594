"""What becomes of a row: used, quarantined for a reason, or excluded by a named rule. Every row has exactly one fate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

USED, QUARANTINED, EXCLUDED = "used", "quarantined", "excluded"
STRUCTURE = ("ragged_row", "broken_quotes", "nul_byte", "cell_too_long")
REASONS = (
    *STRUCTURE,
    "blank_order_id", "blank_customer_id", "blank_order_date", "blank_amount", "blank_quantity", "blank_unit_price",
    "damaged_id", "bad_date", "impossible_date", "unknown_status",
    "bad_amount", "bad_grouping", "ambiguous_amount", "other_currency", "fraction_of_minor_unit", "amount_too_large",
    "bad_price", "bad_quantity", "ambiguous_price", "price_too_large",
    "two_digit_year", "bad_month", "bad_flag", "bad_share", "unknown_word", "unknown_order", "blank_cell",
    "conflicting_duplicate", "conflicting_total", "order_of_two_customers",
)  # fmt: skip
RULES = (
    "empty_row", "repeated_header", "preamble", "total_row", "footer",
    "cancelled", "returned", "after_as_of", "exact_duplicate", "order_total_repeated",
    "not_a_product", "order_quarantined",
)  # fmt: skip


class Fate(NamedTuple):
    """One fate: its kind, its code, and the column (ours) that decided it."""

    kind: str
    code: str
    column: str = ""


class Fates:
    """The fates of a file's rows, as codes into a list of distinct fates; the first fate given stays.

    Example:
        >>> fates = Fates(3)
        >>> fates.give(np.array([True, False, False]), Fate(EXCLUDED, "cancelled", "status"))
        >>> [fates.of(row).kind for row in range(3)]
        ['excluded', 'used', 'used']
    """

    def __init__(self, rows: int) -> None:
        self.codes = np.zeros(rows, np.int16)
        self.known = [Fate(USED, "")]

    def give(self, mask: np.ndarray, fate: Fate, also: tuple[str, ...] = ()) -> None:
        """Give a fate to the rows of a mask that are still used (or that have one of the codes in `also`)."""
        if fate not in self.known:
            self.known.append(fate)
        self.codes[mask & self.having("", *also)] = self.known.index(fate)

    def having(self, *codes: str) -> np.ndarray:
        """The rows whose fate has one of these codes ("" is used)."""
        return np.isin(self.codes, [i for i, fate in enumerate(self.known) if fate.code in codes])

    def kinds(self, kind: str) -> np.ndarray:
        """The rows whose fate is of one kind."""
        return np.isin(self.codes, [i for i, fate in enumerate(self.known) if fate.kind == kind])

    def of(self, row: int) -> Fate:
        """One row's fate."""
        return self.known[self.codes[row]]

    def counts(self, kind: str) -> dict[str, int]:
        """Rows by code of one kind, sorted by code."""
        times = np.bincount(self.codes, minlength=len(self.known)).tolist()
        found: dict[str, int] = {}
        for fate, count in zip(self.known, times, strict=True):
            if fate.kind == kind and count:
                found[fate.code] = found.get(fate.code, 0) + count
        return dict(sorted(found.items()))


def give_all(files: Sequence[Fates], rows: pd.Index, fate: Fate, also: tuple[str, ...] = ()) -> None:
    """Give a fate, as `Fates.give`, to rows that are counted through all files of a source."""
    ends = np.cumsum([len(one.codes) for one in files])
    mask = np.zeros(ends[-1], bool)
    mask[rows] = True
    for one, part in zip(files, np.split(mask, ends[:-1]), strict=True):
        one.give(part, fate, also)
