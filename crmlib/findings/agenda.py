"""What to decide, stop and test, out of the findings and the ledger of all analyses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import pandas as pd

from crmlib.actions import MARGIN, SALES, SAVED, SOON, Agenda, Saving, check_day, in_margin, joint, savings
from crmlib.findings.model import Finding
from crmlib.findings.stakes import CHANGES, OTHER, RULES, stakes
from crmlib.intervals import LEVEL, Estimate, times
from crmlib.numbers.model import Ledger, Number

OVERSPEND, STOPPED, CALLS = "ltv.overspend.", "lift.stop.", "lift.calls.total_yen"


def agenda(
    found: Sequence[Finding], ledger: Ledger, cells: pd.DataFrame, setting: tuple[dt.date, int, float | None]
) -> Agenda:
    """What follows from the findings, counted once.

    Args:
        found: Findings of all analyses.
        ledger: Their numbers.
        cells: As `summaries.actions.cells` of `stakes.touches`, minor units.
        setting: as_of, minor units per major unit, margin rate (None when unknown).
    """
    as_of, scale, rate = setting
    known = tuple(in_margin(stake, rate) for stake in stakes(found, ledger))
    measure = SALES if rate is None else MARGIN
    worth = cells.assign(worth=cells["worth"] / scale * (1.0 if rate is None else rate))
    counted = [stake for stake in known if stake.basis == measure]
    losses = [stake for stake in counted if stake.yen.value < 0]
    days = check_day(as_of, SOON), check_day(as_of)
    return Agenda(known, joint(counted, worth), joint(losses, worth), savings([*_savings(found, ledger)]), *days)


def _savings(found: Sequence[Finding], ledger: Ledger) -> Iterator[Saving]:
    """Campaigns that lose, media above what a customer brings, calls that drive away; whether certain is judged later."""
    spoken = {str(ledger[key].value) for key in ("lift.call.campaign",) if key in ledger}
    place = 1
    while f"{STOPPED}{place}.net_yen" in ledger:
        name = str(ledger[f"{STOPPED}{place}.campaign"].value)
        if name not in spoken:
            yield Saving("campaign", name, _less(ledger[f"{STOPPED}{place}.net_yen"]))
        place += 1
    for key in ledger:
        medium = key.removeprefix(OVERSPEND)
        if key.startswith(OVERSPEND) and medium != "all" and ledger[key].lower is not None:
            yield Saving("medium", medium, _more(ledger[key]))
    calls = any(one.id == "lift.calls" and one.verdict == "negative" for one in found)
    if calls and CALLS in ledger and ledger[CALLS].lower is not None:
        yield Saving("calls", str(ledger["lift.call.campaign"].value), _less(ledger[CALLS]))


def _more(number: Number) -> Estimate:
    value, lower, upper = (float(part or 0) for part in (number.value, number.lower, number.upper))
    return Estimate(value, lower, upper, number.n or 0, level=number.level or LEVEL)


def _less(number: Number) -> Estimate:
    """A loss as what is saved by ending it."""
    return times(_more(number), -1)


def standing(one: Finding, ledger: Ledger) -> str:
    """How a finding's money stands: loss, gain (to be won), there (a gain already), saved (a cost), or open.

    Args:
        one: A finding.
        ledger: With its stake.
    """
    number = ledger[f"actions.stake.{one.id}"]
    value = float(number.value) if isinstance(number.value, int | float) else 0.0
    certain = (number.lower or 0) > 0 or (number.upper or 0) < 0
    if one.verdict == "inconclusive" or not certain:
        return "open"
    if RULES.get(one.id, OTHER).basis == SAVED and value < 0:
        return "saved"
    if value < 0:
        return "loss"
    return "there" if one.id in CHANGES else "gain"
