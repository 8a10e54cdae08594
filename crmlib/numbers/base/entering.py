"""How an estimate of the base is entered."""

from __future__ import annotations

import math

from crmlib.intervals import Estimate
from crmlib.numbers.model import Ledger


def estimate(book: Ledger, key: str, value: Estimate) -> None:
    """Enter an estimate with its interval, level and n."""
    known = math.isfinite(value.lower) and math.isfinite(value.upper) and not value.why
    parts = {"lower": value.lower, "upper": value.upper, "level": value.level} if known else {}
    why = value.why or ("" if math.isfinite(value.value) else "too_few")
    book.add(key, value.value, why=why and f"base.{why}", n=value.n, **parts)


def number(book: Ledger, key: str, value: float, why: str = "too_few") -> None:
    """Enter a number without an interval; NaN with its reason."""
    book.add(key, value, why=f"base.{why}")
