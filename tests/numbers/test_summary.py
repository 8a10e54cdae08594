from __future__ import annotations

import datetime as dt
import importlib.metadata
from types import SimpleNamespace
from typing import Any

import pytest

from crmlib.numbers import summary


@pytest.mark.parametrize(
    ("verdicts", "decided", "state"),
    [
        ([], 0, "empty"),
        (["positive", "negative"], 2, "all"),
        (["inconclusive"], 0, "none"),
        (["positive", "inconclusive", "inconclusive"], 1, "some"),
    ],
)
def test_ledger_counts_what_is_decided(verdicts: list[str], decided: int, state: str) -> None:
    book = summary.ledger(verdicts, "USD")
    assert book["summary.findings"].value == len(verdicts)
    assert book["summary.decided"].value == decided
    assert book["summary.open"].value == len(verdicts) - decided
    assert book["summary.state"].value == state
    assert (book["summary.level"].value, book.currency) == (0.95, "USD")


def test_reproduction_names_files_and_versions_but_no_folder() -> None:
    client: Any = SimpleNamespace(as_of=dt.date(1998, 6, 30), currency="USD")
    report: Any = SimpleNamespace(files=[SimpleNamespace(file="raw/2025/受注.csv", sha256="0123456789abcdef" * 4)])
    made = summary.reproduction(client, report)
    assert made.inputs == {"受注.csv": "0123456789ab"}
    assert made.libraries["numpy"] == importlib.metadata.version("numpy")
    assert (made.as_of, made.currency) == ("1998-06-30", "USD")
