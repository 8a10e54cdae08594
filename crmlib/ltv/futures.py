"""Simulated futures: what customers with a given history might do, if the model and its parameters were true.

Each customer draws whether he is still active, his own rate and inclination to leave and his own level of amounts from what
his history leaves open, and then lives through the years to come. This is the chance that no sample size takes away, and a
check of the expectations that are computed in closed form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crmlib.ltv import gamma_gamma, models
from crmlib.ltv.bg_nbd import BgNbd
from crmlib.ltv.mbg_cnbd import MbgCnbd
from crmlib.ltv.mbg_cnbd_likelihood import stages
from crmlib.ltv.pareto_nbd import ParetoNbd
from crmlib.ltv.patterns import DAYS_PER_WEEK

if TYPE_CHECKING:
    from crmlib.ltv.gamma_gamma import GammaGamma
    from crmlib.ltv.models import Model
    from crmlib.ltv.value import Histories
    from crmlib.newton import FloatArray

SAMPLE, SEED = 20_000, 20_250_401
MOST_PURCHASES = 5_000  # of one customer; beyond, a rate is out of bounds
DAYS_PER_MONTH = 365.25 / 12


def purchases(model: Model, h: Histories, days: float, seed: int = SEED) -> list[tuple[FloatArray, FloatArray]]:
    """Future purchases within `days`, one round after the other: (index of the history, days from now) of each round.

    Every history is one customer here, whatever its weight.
    """
    draw = np.random.default_rng(seed)
    x, t_x, T = h.frequency, h.recency / DAYS_PER_WEEK, h.T / DAYS_PER_WEEK
    weeks = days / DAYS_PER_WEEK
    alive = models.probability_alive(model, h.frequency, h.recency, h.T)
    who = np.flatnonzero(draw.random(len(x)) < alive)
    k, passed = _stage(model, (x[who], t_x[who], T[who]), draw)
    rate = draw.gamma(model.r + k * x[who] + passed, 1 / (model.alpha + T[who]))
    ends, leave = _leaving(model, x[who], T[who], draw)
    now, need, ends, rounds = np.zeros(len(who)), k - passed, np.minimum(ends, weeks), []
    active = np.arange(len(who))
    for _ in range(MOST_PURCHASES):
        now[active] += draw.gamma(need[active]) / rate[active]
        need[active] = k
        active = active[now[active] <= ends[active]]
        if not len(active):
            break
        rounds.append((who[active], now[active] * DAYS_PER_WEEK))
        active = active[draw.random(len(active)) >= leave[active]]
    return rounds


def values(model: Model, amount: GammaGamma, h: Histories, discount_rate: float, months: tuple[int, ...]) -> FloatArray:
    """One simulated discounted value per history (as one customer) and horizon, shape (horizons, histories)."""
    draw = np.random.default_rng(SEED + 1)
    level = draw.gamma(amount.p * h.frequency + amount.q, 1 / (amount.v + h.total))
    found = np.zeros((len(months), len(h.frequency)))
    for who, day in purchases(model, h, max(months) * DAYS_PER_MONTH):
        month = np.maximum(np.ceil(day / DAYS_PER_MONTH), 1)
        money = draw.gamma(amount.p, 1 / level[who]) / (1 + discount_rate) ** (month / 12)
        for row, horizon in enumerate(months):
            found[row, who] += np.where(month <= horizon, money, 0.0)
    return found


def relative_errors(model: Model, amount: GammaGamma, h: Histories, discount_rate: float) -> FloatArray:
    """Standard deviation of the base's realised value over its expectation, parameters known, per horizon of `value`.

    From a sample of at most 20,000 customers.
    """
    from crmlib.ltv.value import HORIZONS, discounted_purchases

    some = sample(h)
    expected = discounted_purchases(model, some, discount_rate, max(HORIZONS))[np.array(HORIZONS) - 1]
    expected = expected * gamma_gamma.expected_amount(amount, some.frequency, some.total)
    found = values(model, amount, some, discount_rate, HORIZONS)
    customers, drawn = h.weight.sum(), len(some.frequency)
    variance = ((found - expected) ** 2).sum(axis=1) * customers / drawn
    return np.asarray(np.sqrt(variance) / (expected.sum(axis=1) * customers / drawn))


def sample(h: Histories, size: int = SAMPLE) -> Histories:
    """One row per customer, or an even sample of `size` of them."""
    from crmlib.ltv.value import Histories

    n = int(h.weight.sum())
    place = np.arange(n) if n <= size else (np.arange(size) * n) // size
    row = np.searchsorted(np.cumsum(h.weight), place, side="right")
    return Histories(h.frequency[row], h.recency[row], h.T[row], h.total[row], np.ones(len(row)))


def _stage(
    model: Model, history: tuple[FloatArray, FloatArray, FloatArray], draw: np.random.Generator
) -> tuple[int, FloatArray]:
    """Stages to a purchase, and how many of them each active customer has already passed."""
    if not isinstance(model, MbgCnbd):
        return 1, np.zeros(len(history[0]))
    logs = stages(model.parameters, model.k, *history)[:-1]
    share = np.exp(logs - logs.max(axis=0))
    cumulative = np.cumsum(share / share.sum(axis=0), axis=0)
    return model.k, (draw.random(len(history[0])) > cumulative).sum(axis=0).astype(float)


def _leaving(model: Model, x: FloatArray, T: FloatArray, draw: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """The week in which an active customer's lifetime ends, and his probability of leaving after each purchase."""
    never = np.full(len(x), np.inf)
    if isinstance(model, ParetoNbd):
        return draw.exponential(1 / draw.gamma(model.s, 1 / (model.beta + T))), np.zeros(len(x))
    if isinstance(model, BgNbd | MbgCnbd):
        first_chance = model.FIRST_CHANCE if isinstance(model, BgNbd) else 1
        return never, draw.beta(model.a, model.b + x + first_chance)
    return never, np.zeros(len(x))
