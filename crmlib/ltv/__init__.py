"""Lifetime value: how often customers will buy again, for how much, and how far to trust the answer.

Time goes in as whole days and the models' unit is the week (days / 7, never truncated: whole weeks bias the fit).
Money goes in and comes out in major units of the currency.

* `patterns`      customers with the same (frequency, recency, T) are one row with a weight
* `bg_nbd`, `mbg_nbd`, `pareto_nbd`, `mbg_cnbd`, `nbd`   how often, by maximum likelihood; `models` has them under one roof
* `gamma_gamma`   for how much: Gamma-Gamma by maximum likelihood
* `holdout`, `race`  every model against every other and against baselines on dates that it has not seen
* `verdicts`      PASS, REVIEW or FAIL per use, and the rule
* `value`, `futures`, `mixed`   customer lifetime value with intervals, simulated futures, subscriptions beside single purchases
* `bootstrap`     draws of the parameters and intervals of what is made from them
* `segments`      partial pooling and covariates, and whether they help
* `concentration`, `protect`, `scores`  where that value sits, who is slipping away, one row per customer
* `curve`, `entry`, `acquisition`  value by days since the first purchase, by how customers began, against what they cost
* `balance`       five years without a new customer
* `study`         all of it in one place
* `second_opinion` what the `lifetimes` package says
"""

from crmlib.ltv import (
    acquisition,
    balance,
    bg_nbd,
    bootstrap,
    concentration,
    curve,
    entry,
    futures,
    gamma_gamma,
    holdout,
    mbg_cnbd,
    mbg_nbd,
    mixed,
    models,
    nbd,
    pareto_nbd,
    patterns,
    protect,
    race,
    scores,
    second_opinion,
    segments,
    value,
    verdicts,
)
from crmlib.ltv.beginnings import beginnings
from crmlib.ltv.study import Beginnings, Study

__all__ = [
    "Beginnings", "Study", "acquisition", "balance", "beginnings", "bg_nbd", "bootstrap", "concentration", "curve", "entry",
    "futures", "gamma_gamma", "holdout", "mbg_cnbd", "mbg_nbd", "mixed", "models", "nbd", "pareto_nbd", "patterns",
    "protect", "race", "scores", "second_opinion", "segments", "value", "verdicts",
]  # fmt: skip
