"""Money of choosing between versions: the better one for everybody, or each group of customers its better one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from crmlib.intervals import Estimate, unknown, z
from crmlib.lift.money import Economy
from crmlib.lift.versions import Contrast

# Findings are said at 1 in 100: every client's versions are compared, and those shown are the clearest of all comparisons.
SURE = 0.99


@dataclass(frozen=True)
class Matching:
    """Where two versions differ most by group of customers.

    Args:
        contrast: The two versions.
        most: The group in which the newer one gains most against the older one.
        least: The group in which it gains least.
        spread: Difference of the two groups' differences; its interval holds for all pairs of groups and all contrasts.
        gain: Margin if each group had received its better version instead of either at random, major units.
    """

    contrast: Contrast
    most: str
    least: str
    spread: Estimate
    gain: Estimate


def matching(
    contrasts: Sequence[Contrast], spent: Sequence[Contrast], economy: Economy, level: float = SURE
) -> Matching | None:
    """The pair of groups and versions with the clearest difference; None where no contrast has two groups.

    Args:
        contrasts: Of purchases.
        spent: Of spend, minor units.
        economy: Margin and currency.
        level: Of the interval, for everything compared together.
    """
    pairs = [(one, *sides) for one in contrasts for sides in combinations(one.groups, 2)]
    if not pairs:
        return None
    within = 1 - (1 - level) / len(pairs)
    one, first, second = max(pairs, key=lambda pair: abs(_score(*pair)))
    most, least = sorted((first, second), key=lambda group: -one.groups[group].value)
    gap, half = _gap(one, most, least), z(within) * _error(one, most, least)
    spread = Estimate(gap, gap - half, gap + half, one.effect.n, level=level)
    money = next((each for each in spent if each.key == one.key), None)
    return Matching(one, most, least, spread, _gain(one, money, economy))


def switch(one: Contrast, spent: Sequence[Contrast], economy: Economy) -> Estimate:
    """Margin if those who received the worse version had received the better one, major units, the costs' difference counted.

    Args:
        one: The versions, by purchases.
        spent: Contrasts of spend, minor units.
        economy: Margin and currency.
    """
    money = next((each for each in spent if each.key == one.key), None)
    if money is None or money.effect.ate.why:
        return unknown(one.effect.n, "too_few")
    better = bool(one.effect.ate.value > 0)
    moved = one.sent[1] if better else one.sent[0]
    return _priced([(moved if better else -moved, money.effect.ate)], one, economy)


def _gain(one: Contrast, money: Contrast | None, economy: Economy) -> Estimate:
    """Half of what the groups' differences come to over all who were contacted: at random each version had one half."""
    if money is None or set(money.groups) != set(one.groups):
        return unknown(one.effect.n, "too_few")
    signs = {group: (1 if effect.value > 0 else -1) for group, effect in one.groups.items()}
    parts = [(signs[group] * one.groups[group].n / 2, money.groups[group]) for group in one.groups]
    return _priced(parts, one, economy)


def _priced(parts: Sequence[tuple[float, Estimate]], one: Contrast, economy: Economy) -> Estimate:
    """Sum of customers x (difference of spend x margin - difference of cost), in major units, as sure as what chose it."""
    dearer, rate = one.cost[0] - one.cost[1], economy.margin_rate
    if not np.isfinite(rate + dearer):
        return unknown(one.effect.n, "no_margin")
    value = sum(customers * (effect.value * rate - dearer) for customers, effect in parts) / economy.scale
    errors = [customers * rate * (effect.upper - effect.lower) / (2 * z(effect.level)) for customers, effect in parts]
    half = z(SURE) * float(np.sqrt(np.sum(np.square(errors)))) / economy.scale
    return Estimate(value, value - half, value + half, one.effect.n, level=SURE)


def _gap(one: Contrast, group: str, other: str) -> float:
    return one.groups[group].value - one.groups[other].value


def _error(one: Contrast, *groups: str) -> float:
    sides = [one.groups[group] for group in groups]
    return float(np.linalg.norm([(side.upper - side.lower) / (2 * z(side.level)) for side in sides]))


def _score(one: Contrast, group: str, other: str) -> float:
    error = _error(one, group, other)
    return _gap(one, group, other) / error if error > 0 else 0.0
