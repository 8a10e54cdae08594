"""Studies of made-up clients, from memory: with everything, and with nothing."""

import functools

from crmlib import lift
from crmlib.summaries import lift as counts
from tests import simulated

WINDOW = 30


def study_of(store, as_of, margin_rate=0.45, currency="JPY"):
    """The whole study of a store."""
    known = counts.judged(store, as_of, WINDOW, 70_000)
    frames = (
        counts.arms(known), counts.segments(known), counts.cells(known), counts.described(store), counts.doses(store, as_of),
        counts.faults(store, as_of, WINDOW), counts.list_now(store, as_of, WINDOW),
    )  # fmt: skip
    made = lift.Counts(*(frame.to_pandas() for frame in frames))
    return lift.study(made, lift.Economy(margin_rate, 1, 0.01, currency), WINDOW)


@functools.cache
def big():
    """A simulated client on which the planted effects are seen."""
    made = simulated.store(20_000, seed=1)
    return study_of(made.store, made.as_of)


@functools.cache
def small():
    """One on which next to nothing can be told."""
    made = simulated.store(1_500, seed=3)
    return study_of(made.store, made.as_of)


@functools.cache
def calm():
    """One in which nothing is planted."""
    made = simulated.store(12_000, seed=2, null=True)
    return study_of(made.store, made.as_of)
