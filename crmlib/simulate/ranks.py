"""The transition matrix that the members' model implies, by quadrature over a fine grid of the latent spend.

State: the latent b (a grid of +-6 sd) and whether the year before was gold; see members.py for the model. The matrix of a
pair of calendar years mixes the members by their year of joining.
"""

from __future__ import annotations

import dataclasses
from functools import lru_cache

import numpy as np

from crmlib.simulate.members import NEAR
from crmlib.simulate.options import World
from crmlib.simulate.streams import Floats

TIERS = ("regular", "silver", "gold")
_GRID = np.linspace(-6, 6, 481)


def transitions(world: World, joining: tuple[float, ...]) -> tuple[Floats, ...]:
    """One 3 x 3 matrix (rows from, sum to 1) for each pair of fiscal years that follow each other.

    Args:
        world: The numbers of the rank model.
        joining: Share of the members who join in each fiscal year.
    """
    return _transitions(_only_ranks(world), joining)


def transitions_without_fall(world: World, joining: tuple[float, ...]) -> tuple[Floats, ...]:
    """The same if no gold member fell beyond the usual."""
    return _transitions(dataclasses.replace(_only_ranks(world), rank_fall=0.0), joining)


def _only_ranks(world: World) -> World:
    used = (
        "spend_median",
        "spend_sd",
        "spend_memory",
        "idle",
        "thresholds",
        "cliff_jump",
        "cliff_bunching",
        "rank_fall",
    )
    return World(**{name: getattr(world, name) for name in used})


@lru_cache(maxsize=32)
def _transitions(world: World, joining: tuple[float, ...]) -> tuple[Floats, ...]:
    last = len(joining) - 2
    found = []
    for year in range(last + 1):
        flows = [joining[joined] * _flow(world, year - joined, fallen=year == last) for joined in range(year + 1)]
        mixed = np.sum(flows, axis=0)
        found.append(mixed / mixed.sum(axis=1, keepdims=True))
    return tuple(found)


@lru_cache(maxsize=32)
def _flow(world: World, age: int, *, fallen: bool) -> Floats:
    """Joint probability of the ranks in the year at this age (0: of joining) and in the next."""
    rho = world.spend_memory
    density = np.exp(-0.5 * ((_GRID[None, :] - rho * _GRID[:, None]) ** 2) / (1 - rho**2))
    kernel = density / density.sum(axis=1, keepdims=True)
    start = np.exp(-0.5 * _GRID**2)
    mass = np.stack([start / start.sum(), np.zeros_like(start)])  # by whether the year before was gold
    chance = np.stack([_tier_chance(world, 0.0), _tier_chance(world, world.cliff_jump)])
    for _ in range(age):
        moved = _moved(mass, chance, kernel)
        mass = np.stack([moved[0] + moved[1], moved[2]])
    moved, then = _moved(mass, chance, kernel), _fallen(chance, world) if fallen else chance
    return np.stack([moved[0] @ then[0], moved[1] @ then[0], moved[2] @ then[1]])


def _moved(mass: Floats, chance: Floats, kernel: Floats) -> Floats:
    return np.asarray(np.einsum("gb,gbt->tb", mass, chance) @ kernel)


def _fallen(chance: Floats, world: World) -> Floats:
    fallen = chance[1] * (1 - world.rank_fall)
    fallen[:, 0] += world.rank_fall
    return np.stack([chance[0], fallen])


def _tier_chance(world: World, jump: float) -> Floats:
    half = world.spend_sd * (_GRID[1] - _GRID[0]) / 2
    log_spend = np.log(world.spend_median) + world.spend_sd * _GRID + jump

    def above(yen: float) -> Floats:
        return np.clip((log_spend - np.log(yen)) / (2 * half) + 0.5, 0, 1)

    silver, line = world.thresholds
    gold = above(line) + world.cliff_bunching * (above(NEAR * line) - above(line))
    active = 1 - world.idle
    return np.stack([1 - active * above(silver), active * (above(silver) - gold), active * gold], axis=1)
