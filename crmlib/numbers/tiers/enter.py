"""How results become ledger entries: keys of tiers, money in major units, reasons."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from crmlib.intervals import Estimate
from crmlib.numbers.model import Ledger


def key_of(tier: int, tiers: int) -> str:
    """Key of a tier by its number (0 the lowest), or "left" for the number after the last.

    Example:
        >>> key_of(0, 3), key_of(3, 3)
        ('t1', 'left')
    """
    return "left" if tier == tiers else f"t{tier + 1}"


def why_of(code: str) -> str:
    """Text key of a reason."""
    return code and f"tiers.{code}"


def put(book: Ledger, key: str, estimate: Estimate, scale: float = 1.0) -> None:
    """An estimate with its interval, divided by `scale`.

    Args:
        book: The ledger.
        key: Ledger key.
        estimate: The result.
        scale: Minor units per major unit for money, 1 otherwise.
    """
    value, lower, upper = (part / scale for part in (estimate.value, estimate.lower, estimate.upper))
    book.estimate(key, replace(estimate, value=value, lower=lower, upper=upper), why_of(estimate.why))


def whole(value: float) -> int | None:
    """A count, None when unknown."""
    return None if np.isnan(value) else round(value)
