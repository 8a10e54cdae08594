"""Counts for campaign lift: who was drawn to which arm, what each did before and after, and the sums by arm."""

from crmlib.summaries.lift.campaigns import described, eligible, judged, list_now
from crmlib.summaries.lift.dose import doses
from crmlib.summaries.lift.faults import faults
from crmlib.summaries.lift.groups import ALIKE, DIMENSIONS, OUTCOMES, PLAIN, arms, cells, segments
from crmlib.summaries.lift.history import measured, outcomes, voiced
from crmlib.summaries.lift.profiles import profiled
from crmlib.summaries.lift.registered import with_registered
from crmlib.summaries.lift.units import Drawn, log, pool, units, waves

__all__ = [
    "ALIKE",
    "DIMENSIONS",
    "OUTCOMES",
    "PLAIN",
    "Drawn",
    "arms",
    "cells",
    "described",
    "doses",
    "eligible",
    "faults",
    "judged",
    "list_now",
    "log",
    "measured",
    "outcomes",
    "pool",
    "profiled",
    "segments",
    "units",
    "voiced",
    "waves",
    "with_registered",
]  # fmt: skip
