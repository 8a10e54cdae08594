"""The summary's own numbers (how many comparisons, how many decided), and what a deck needs to be made again."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from crmlib import error_rates
from crmlib.config import Client
from crmlib.intake import IntakeReport
from crmlib.intervals import LEVEL
from crmlib.numbers import error_rates as rates
from crmlib.numbers.model import Ledger, Measure

MEASURES = (
    Measure("summary.findings", "count", "summary.findings"),
    Measure("summary.decided", "count", "summary.decided"),
    Measure("summary.open", "count", "summary.open"),
    Measure("summary.level", "share", "summary.level"),
    Measure("summary.state", "label", "summary.state"),
    *rates.MEASURES,
)
FIRST = 6  # findings that the page of findings shows; all of them are in the appendix
LIBRARIES = ("crmlib", "numpy", "scipy", "pandas")
DIGEST = 12  # hexadecimal digits that are printed


@dataclass(frozen=True)
class Reproduction:
    """What a deck was made of. File names only: no folder, no user.

    Args:
        as_of: ISO date.
        currency: ISO code.
        inputs: File name -> first digits of its SHA-256.
        libraries: Name -> version.
    """

    as_of: str
    currency: str
    inputs: Mapping[str, str]
    libraries: Mapping[str, str]


def ledger(verdicts: Sequence[str], currency: str) -> Ledger:
    """The summary's numbers.

    Args:
        verdicts: One per finding: positive, negative or inconclusive.
        currency: ISO code.

    Example:
        >>> ledger(["positive", "inconclusive"], "JPY")["summary.state"].value
        'some'
    """
    book = Ledger(MEASURES, currency)
    still_open = sum(verdict == "inconclusive" for verdict in verdicts)
    book.add("summary.findings", len(verdicts))
    book.add("summary.decided", len(verdicts) - still_open)
    book.add("summary.open", still_open)
    book.add("summary.level", LEVEL)
    book.add("summary.state", _state(len(verdicts), still_open))
    rates.enter(book, error_rates.load())
    return book


def _state(findings: int, still_open: int) -> str:
    if findings == 0:
        return "empty"
    return {0: "all", findings: "none"}.get(still_open, "some")


def reproduction(client: Client, report: IntakeReport) -> Reproduction:
    """What the deck of a client was made of.

    Args:
        client: The client.
        report: Its last intake.
    """
    inputs = {PurePosixPath(entry.file).name: entry.sha256[:DIGEST] for entry in report.files}
    libraries = {name: importlib.metadata.version(name) for name in LIBRARIES}
    return Reproduction(client.as_of.isoformat(), client.currency, inputs, libraries)
