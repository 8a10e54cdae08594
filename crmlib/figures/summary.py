"""Tables of the summary: findings, definitions, methods with their verdicts, reproduction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crmlib.figures.error_rates import table as error_rates  # noqa: F401 (one of the summary's tables)
from crmlib.figures.table import Table
from crmlib.findings import records
from crmlib.findings.model import Finding, Findings, known
from crmlib.intervals import LEVEL
from crmlib.numbers.model import Ledger
from crmlib.numbers.summary import Reproduction
from crmlib.schema import DIAGNOSTICS
from crmlib.text import Words


def findings(found: Findings, ledger: Ledger, *, words: Words) -> Table:
    """The findings in words, with verdict, money a year and its interval, grade, owner, first step and next test."""
    names = ("finding", "verdict", "yen", "grade", "owner", "first_step", "next_test")
    rows = [
        (
            words.fill(f"finding.{one.id}.{one.verdict}", ledger),
            words.fill(f"summary.verdict.{one.verdict}"),
            _money(one, ledger, words),
            one.grade,
            words.fill(f"owner.{one.owner}"),
            words.fill(f"finding.{one.id}.first_step", ledger),
            words.fill(f"finding.{one.id}.next_test", ledger),
        )
        for one in found
    ]
    none = (words.fill("table.summary.none"), *[""] * (len(names) - 1))
    return Table(
        words.fill_each("table.summary", *names),
        rows or [none],
        (),
        (2.4, 0.75, 1.15, 0.5, 0.85, 1.7, 1.7),
        left=len(names),
    )


def first_findings(found: Findings, ledger: Ledger, *, words: Words) -> Table:
    """Those to act on first, as many as fit one page: all of them stand on the pages that follow."""
    return replace(findings(found, ledger, words=words), cut=True)


def _money(one: Finding, ledger: Ledger, words: Words) -> str:
    key = records.money(one, ledger)
    if not known(ledger, key):
        return words.number(None, "int")
    value, lower, upper = (
        words.money(getattr(ledger[key], part), ledger.currency) for part in ("value", "lower", "upper")
    )
    return value if ledger[key].lower is None else f"{value} {words.fill('chart.actions.range', low=lower, high=upper)}"


def definitions(ids: Sequence[str], *, words: Words) -> Table:
    """Each definition with its words."""
    rows = [(name, words.fill(f"definition.{name}")) for name in ids]
    return Table(words.fill_each("table.summary", "id", "definition"), rows, left=2)


def methods(ledger: Ledger, *, words: Words) -> Table:
    """How each analysis of the run was made, and how far to trust it."""
    done = [name for name in DIAGNOSTICS[:-1] if any(key.startswith(f"{name}.") for key in ledger)]
    keys = [f"summary.method.{name}" for name in (*done, "findings")]
    rows = [[words.fill(f"{key}.{part}", ledger) for part in ("name", "how", "judged")] for key in keys]
    return Table(words.fill_each("table.summary", "method", "how", "judged"), rows, left=3)


def manifest(made: Reproduction, *, words: Words) -> Table:
    """What is needed to make the deck again."""
    rows = [
        (words.fill("table.summary.as_of"), words.number(made.as_of, "date")),
        (words.fill("table.summary.currency"), made.currency),
        (words.fill("table.summary.level"), words.number(LEVEL, "pct0")),
        *(
            (words.fill("table.summary.input", file=file), words.fill("table.summary.digest", digest=digest))
            for file, digest in made.inputs.items()
        ),
        *((words.fill("table.summary.library", name=name), version) for name, version in made.libraries.items()),
    ]
    return Table(words.fill_each("table.summary", "item", "value"), rows, left=2)
