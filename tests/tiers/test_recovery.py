"""What the simulator planted is found, and nothing where nothing was planted: members only, 20,000 customers, 20 seeds."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest

from crmlib import tiers
from crmlib.programme import Tiers, calendar_of
from crmlib.simulate import SimulationOptions, build, members
from crmlib.simulate.options import World
from crmlib.summaries import tiers as summary
from crmlib.summaries import tiers_frames, tiers_own
from crmlib.tiers.falls import clearest_fall
from crmlib.tiers.worth import worth
from tests import simulated

pytestmark = pytest.mark.full
SEEDS, CUSTOMERS = range(1, 21), 20_000
NAMES, KEYS = ("レギュラー", "シルバー", "ゴールド"), ("regular", "silver", "gold")
RULES = Tiers(order=NAMES, thresholds=(0, 30_000, 100_000), basis="fiscal_year_sales", review="yearly")
LINES = {1: 30_000, 2: 100_000}
WORLD = World(members=1.0, subscribers=0.0)
YOUNG = 2_500  # members of a client of 50,000 customers


@dataclass(frozen=True)
class Seen:
    moved: tiers.Migration
    change: tiers.Change
    works: dict[int, tiers.Threshold]
    truth: dict[str, float]


def seen(seed: int, size: int = CUSTOMERS, **options) -> Seen:
    made = simulated.store(size, seed=seed, world=WORLD, **options)
    days = calendar_of(RULES, date(2022, 4, 1), made.as_of, 4)
    frame = tiers_own.own(made.store.tier_history, NAMES, days, "fiscal_year")
    pairs = summary.moves(frame, len(days)).cache()
    moved = tiers.migration(summary.transitions(pairs).to_pandas(), NAMES, days)
    bins = tiers_frames.near_lines(pairs, LINES).to_pandas()
    truth = {name: planted.value for name, planted in made.truth.items() if name.startswith("tiers.")}
    return Seen(moved, tiers.change(moved), tiers.thresholds(bins, LINES), truth)


@pytest.fixture(scope="module")
def planted() -> list[Seen]:
    return [seen(seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def labelled() -> list[Seen]:
    """The cliff is off: the line labels. The planted fall of gold members is there."""
    return [seen(seed, without=("rank_cliff",)) for seed in SEEDS]


@pytest.fixture(scope="module")
def calm() -> list[Seen]:
    return [seen(seed, null=True) for seed in SEEDS]


def test_intervals_cover_the_planted_matrix(planted):
    covered = []
    for one in planted:
        for period in range(2):
            cells = np.ndindex(3, 3)
            rates = [(one.moved.rate(i, j, period), one.truth[f"tiers.year_{period + 1}_to_{period + 2}.{KEYS[i]}.{KEYS[j]}"]) for i, j in cells]  # fmt: skip
            covered += [rate.lower <= truth <= rate.upper for rate, truth in rates]
    assert 0.90 <= np.mean(covered) <= 0.99


def test_the_planted_change_of_one_cell_is_found(planted):
    cells = [one.change.cell(2, 0) for one in planted]
    assert sum(cell is not None and cell.changed and cell.difference.lower > 0 for cell in cells) >= 18


def test_unchanged_clients_raise_no_alarm(calm):
    assert sum(bool(one.change.changed) for one in calm) <= 1


def test_the_cliff_that_creates_spend_is_said_to(planted):
    assert sum(one.works[2].verdict == "creates" for one in planted) >= 18
    missing = [one.works[2].bunching.missing for one in planted]
    assert sum(share.lower <= 0.40 <= share.upper for share in missing) >= 17


def last_year(seed: int, *without: str) -> float:
    """What the members spent in the last year, from the simulator's own draws."""
    draft = build.client(SimulationOptions(YOUNG, seed=seed, world=WORLD, without=without)).draft
    return float(members.spend(draft.people, draft.world, draft.clock, seed).yen[:, -1].sum())


def test_the_money_of_the_line_is_what_the_cliff_brought():
    """The same clients with and without the cliff, small as they are; no fall, which would be part of the jump."""
    covered, values, truths = 0, [], []
    for seed in range(101, 141):
        found = seen(seed, YOUNG, without=("rank_fall",))
        made = worth(found.works[2], float(found.moved.amount_after[-1, 2].sum())).total
        truths.append(last_year(seed, "rank_fall") - last_year(seed, "rank_fall", "rank_cliff"))
        values.append(made.value)
        covered += made.lower <= truths[-1] <= made.upper
    assert covered >= 36
    assert np.mean(values) == pytest.approx(np.mean(truths), rel=0.2)


def test_the_planted_fall_of_a_young_programme_is_found_by_half_and_never_with_the_wrong_sign():
    found = [clearest_fall(seen(seed, YOUNG).moved) for seed in range(101, 141)]
    assert sum((one.before, one.after) == (2, 0) and one.difference.lower > 0 for one in found) >= 14
    assert not any(one.difference.upper < 0 for one in found)


def test_a_line_that_only_labels_is_never_said_to_create(planted, labelled, calm):
    silver = [one.works[1].verdict for one in (*planted, *labelled, *calm)]
    gold = [one.works[2].verdict for one in (*labelled, *calm)]
    assert "creates" not in silver + gold


def test_stock_and_flow_balance(planted, calm):
    assert all(tiers.balanced(one.moved) and tiers.whole_rows(one.moved) for one in (*planted, *calm))


def test_the_steady_mix_and_the_forecast_hold_where_nothing_changes(calm):
    truth = [one.truth for one in calm]
    held = []
    for one, known in zip(calm, truth, strict=True):
        matrix = np.array([[known[f"tiers.year_2_to_3.{a}.{b}"] for b in KEYS] for a in KEYS])
        steady = np.linalg.matrix_power(matrix / matrix.sum(axis=1, keepdims=True), 200)[0]
        ahead = tiers.forecast(one.moved)
        for shares in (ahead.steady, *ahead.share.values()):
            held += [share.lower <= value <= share.upper for share, value in zip(shares, steady, strict=True)]
        tried = tiers.trial(one.moved)
        held += [guess.lower <= came <= guess.upper for guess, came in zip(tried.forecast, tried.actual, strict=True)]
        held.append(tried.sales.lower <= tried.actual_sales <= tried.sales.upper)
    assert np.mean(held) >= 0.90
