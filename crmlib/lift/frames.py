"""Results as tables to look at in a notebook."""

from __future__ import annotations

import pandas as pd

from crmlib.lift.studies import Study


def overview(study: Study) -> pd.DataFrame:
    """Every campaign and version on purchases: effect, interval, response, q, verdict, grade, net yield."""
    rows = [
        {
            "campaign": one.campaign, "version": version.version, "treated": version.treated, "control": version.control,
            "response": outcome.estimate.naive.value, "effect": outcome.estimate.ate.value, "lower": outcome.estimate.ate.lower,
            "upper": outcome.estimate.ate.upper, "q": outcome.q, "verdict": outcome.verdict, "grade": outcome.grade,
            "net": version.money.net.value, "srm_p": one.srm_p,
        }
        for one, version in study.pairs
        if (outcome := version.outcomes.get("purchase")) is not None
    ]  # fmt: skip
    columns = (
        "campaign",
        "version",
        "treated",
        "control",
        "response",
        "effect",
        "lower",
        "upper",
        "q",
        "verdict",
        "grade",
        "net",
        "srm_p",
    )
    return pd.DataFrame(rows, columns=columns)


def compared(study: Study, most: int = 8) -> pd.DataFrame:
    """The clearest differences between groups: of a version's effect, and of the gap between two versions."""
    rows = [
        {
            "campaign": one.campaign, "version": f"{one.pair[0]} - {one.pair[1]}", "dimension": one.dimension,
            "groups": len(one.groups), "effect": one.effect.ate.value, "interaction_p": one.interaction_p,
        }
        for one in study.contrasts
    ] + [
        {
            "campaign": one.campaign, "version": one.version, "dimension": one.dimension, "groups": len(one.groups),
            "effect": float("nan"), "interaction_p": one.p,
        }
        for one in study.responders
    ]  # fmt: skip
    columns = ("campaign", "version", "dimension", "groups", "effect", "interaction_p")
    return (
        pd.DataFrame(rows, columns=columns)
        .sort_values("interaction_p", kind="stable")
        .head(most)
        .reset_index(drop=True)
    )
