"""Numbers of the six-stage pipeline."""

from __future__ import annotations

from crmlib.base import Pipeline
from crmlib.intervals import unknown
from crmlib.numbers.base.entering import estimate, number
from crmlib.numbers.model import Ledger, Measure

MEASURES = (
    Measure("base.pipeline.state", "label", "base.state"),
    Measure("base.pipeline.measured", "count", "base.pipeline.measured"),
    Measure("base.pipeline.leakage", "money", "base.pipeline.leakage"),
    Measure("base.pipeline.worst", "label", "base.pipeline.worst"),
    Measure("base.pipeline.worst_conversion", "share", "base.pipeline.conversion"),
    Measure("base.pipeline.{stage}.reached", "count", "base.pipeline.reached"),
    Measure("base.pipeline.{stage}.conversion", "share", "base.pipeline.conversion"),
    Measure("base.pipeline.{stage}.days", "days", "base.pipeline.days"),
    Measure("base.pipeline.{stage}.lost", "count", "base.pipeline.lost"),
    Measure("base.pipeline.{stage}.leakage", "money", "base.pipeline.leakage"),
)


def enter(book: Ledger, pipeline: Pipeline) -> None:
    """Enter the steps, each under the stage that it starts from."""
    book.add("base.pipeline.measured", len(pipeline.measured))
    for step in pipeline.steps:
        key = f"base.pipeline.{step.start}"
        book.add(f"{key}.reached", step.reached)
        book.add(f"{key}.lost", step.lost)
        estimate(book, f"{key}.conversion", step.conversion)
        number(book, f"{key}.days", step.median, "no_days")
        estimate(book, f"{key}.leakage", step.leakage)
    worst = pipeline.steps[pipeline.worst] if pipeline.worst >= 0 else None
    why = pipeline.why or ("" if worst else "no_value")
    book.add("base.pipeline.state", pipeline.why or ("known" if worst else "unvalued"))
    book.add("base.pipeline.worst", worst.start if worst else None, why=why and f"base.{why}")
    n = sum(step.reached for step in pipeline.steps)
    estimate(book, "base.pipeline.leakage", worst.leakage if worst else unknown(n, why))
    estimate(book, "base.pipeline.worst_conversion", worst.conversion if worst else unknown(n, why))
