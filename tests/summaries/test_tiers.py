"""Tiers over time against hand examples, a literal replay of the rules in Python, and the simulated client's own history."""

import datetime as dt
from collections import defaultdict
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pytest

from crmlib import tiers as diagnostic
from crmlib.programme import Tiers, calendar_of, month_number, resolved, review_date
from crmlib.simulate.options import World
from crmlib.summaries import orders, tiers_design, tiers_flows, tiers_frames, tiers_line, tiers_own, tiers_segments
from crmlib.summaries import tiers as summary
from tests import simulated

SCHEMA = {"customer_id": "int64", "order_date": "date", "amount": "int64"}
RANKS = {"order": ("R", "S", "G"), "thresholds": (0, 30_000, 100_000)}
NAMES = ("レギュラー", "シルバー", "ゴールド")
MEMBERS = World(members=1.0, subscribers=0.0)


def purchases(rows) -> ir.Table:
    return ibis.memtable(pd.DataFrame(rows, columns=list(SCHEMA)), schema=SCHEMA)


def tiers_of(rows, rules: Tiers, days, start: int = 4) -> dict[tuple[int, date], tuple[int, int]]:
    made = resolved(rules, days, fiscal_year_start=start)
    found = summary.history(purchases(rows), made).to_pandas()
    return {
        (int(c), made.reviews[r]): (int(t), int(a))
        for c, r, t, a in zip(*(found[name] for name in ("customer_id", "review", "tier", "amount")), strict=True)
    }


def test_exactly_the_threshold_is_enough_and_one_yen_less_is_not():
    day = date(2024, 3, 31)
    rows = [(1, date(2023, 6, 1), 30_000), (2, date(2023, 6, 1), 29_999), (3, date(2023, 6, 1), 100_000), (4, date(2023, 6, 1), 99_999)]  # fmt: skip
    found = tiers_of(rows, Tiers(**RANKS), [day])
    assert [found[c, day][0] for c in (1, 2, 3, 4)] == [1, 0, 2, 1]


def test_orders_on_the_review_day_count_and_those_of_a_year_before_do_not():
    day = date(2024, 3, 31)
    rows = [(1, date(2024, 3, 31), 30_000), (2, date(2023, 4, 1), 30_000), (3, date(2023, 3, 31), 30_000), (4, date(2024, 4, 1), 30_000)]  # fmt: skip
    found = tiers_of(rows, Tiers(**RANKS), [day])
    assert [found[c, day][0] for c in (1, 2, 3)] == [1, 1, 0]
    assert (4, day) not in found  # not come yet


def test_a_leap_day_belongs_to_the_twelve_months_that_end_with_its_month():
    leap = date(2024, 2, 29)
    days = [date(2024, 2, 29), date(2025, 1, 31), date(2025, 2, 28)]
    found = tiers_of([(1, leap, 30_000)], Tiers(**RANKS), days)
    assert [found[1, day][0] for day in days] == [1, 1, 0]


def test_a_review_day_within_the_month_cuts_the_window_on_that_day():
    rules = Tiers(**RANKS, review_day=20)
    days = [date(2024, 3, 20), date(2025, 3, 20)]
    found = tiers_of([(1, date(2024, 3, 20), 30_000), (2, date(2024, 3, 21), 30_000)], rules, days)
    assert (found[1, days[0]][0], found[1, days[1]][0]) == (1, 0)
    assert found[2, days[1]][0] == 1
    assert (2, days[0]) not in found


def test_the_fiscal_year_counts_the_better_of_last_year_and_this_year_so_far():
    rules = Tiers(**RANKS, basis="fiscal_year_sales", review="quarterly")
    days = [date(2024, 3, 31), date(2024, 6, 30), date(2024, 12, 31), date(2025, 3, 31)]
    found = tiers_of([(1, date(2023, 5, 1), 40_000), (1, date(2024, 8, 1), 120_000), (2, date(2023, 5, 1), 40_000)], rules, days)  # fmt: skip
    assert [found[1, day] for day in days] == [(1, 40_000), (1, 40_000), (2, 120_000), (2, 120_000)]
    assert [found[2, day][0] for day in days] == [1, 1, 1, 0]


def test_a_good_year_carries_over():
    rules = Tiers(**RANKS, carry_over_years=1)
    days = [review_date(month_number(date(2024, 3, 31)) + 12 * k) for k in range(3)]
    assert [tiers_of([(1, date(2024, 1, 1), 100_000)], rules, days)[1, day][0] for day in days] == [2, 2, 0]


def test_keep_amounts_grace_and_steps():
    spend = [(1, date(2023, 6, 1), 100_000), (1, date(2024, 6, 1), 80_000), (1, date(2025, 6, 1), 10_000)]
    days = [date(2024, 3, 31), date(2025, 3, 31), date(2026, 3, 31), date(2027, 3, 31)]

    def path(**rules) -> list[int]:
        found = tiers_of(spend, Tiers(**RANKS, review="yearly", leave_after_months=60, **rules), days)
        return [found[1, day][0] for day in days]

    assert path() == [2, 1, 0, 0]
    assert path(keep=(0, 20_000, 80_000)) == [2, 2, 0, 0]
    assert path(grace_reviews=1) == [2, 2, 0, 0]
    assert path(grace_reviews=2) == [2, 2, 2, 0]
    assert path(down="one_step") == [2, 1, 0, 0]
    assert path(keep=(0, 20_000, 90_000), down="one_step", grace_reviews=1) == [2, 2, 1, 1]
    assert path(down="never") == [2, 2, 2, 2]


def test_rising_one_step_a_review():
    days = [date(2024, 3, 31), date(2024, 6, 30), date(2024, 9, 30)]
    rows = [(1, date(2024, 1, 1), 1_000), (1, date(2024, 5, 1), 200_000)]
    found = tiers_of(rows, Tiers(**RANKS, up="one_step", review="quarterly"), days)
    assert [found[1, day][0] for day in days] == [0, 1, 2]


RULES = [
    {}, {"review": "quarterly"}, {"review": "yearly"}, {"review": "quarterly", "review_months": (1, 2, 7, 10)},
    {"carry_over_years": 1, "review": "quarterly"}, {"leave_after_months": 5}, {"review_day": 15},
    {"basis": "fiscal_year_sales", "review": "yearly"}, {"basis": "fiscal_year_sales", "review": "quarterly"},
    {"basis": "fiscal_year_sales", "review": "quarterly", "carry_over_years": 2},
    {"keep": (0, 20_000, 60_000), "review": "quarterly"}, {"grace_reviews": 2, "down": "one_step", "review": "quarterly"},
    {"up": "one_step", "down": "never", "review": "yearly"},
]  # fmt: skip
FIRST, AS_OF = date(2022, 1, 5), date(2024, 12, 31)


def random_rows(seed: int, customers: int = 40) -> list[tuple[int, date, int]]:
    draw = np.random.default_rng(seed)
    keys = {(int(draw.integers(customers)), FIRST + dt.timedelta(int(draw.integers(1_091)))) for _ in range(300)}
    return [(c, d, int(draw.integers(1, 45_000))) for c, d in sorted(keys)]


def months_back(day: date, months: int, review_day: int) -> date:
    return review_date(day.year * 12 + day.month - 1 - months, review_day)


def replayed(rows, rules: Tiers, days, start: int) -> dict[tuple[int, date], int]:
    """The rules read aloud: date arithmetic on each customer's own purchases."""
    mine = defaultdict(list)
    for customer, day, amount in rows:
        mine[customer].append((day, amount))
    return {
        (customer, day): tier
        for customer, bought in mine.items()
        for day, tier in zip(days, replay(bought, rules, days, start), strict=True)
        if tier is not None
    }


def replay(bought, rules: Tiers, days, start: int):
    keep, state, missed = rules.keep or rules.thresholds, None, 0
    for day in days:
        seen = any(months_back(day, rules.leaves_after, rules.review_day) < d <= day for d, _ in bought)
        best = max(sum(a for d, a in bought if low < d <= high) for low, high in spans(day, rules, start))
        earned = max(t for t, line in enumerate(rules.thresholds) if best >= line)
        kept = max(t for t, line in enumerate(keep) if best >= line)
        state, missed = step(state, missed, earned, kept, rules)
        if not seen:
            state, missed = None, 0
        yield state


def spans(day: date, rules: Tiers, start: int) -> list[tuple[date, date]]:
    back = [12 * k for k in range(rules.carry_over_years + 2)]
    if rules.basis == "trailing_12m_sales":
        return [(months_back(day, b + 12, rules.review_day), months_back(day, b, rules.review_day)) for b in back[:-1]]
    past = (day.month - start) % 12 + 1
    ends = [months_back(day, past + b, rules.review_day) for b in back]
    if past == 12:
        whole = list(zip(ends[1:], ends, strict=False))[: rules.carry_over_years]
    else:
        whole = [(months_back(end, 12, rules.review_day), end) for end in ends[:-1]]
    return [(ends[0], day), *whole]


def step(state, missed, earned, kept, rules):
    if state is None:
        return earned, 0
    if earned > state:
        return (earned if rules.up == "at_once" else state + 1), 0
    if kept >= state:
        return state, 0
    if missed < rules.grace_reviews:
        return state, missed + 1
    return {"at_once": kept, "one_step": state - 1, "never": state}[rules.down], 0


@pytest.mark.parametrize("given", RULES, ids=str)
def test_every_rule_gives_what_its_words_say(given):
    rules, start = Tiers(**RANKS, **given), 4
    days = calendar_of(rules, FIRST, AS_OF, start)
    rows = random_rows(1)
    made = resolved(rules, days, fiscal_year_start=start)
    found = summary.members(summary.history(purchases(rows), made)).to_pandas()
    got = {
        (int(c), days[r]): int(t) for c, r, t in zip(found["customer_id"], found["review"], found["tier"], strict=True)
    }
    assert got == replayed(rows, rules, days, start)
    assert len(days) >= 2


@pytest.mark.parametrize(
    "given", [one for one in RULES if not resolved(Tiers(**RANKS, **one), [AS_OF]).remembers], ids=str
)
def test_running_sums_count_the_same_moves_as_every_customer_at_every_review(given):
    rules = Tiers(**RANKS, **given)
    days = calendar_of(rules, FIRST, AS_OF, 4)
    made, rows = resolved(rules, days), purchases(random_rows(2))
    frame = summary.members(summary.history(rows, made))
    pairs = summary.moves(frame, len(days), known=summary.entered(rows, days))
    slow = diagnostic.migration(summary.transitions(pairs).to_pandas(), rules.order, days)
    fast = diagnostic.flows(tiers_flows.changes(rows, made).to_pandas(), rules.order, days)
    for name in ("customers", "amount_before", "amount_after"):
        assert np.array_equal(getattr(slow, name), getattr(fast, name)), name
    assert diagnostic.balanced(fast)


def test_rules_with_memory_have_no_running_sums():
    with pytest.raises(ValueError, match="rules with memory have no running sums"):
        tiers_flows.changes(purchases([]), resolved(Tiers(**RANKS, grace_reviews=1), [AS_OF]))


def test_moves_tell_new_back_and_left():
    frame = ibis.memtable(
        pd.DataFrame([(1, 0, 1, 10), (1, 2, 0, 7), (2, 1, 2, 5), (2, 2, 2, 6), (3, 0, 0, 1)], columns=["customer_id", "review", "tier", "amount"])
    )  # fmt: skip
    found = summary.moves(frame, 3).to_pandas().sort_values(["review", "customer_id"])
    assert found[["customer_id", "review", "before", "after", "amount_before", "amount_after"]].to_numpy().tolist() == [
        [1, 1, 1, -2, 10, 0], [2, 1, -1, 2, 0, 5], [3, 1, 0, -2, 1, 0], [1, 2, -2, 0, 0, 7], [2, 2, 2, 2, 5, 6],
    ]  # fmt: skip
    wide = summary.moves(frame, 3, step=2).to_pandas().sort_values("customer_id")
    assert wide[["customer_id", "before", "after"]].to_numpy().tolist() == [[1, 1, 0], [2, -1, 2], [3, 0, -2]]


def test_row_order_and_customer_names_change_nothing():
    rules = Tiers(**RANKS, review="quarterly")
    days = calendar_of(rules, FIRST, AS_OF, 4)
    made, rows = resolved(rules, days), random_rows(3)
    other = [(-7 * c + 10**12, d, a) for c, d, a in rows[::-1]]
    one, two = (tiers_flows.changes(purchases(r), made).to_pandas() for r in (rows, other))
    pd.testing.assert_frame_equal(one, two)


@pytest.fixture(scope="module")
def client() -> simulated.Simulated:
    return simulated.store(4_000, seed=5, world=MEMBERS)


@pytest.mark.parametrize(
    ("rule", "basis", "review", "reviews"),
    [("rolling_12m", "trailing_12m_sales", "quarterly", 9), ("fiscal_year", "fiscal_year_sales", "yearly", 3)],
)
def test_tiers_from_orders_are_the_simulated_clients_own(client, rule, basis, review, reviews):
    rules = Tiers(order=NAMES, thresholds=(0, 30_000, 100_000), basis=basis, review=review)
    days = calendar_of(rules, date(2022, 4, 1), client.as_of, 4)
    own = tiers_own.own(client.store.tier_history, NAMES, days, rule)
    bought = orders.purchases(client.store.days, client.as_of)
    beside = tiers_own.differences(own, summary.history(bought, resolved(rules, days))).to_pandas()
    assert len(days) == reviews
    assert beside["customers"].sum() > 5_000
    assert (beside["own"] == beside["derived"]).all()
    assert beside["same_amount"].all()


def test_differences_are_listed(client):
    rules = Tiers(order=NAMES, thresholds=(0, 31_000, 100_000), basis="fiscal_year_sales", review="yearly")
    days = calendar_of(rules, date(2022, 4, 1), client.as_of, 4)
    own = tiers_own.own(client.store.tier_history, NAMES, days, "fiscal_year")
    derived = summary.history(orders.purchases(client.store.days, client.as_of), resolved(rules, days))
    listed = tiers_own.differing(own, derived).to_pandas()
    counted = tiers_own.differences(own, derived).to_pandas().query("own != derived")
    assert len(listed) == counted["customers"].sum() > 0
    assert listed["own_amount"].between(30_000, 30_999).all()
    assert (listed["own_amount"] == listed["derived_amount"]).all()


def test_near_misses_know_what_drops_out_before_the_review():
    rules = Tiers(**RANKS, review="quarterly")
    as_of, coming = date(2024, 12, 31), date(2025, 3, 31)
    rows = [(1, date(2024, 2, 1), 60_000), (1, date(2024, 8, 1), 26_800), (2, date(2024, 8, 1), 95_000), (3, date(2024, 8, 1), 100_000)]  # fmt: skip
    now = ibis.memtable({"customer_id": [1, 2, 3, 4], "tier": [1, 1, 2, 0]})
    standing = tiers_design.chances(purchases(rows), now, resolved(rules, [as_of]), coming, as_of)
    found = standing.to_pandas().set_index("customer_id")
    assert found.loc[1, ["amount", "to_rise", "to_keep"]].tolist() == [26_800, 73_200, 3_200]
    assert found.loc[2, ["amount", "to_rise", "to_keep"]].tolist() == [95_000, 5_000, 0]
    assert pd.isna(found.loc[3, "to_rise"])
    assert found.loc[3, "to_keep"] == 0
    assert found.loc[4, ["amount", "to_rise", "to_keep"]].tolist() == [0, 30_000, 0]
    misses = tiers_design.near_misses(standing, (0, 30_000, 100_000), 0.1).to_pandas()
    assert misses[["customer_id", "next_tier", "to_rise"]].to_numpy().tolist() == [[2, 2, 5_000]]
    assert tiers_design.at_risk(standing).to_pandas()[["customer_id", "to_keep"]].to_numpy().tolist() == [[1, 3_200]]
    counts = tiers_design.chance_counts(standing, (0, 30_000, 100_000)).to_pandas()
    assert counts.query("kind == 'keep'")[["tier", "part", "customers", "gap"]].to_numpy().tolist() == [
        [1, 2, 1, 3_200]
    ]


def test_bins_of_a_line_begin_at_the_line():
    pairs = ibis.memtable({
        "review": [1] * 5, "before": [1, 1, 2, 0, -1], "after": [1, -2, 2, 0, 1],
        "amount_before": [99_999, 99_500, 100_000, 99_499, 100_000], "amount_after": [50, 0, 70, 10, 9],
    })  # fmt: skip
    found = tiers_line.near_line(pairs, 100_000).to_pandas().set_index("bin").sort_index()
    found = found.groupby("bin").sum()
    assert found["customers"].to_dict() == {-2: 1, -1: 2, 0: 1}
    assert found["here"].to_dict() == {-2: 1, -1: 2, 0: 1}
    assert found["active"].to_dict() == {-2: 1, -1: 1, 0: 1}
    assert found.loc[0, "log_later"] == pytest.approx(np.log(70))


def test_the_last_review_is_counted_at_the_line_though_nothing_is_known_of_the_year_after():
    pairs = ibis.memtable({
        "review": [1, 2, 2, 2], "before": [1, 1, -1, 1], "after": [1, 2, 1, -2],
        "amount_before": [99_500, 99_500, 0, 100_000], "amount_after": [99_500, 100_500, 99_000, 0],
    })  # fmt: skip
    found = tiers_line.near_line(pairs, 100_000).to_pandas().set_index(["review", "bin"]).sort_index()
    assert found["here"].to_dict() == {(1, -1): 1, (2, -1): 1, (2, 0): 1, (3, -2): 1, (3, 1): 1}
    assert found.loc[3, ["customers", "amount", "active", "later"]].to_numpy().sum() == 0
    assert found["active"].to_dict()[2, -1] == 1


def test_loyal_customers_are_the_best_by_three_ranks():
    rows = [
        (c, date(2024, 1, 1) + dt.timedelta(days=30 * k), 1_000 * (c + 1))
        for c in range(200)
        for k in range(1 + c // 20)
    ]
    frame = tiers_segments.frame(tiers_segments.named(purchases(rows), "loyal"), (date(2024, 12, 31),))
    sizes = frame.to_pandas().groupby("tier")["customer_id"].agg(["size", "min"])
    assert sizes["size"].to_dict() == {0: 160, 1: 27, 2: 13}
    assert sizes["min"].to_dict() == {0: 0, 1: 160, 2: 187}


def test_deciles_are_tenths_and_cpm_follows_its_published_cuts():
    rows = [(c, date(2024, 6, 1), c + 1) for c in range(1_000)]
    day = date(2024, 12, 31)
    deciles = tiers_segments.decile(purchases(rows), day).to_pandas()
    assert deciles.groupby("tier").size().tolist() == [100] * 10
    assert deciles.query("tier == 9")["amount"].min() == 901
    bought = [
        (1, date(2024, 12, 1), 500), (2, date(2024, 11, 1), 500), (2, date(2024, 12, 1), 500_000),
        (3, date(2024, 8, 1), 100), (3, date(2024, 12, 1), 69_899), (4, date(2024, 8, 1), 100), (4, date(2024, 12, 1), 69_900),
        (5, date(2024, 1, 1), 100), (5, date(2024, 12, 1), 70_000), (6, date(2024, 1, 1), 1), (6, date(2024, 5, 5), 1),
    ]  # fmt: skip
    classes = tiers_segments.cpm(purchases(bought), day, 70_000).to_pandas()
    assert dict(zip(classes["customer_id"], classes["tier"], strict=True)) == {
        1: 0,
        2: 1,
        3: 2,
        4: 3,
        5: 4,
    }  # 6 has lapsed


def test_spiral_stages():
    rows = [(1, date(2024, 6, 1), 100)] + [(2, date(2024, k, 1), 100) for k in (3, 6)] + [(3, date(2024, k, 1), 900) for k in range(1, 12)]  # fmt: skip
    stages = tiers_segments.spiral(purchases(rows), date(2024, 12, 31)).to_pandas()
    assert dict(zip(stages["customer_id"], stages["tier"], strict=True)) == {1: 0, 2: 1, 3: 2}


def test_falls_count_groups_of_what_was_known_before():
    day, last = date(2023, 12, 31), date(2024, 12, 31)
    rows = [(1, date(2023, 12, 1), 40_000), (2, date(2023, 3, 1), 31_000), (2, date(2023, 2, 1), 2_000), (2, date(2024, 5, 1), 35_000)]  # fmt: skip
    made = resolved(Tiers(**RANKS, review="yearly"), [day, last], fiscal_year_start=1)
    pairs = summary.moves(summary.members(summary.history(purchases(rows), made)), 2)
    sent = ibis.memtable(
        {"customer_id": [1, 1, 1, 2], "sent_date": [date(2023, 12, k) for k in (1, 2, 3)] + [date(2023, 1, 1)]}
    )
    lines = ibis.memtable({"customer_id": [1, 1], "order_date": [date(2023, 12, 1)] * 2, "product_id": ["a", "b"]})
    extra = {"contacts": sent, "order_lines": lines}
    found = tiers_design.falls(pairs, purchases(rows), (1, day), made.keep, extra).to_pandas().sort_values("recency")
    columns = ["tier", "headroom", "recency", "purchases", "products", "contacts", "customers", "fell"]
    assert found[columns].to_numpy().tolist() == [[1, 1, 0, 0, 1, 2, 1, 1], [1, 0, 3, 1, 0, 0, 1, 0]]


def test_no_purchase_gives_no_rows():
    made = resolved(Tiers(**RANKS), [AS_OF])
    frame = summary.members(summary.history(purchases([]), made))
    assert len(frame.to_pandas()) == 0
    assert len(tiers_flows.changes(purchases([]), made).to_pandas()) == 0
    assert len(tiers_frames.near_lines(summary.moves(frame, 1), {}).to_pandas()) == 0


@pytest.mark.parametrize("dialect", ["bigquery", "databricks", "pyspark", "snowflake"])
def test_expressions_compile_for_other_engines(dialect):
    bought = orders.purchases(orders.days(ibis.table(SCHEMA, name="orders")), AS_OF)
    rules = Tiers(**RANKS, carry_over_years=1, review="quarterly")
    made = resolved(rules, calendar_of(rules, FIRST, AS_OF, 4)[-3:])
    kept = resolved(rules.model_copy(update={"keep": (0, 1, 2)}), made.reviews[-2:])
    history = summary.history(bought, made)
    frame = summary.members(history).select("customer_id", "review", "tier", "amount")
    pairs = summary.moves(frame, 3, known=summary.entered(bought, made.reviews))
    own = tiers_own.own(ibis.table({"customer_id": "int64", "review_date": "date", "rule": "string", "basis_amount": "int64", "tier": "string"}, name="h"), ("R", "S"), made.reviews)  # fmt: skip
    standing = tiers_design.chances(bought, frame.filter(frame.review == 2), made, AS_OF, AS_OF)
    every = [
        tiers_flows.changes(bought, made), summary.transitions(pairs), summary.paths(pairs), summary.history(bought, kept),
        tiers_own.differences(own, history), tiers_line.near_line(pairs, 100), tiers_design.spending(frame, 2, 100),
        tiers_design.chance_counts(standing, made.thresholds), tiers_design.falls(pairs, bought, (2, AS_OF), made.keep, {}),
        *(tiers_segments.frame(tiers_segments.named(bought, kind), made.reviews) for kind in ("loyal", "decile", "cpm", "spiral")),
    ]  # fmt: skip
    for expression in every:
        assert "SELECT" in ibis.to_sql(expression, dialect=dialect)
