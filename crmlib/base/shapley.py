"""A change divided among its causes, so that the shares add up to it exactly."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction

Number = int | float | Fraction


def shares(value: Callable[[tuple[int, ...]], Number], factors: int) -> list[Number]:
    """Each factor's part of value(1, 1, ...) - value(0, 0, ...): the mean of its effect over all orders of change.

    No factor is treated as the first or the last to change, and nothing is left over.

    Args:
        value: The total when factor i is as last year (0) or as this year (1).
        factors: How many there are.

    Source:
        Shapley (1953); for index numbers Sun (1998), Energy Economics 20, 85-100. The formula is the definition,
        written out; tests compare it with the closed forms of two and three factors.

    Example:
        >>> shares(lambda on: (10, 12)[on[0]] * (5, 6)[on[1]], 2)  # 50 -> 72
        [Fraction(11, 1), Fraction(11, 1)]
    """
    found: list[Number] = []
    for factor in range(factors):
        others = [place for place in range(factors) if place != factor]
        part: Number = Fraction(0)
        for size in range(factors):
            weight = Fraction(math.factorial(size) * math.factorial(factors - size - 1), math.factorial(factors))
            for chosen in itertools.combinations(others, size):
                part = part + _scaled(weight, _effect(value, factor, chosen, factors))
        found.append(part)
    return found


def _effect(value: Callable[[tuple[int, ...]], Number], factor: int, chosen: tuple[int, ...], factors: int) -> Number:
    before = tuple(int(place in chosen) for place in range(factors))
    after = tuple(int(place in chosen or place == factor) for place in range(factors))
    return value(after) - value(before)


def _scaled(weight: Fraction, effect: Number) -> Number:
    return float(weight) * effect if isinstance(effect, float) else weight * effect


def whole(parts: Sequence[Number], total: int) -> list[int]:
    """Parts rounded to whole units that add up to the total: what rounding down leaves goes to the largest remainders.

    Example:
        >>> whole([Fraction(1, 3), Fraction(1, 3), Fraction(4, 3)], 2)
        [1, 0, 1]
    """
    down = [math.floor(part) for part in parts]
    left = total - sum(down)
    order = sorted(range(len(parts)), key=lambda place: (down[place] - parts[place], place))
    share, extra = divmod(left, len(parts))
    return [value + share + int(order.index(place) < extra) for place, value in enumerate(down)]
