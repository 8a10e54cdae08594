"""The six stages from a stranger to a repeat customer: counts, conversion, days, leakage in yen, who owns each step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from crmlib.intervals import Estimate, proportion, unknown

STAGES = ("latent", "prospect", "negotiable", "sales", "order", "repeat")
OWNERS: Mapping[str, str] = {
    "latent": "ma", "prospect": "ma", "negotiable": "ma", "sales": "sfa", "order": "sfa", "repeat": "crm",
}  # fmt: skip
SMALL_GROUP = 5


@dataclass(frozen=True)
class Step:
    """From one measured stage to the next.

    Args:
        start: Stage.
        end: Next measured stage.
        owner: Tool that owns the step: ma, sfa or crm (that of the stage it leads to).
        reached: Leads that came to the stage, and at least 180 days ago.
        conversion: Share of these that came to the next one.
        median: Median days to it, of those who came; NaN when nobody did.
        lost: Leads that did not go on.
        leakage: Yen that the lost would have brought had they gone on and then converted as others do (major units);
            NaN where the later stages or the value of an order are unknown.
    """

    start: str
    end: str
    owner: str
    reached: int
    conversion: Estimate
    median: float
    lost: int
    leakage: Estimate


@dataclass(frozen=True)
class Pipeline:
    """The six stages.

    Args:
        steps: Between measured stages.
        measured: Stages that the data hold.
        unmeasured: Stages that they do not.
        unknown: The client's words for stages that we do not know.
        worst: Index of the step with the largest leakage, -1 when there is none.
        why: Text key of why there is no pipeline, "" otherwise.
    """

    steps: tuple[Step, ...]
    measured: tuple[str, ...]
    unmeasured: tuple[str, ...]
    unknown: tuple[str, ...]
    worst: int
    why: str


def measured_stages(present: pd.DataFrame) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Stages of the six that the leads hold, in order, and words that are none of the six.

    Args:
        present: stage, leads; as `summaries.base_pipeline.present`.
    """
    words = [str(word) for word in present["stage"].dropna()]
    return tuple(name for name in STAGES if name in words), tuple(sorted(set(words) - set(STAGES)))


def pipeline(
    transitions: pd.DataFrame, stages: tuple[Sequence[str], Sequence[str]], outcomes: pd.DataFrame, scale: int
) -> Pipeline:
    """Conversion, days and leakage of each step.

    Where the leads do not follow customers to the repeat, the last step is taken from the orders: second purchase within 180 days.
    Leakage is descriptive: it assumes that a lead that is won back converts at the later stages as the others did.

    Args:
        transitions: stage (index), mature, on, days, n; as `summaries.base_pipeline.transitions`; empty without leads.
        stages: Measured stages and unknown words, as `measured_stages`.
        outcomes: n_180, again, n_365, amount_365; as `summaries.base.outcomes`: second purchases and sales of new customers.
        scale: Minor units per major unit.
    """
    again, value = _outcomes(outcomes, scale)
    measured, words = tuple(stages[0]), tuple(stages[1])
    steps = [_step(transitions, measured, place) for place in range(len(measured) - 1)]
    has_repeat = "repeat" in measured
    if not has_repeat and again.n >= SMALL_GROUP:
        lost = again.n - round(again.value * again.n)
        steps.append(
            Step("order", "repeat", OWNERS["repeat"], again.n, again, np.nan, lost, unknown(again.n, "no_value"))
        )
    seen = set(measured) | ({"order", "repeat"} if steps and steps[-1].end == "repeat" else set())
    valued = _leakages(steps, value)
    worth = [step.leakage.value if not step.leakage.why else -1.0 for step in valued]
    worst = int(np.argmax(worth)) if worth and max(worth) > 0 else -1
    gone = tuple(name for name in STAGES if name not in seen)
    why = "" if len(measured) > 1 else "no_leads"
    return Pipeline(tuple(valued), tuple(name for name in STAGES if name in seen), gone, words, worst, why)


def _outcomes(outcomes: pd.DataFrame, scale: int) -> tuple[Estimate, float]:
    """Share of new customers with a second purchase within 180 days; sales per new customer within 365 days, NaN if unknown."""
    row = outcomes.iloc[0]
    n, old = int(row["n_180"]), int(row["n_365"])
    again = proportion(int(row["again"]), n) if n >= SMALL_GROUP else unknown(n, "too_young")
    return again, float(row["amount_365"]) / old / scale if old >= SMALL_GROUP else float("nan")


def _step(transitions: pd.DataFrame, measured: Sequence[str], place: int) -> Step:
    rows = transitions[(transitions["stage"] == place) & transitions["mature"]]
    reached, on = int(rows["n"].sum()), int(rows["n"][rows["on"]].sum())
    conversion = proportion(on, reached) if reached >= SMALL_GROUP else unknown(reached, "too_young")
    start, end = measured[place], measured[place + 1]
    blank = unknown(reached, "no_value")
    return Step(start, end, OWNERS[end], reached, conversion, _median(rows), reached - on, blank)


def _median(rows: pd.DataFrame) -> float:
    known = rows.dropna(subset=["days"]).groupby("days")["n"].sum().sort_index()
    if not known.sum():
        return float("nan")
    return float(known.index.to_numpy()[np.searchsorted(known.cumsum().to_numpy(), known.sum() / 2)])


def _leakages(steps: Sequence[Step], value: float) -> list[Step]:
    """Lost leads x chance to order from the next stage on x value of an order customer.

    The step from order to repeat loses what a repeater is worth more: it is left unvalued, F2 has its own page.
    """
    found, chance = [], 1.0
    for step in reversed(steps):
        if step.end == "repeat":
            found.append(step)
            continue
        if step.conversion.why or not np.isfinite(value):
            found.append(step)
            chance = float("nan")
            continue
        yen = step.lost * chance * value
        error = [
            step.reached * (1 - limit) * chance * value for limit in (step.conversion.upper, step.conversion.lower)
        ]
        if np.isfinite(yen):
            step = replace(step, leakage=Estimate(yen, error[0], error[1], step.reached))  # noqa: PLW2901
        found.append(step)
        chance *= step.conversion.value
    return found[::-1]
