"""What the ledger of the base allows to be said: six comparisons whose intervals hold together."""

from __future__ import annotations

from crmlib.findings.model import Finding, Findings, if_known, verdict
from crmlib.numbers.model import Ledger
from crmlib.schema import LANGUAGES
from crmlib.text import Words

# id -> key of the difference, key of the money at stake, text key of who acts
COMPARISONS = {
    "base.f2_change": ("base.chart.f2.change", "", "crm"),
    "base.loyal_change": ("base.chart.loyal.change", "base.loyal.point", "crm"),
    "base.value_change": ("base.chart.value.change", "", "crm"),
    "base.entry_product": ("base.entry.gap", "base.entry.yen", "crm"),
    "base.kept_value": ("base.kept_value", "base.kept_value", "crm"),
    "base.cohort_value": ("base.cohort_value.difference", "base.cohort_value.yen", "finance"),
}


def findings(ledger: Ledger) -> Findings:
    """The comparisons that the data allow, each positive, negative or inconclusive.

    Their intervals are wide enough that with a chance of 99 % none of them excludes zero where nothing has changed, for all six
    together (Bonferroni; the month of a change and the best product are searched for, and that is allowed for too). What
    grows or falls by itself with the age of a base - its sales, its lapsed share - is described on the pages and never a finding.
    """
    return Findings(
        Finding(name, verdict(ledger, key), key, grade="D", money=if_known(ledger, money), owner=owner)
        for name, (key, money, owner) in COMPARISONS.items()
        if ledger[key].value is not None
    )


def stage_label(ledger: Ledger) -> dict[str, dict[str, str]]:
    """The worst stage of the pipeline in words, as a slide's labels."""
    worst = ledger["base.pipeline.worst"].value
    key = f"chart.base.step_{worst}"
    return {"stage": {name: Words(name).fill(key) if worst else "" for name in LANGUAGES}}


def states(ledger: Ledger) -> dict[str, str]:
    """Which text fits each page: what was found, or why nothing can be.

    Returns:
        By page: loyal, distribution, cpm, mode, growth, pipeline, control, entry, products.
    """
    keys = {
        "distribution": "base.typical.state", "cpm": "base.cpm.state", "growth": "base.growth.state", "pipeline": "base.pipeline.state",
        "control": "base.chart.state", "products": "base.products.state", "loyal": "base.loyal.state",
        "mode": "base.mode.state", "entry": "base.entry.state",
    }  # fmt: skip
    found = {page: str(ledger[key].value) for page, key in keys.items()}
    if ledger["base.state"].value != "known":
        found["loyal"] = str(ledger["base.state"].value)
    if found["mode"] == "certain":
        found["mode"] = str(ledger["base.mode"].value)
    if found["entry"] == "known":
        found["entry"] = verdict(ledger, "base.entry.gap")
    return found
