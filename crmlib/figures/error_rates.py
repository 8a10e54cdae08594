"""The appendix table of error rates: planted problem, finding, how often found, with which sign, with which yen."""

from __future__ import annotations

from crmlib import error_rates
from crmlib.figures.table import Table
from crmlib.numbers.error_rates import COUNTS, STEM
from crmlib.numbers.model import Ledger
from crmlib.text import Words

HEAD = ("problem", "finding", *COUNTS)


def table(ledger: Ledger, *, words: Words) -> Table:
    """One row per planted problem, and the sum.

    Args:
        ledger: With the numbers of the committed file.
        words: Texts of one language.
    """
    rows = [
        (
            words.fill(f"table.error_rates.planted.{one.problem}"), words.fill(f"table.error_rates.by.{one.finding}"),
            *(words.number(ledger[f"{STEM}.problem.{place}.{name}"].value, "int") for name in COUNTS),
        )
        for place, one in enumerate(error_rates.load().scores, 1)
    ]  # fmt: skip
    whole = [words.number(ledger[f"{STEM}.all.{name}"].value, "int") for name in COUNTS]
    rows.append((words.fill("table.error_rates.sum"), "", *whole))
    return Table(words.fill_each("table.error_rates", *HEAD), rows, left=2)
