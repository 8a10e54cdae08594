"""How often findings are right on simulated clients: the numbers of the appendix page."""

from __future__ import annotations

from crmlib.error_rates import Rates, Score
from crmlib.intervals import Estimate
from crmlib.numbers.model import Ledger, Measure

STEM = "summary.error_rates"
COUNTS = ("clients", "found", "right", "covered")
MEASURES = (
    Measure(f"{STEM}.version", "label", f"{STEM}.version"),
    Measure(f"{STEM}.{{kind}}.clients", "count", f"{STEM}.clients"),
    Measure(f"{STEM}.{{kind}}.customers", "count", f"{STEM}.customers"),
    *(Measure(f"{STEM}.problem.{{place}}.{name}", "count", f"{STEM}.{name}") for name in COUNTS),
    Measure(f"{STEM}.all.{{part}}", "count", f"{STEM}.all"),
    Measure(f"{STEM}.placebo.{{part}}", "count", f"{STEM}.placebo"),
    Measure(f"{STEM}.share", "share", f"{STEM}.share"),
    Measure(f"{STEM}.detectable_share", "share", f"{STEM}.detectable"),
    Measure(f"{STEM}.null.compared", "count", f"{STEM}.compared"),
    Measure(f"{STEM}.null.false", "count", f"{STEM}.false"),
    Measure(f"{STEM}.null.loud", "count", f"{STEM}.loud"),
    Measure(f"{STEM}.false_share", "share", f"{STEM}.false"),
    Measure(f"{STEM}.loud_share", "share", f"{STEM}.loud"),
)


def enter(book: Ledger, rates: Rates) -> None:
    """Enter the counts by problem, both shares with exact binomial intervals, and what was simulated."""
    book.add(f"{STEM}.version", rates.version)
    for kind, clients, customers in zip(
        ("planted", "null"), rates.clients, (rates.planted[0], rates.null[0]), strict=True
    ):
        book.add(f"{STEM}.{kind}.clients", clients)
        book.add(f"{STEM}.{kind}.customers", customers)
    for place, one in enumerate(rates.scores, 1):
        _problem(book, place, one)
    for name in COUNTS:
        book.add(f"{STEM}.all.{name}", sum(getattr(one, name) for one in rates.scores))
    for part, count in zip(("clients", "claimed"), rates.placebo, strict=True):
        book.add(f"{STEM}.placebo.{part}", count)
    _share(book, f"{STEM}.share", rates.found)
    _share(book, f"{STEM}.detectable_share", rates.detectable)
    rows = rates.null[1]
    counts = (
        sum(row["compared"] for row in rows),
        sum(len(row["false"]) for row in rows),
        sum(bool(row["false"]) for row in rows),
    )
    for name, count in zip(("compared", "false", "loud"), counts, strict=True):
        book.add(f"{STEM}.null.{name}", count)
    _share(book, f"{STEM}.false_share", rates.false)
    _share(book, f"{STEM}.loud_share", rates.loud)


def _problem(book: Ledger, place: int, one: Score) -> None:
    for name in COUNTS:
        book.add(f"{STEM}.problem.{place}.{name}", getattr(one, name))


def _share(book: Ledger, key: str, share: Estimate) -> None:
    book.estimate(key, share, "summary.no_clients" if share.why else "")
