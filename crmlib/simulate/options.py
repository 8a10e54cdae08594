"""What can be asked of the simulator: size, seed, dirt, layout, which problems, and the world's numbers."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass, field

from crmlib.errors import ConfigError, Problem, did_you_mean

LAYOUTS = ("eccube4", "plain")
MAX_CUSTOMERS = 5_000_000
MAX_SEED = 2**63 - 1


@dataclass(frozen=True)
class World:
    """Every number of the generative model (formulas: docs/simulator.md). Times are days, money is yen.

    Shares of customers: the rest after subscribers and members buy à la carte. Of the à-la-carte customers,
    `lanes` go to campaigns, phone calls, complaints and incidents, and nothing (duplicates come from there), so
    that one problem's effect cannot leak into another's.
    """

    start: dt.date = dt.date(2022, 4, 1)
    as_of: dt.date = dt.date(2025, 3, 31)
    subscribers: float = 0.10
    members: float = 0.05
    lanes: tuple[float, float, float, float] = (0.46, 0.26, 0.20, 0.08)
    # BG/NBD: rate ~ Gamma(r, alpha days), dropout ~ Beta(a, b); Gamma-Gamma: order ~ Gamma(p, nu), nu ~ Gamma(q, g)
    r: float = 0.50
    alpha: float = 140.0
    a: float = 1.0
    b: float = 3.0
    p: int = 4
    q: float = 4.0
    g: float = 4500.0
    # season and trend
    season: float = 0.20
    trend: float = 0.15
    # shifted beta-geometric subscriptions
    sbg_alpha: float = 0.9
    sbg_beta: float = 2.4
    interval: int = 30
    skip: float = 0.06
    pause: float = 0.02
    second_subscription: float = 0.08
    # members: log yearly spend is AR(1); ranks by fiscal year
    spend_median: float = 32_000.0
    spend_sd: float = 0.9
    spend_memory: float = 0.7
    idle: float = 0.10
    thresholds: tuple[int, int] = (30_000, 100_000)
    # problems
    leak_day: int = 60
    leak: float = 0.35
    bad_months: tuple[int, int] = (14, 17)
    bad_rate: float = 0.35
    good_rate: float = 1.8
    cliff_jump: float = 0.30
    cliff_bunching: float = 0.40
    rank_fall: float = 0.15
    dm_effect: tuple[tuple[float, float], tuple[float, float]] = ((0.03, 0.12), (0.12, 0.01))
    phone_harm: float = 0.20
    gift_effect: float = 0.08
    sequence_best: float = 0.26
    sequence_rest: float = 0.14
    complaint_peak: float = 0.35
    complaint_leave: float = 0.55
    incident_leave: tuple[float, float] = (0.45, 0.10)
    cancel_lag: float = 0.60
    duplicates: float = 0.60
    books_gap: float = 0.04
    # the rest of the files
    cancelled: float = 0.025
    returned: float = 0.010
    guests: float = 0.03
    samples: float = 0.03
    leads: float = 0.40
    cpo: tuple[int, ...] = (5200, 7800, 3900, 2600, 9800, 1200)

    @property
    def days(self) -> int:
        """Days from start to as_of, both included."""
        return (self.as_of - self.start).days + 1


@dataclass(frozen=True)
class SimulationOptions:
    """What `simulate` makes.

    Args:
        customers: How many customers, 1 to 5 million (registered ids; guests and duplicate ids come on top).
        seed: The same seed gives the same client, byte for byte.
        null: Plant nothing: no problem, no season, no trend.
        dirt: 0 (clean) to 1 (about 6 % of the orders are damaged in one way or another).
        layout: `eccube4` (70 columns, CP932) or `plain` (UTF-8, orders.csv and order_lines.csv).
        without: Problems to switch off, by name (`crmlib.simulate.PROBLEMS`).
        world: The numbers of the model.

    Raises:
        ConfigError: every bad value, at once.
    """

    customers: int
    seed: int = 1
    null: bool = False
    dirt: float = 0.0
    layout: str = "eccube4"
    without: tuple[str, ...] = ()
    world: World = field(default_factory=World)

    def __post_init__(self) -> None:
        problems = [problem for problem in (*_size_problems(self), *_word_problems(self)) if problem]
        if problems:
            raise ConfigError(problems)

    @property
    def effective(self) -> World:
        """The world with every problem that is off set to its neutral numbers."""
        from crmlib.simulate.problems import PROBLEMS

        off = [problem for problem in PROBLEMS if self.null or problem.name in self.without]
        neutral = {name: value for problem in off for name, value in problem.neutral.items()}
        return dataclasses.replace(self.world, **neutral)


def _size_problems(options: SimulationOptions) -> list[Problem | None]:
    size, seed, dirt = options.customers, options.seed, options.dirt
    whole = "a whole number from {} to {:,}".format
    return [
        None if 1 <= size <= MAX_CUSTOMERS else Problem(f"{size} customers", "--customers", whole(1, MAX_CUSTOMERS)),
        None if 0 <= seed <= MAX_SEED else Problem(f"seed {seed}", "--seed", whole(0, MAX_SEED)),
        None if 0 <= dirt <= 1 else Problem(f"dirt {dirt}", "--dirt", "a number from 0 (clean) to 1"),
    ]


def _word_problems(options: SimulationOptions) -> list[Problem | None]:
    from crmlib.simulate.problems import NAMES

    layout = options.layout
    unknown = [
        Problem(f"there is no problem '{name}' to switch off", "without", hint=did_you_mean(name, NAMES))
        for name in options.without
        if name not in NAMES
    ]
    known = None if layout in LAYOUTS else Problem(f"layout '{layout}'", "--layout", hint=did_you_mean(layout, LAYOUTS))
    return [known, *unknown]
