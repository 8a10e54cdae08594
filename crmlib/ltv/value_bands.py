"""Bands of how value is spread: the share of each tenth of the customers in the 12-month value, by draws of the parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crmlib.intervals import Estimate, unknown
from crmlib.ltv import bootstrap, concentration, futures, gamma_gamma
from crmlib.ltv.value import discounted_purchases

if TYPE_CHECKING:
    from crmlib.ltv.gamma_gamma import GammaGamma
    from crmlib.ltv.models import Model
    from crmlib.ltv.value import CustomerValue
    from crmlib.newton import FloatArray

SAMPLE, MONTHS, NUDGE = 4_000, 12, 1e-3


def deciles(model: Model, amount: GammaGamma, worth: CustomerValue) -> tuple[Estimate, ...]:
    """Share of the 12-month value held by each tenth, with 95 % bands of 200 draws of all parameters.

    From an even sample of at most 4,000 customers, whose values move as their logarithms do to first order.
    """
    if worth.why:
        return (unknown(worth.customers, worth.why),) * concentration.DECILES
    h = futures.sample(worth.histories, SAMPLE)
    size = len(model.parameters)

    def logs(step: FloatArray) -> FloatArray:
        bought = discounted_purchases(model.shifted(step[:size]), h, worth.discount_rate, MONTHS)[-1]
        each = gamma_gamma.expected_amount(amount.shifted(step[size:]), h.frequency, h.total)
        return np.log(np.maximum(bought * each, 1e-300))

    centre = logs(np.zeros(size + 3))
    slopes = np.stack([(logs(row) - logs(-row)) / (2 * NUDGE) for row in NUDGE * np.eye(size + 3)], axis=1)
    random = np.random.default_rng(bootstrap.SEED)
    sizes = random.multivariate_normal(np.zeros(3), amount.log_covariance, bootstrap.DRAWS)
    steps = np.hstack([bootstrap.draws(model), sizes])
    shares = np.array([_shares(np.exp(centre + slopes @ step)) for step in steps])
    low, high = np.quantile(shares, [0.025, 0.975], axis=0) - _shares(np.exp(centre))
    at = concentration.by_decile(worth)
    return tuple(
        Estimate(float(share), float(share + down), float(share + up), worth.customers)
        for share, down, up in zip(at, low, high, strict=True)
    )


def _shares(value: FloatArray) -> FloatArray:
    ordered = np.r_[0.0, np.cumsum(np.sort(value)[::-1])]
    edges = np.linspace(0, len(value), concentration.DECILES + 1)
    return np.diff(np.interp(edges, np.arange(len(ordered)), ordered)) / ordered[-1]
