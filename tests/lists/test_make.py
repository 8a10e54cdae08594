"""The whole: hand examples of each list from a store, one list per customer, who is left alone, laws, clients with little."""

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest

from crmlib.lists import NAMES
from crmlib.lists.make import make
from tests import simulated
from tests.lists.made_up import AS_OF, TIERS, client, days_ago, lists_of, score
from tests.small_store import events, orders, store

MANY = range(100, 160)  # first-time customers who bought again after 20 days: they set the rhythm of the others
CROWD = [(k, day) for k in MANY for day in (days_ago(400), days_ago(380))]


def sold(days, amount=1000):
    return orders(days, amount)


def names_of(found, customer):
    return found.rows.loc[found.rows["customer_id"] == customer, "list"].tolist()


def rows_of(found):
    """Customer -> row."""
    return {int(row["customer_id"]): row for row in found.rows.to_dict("records")}


def test_first_time_customers_are_due_for_the_second_order(tmp_path):
    """Nobody of the crowd waited longer than 20 days; a subscriber is sent his second order anyway."""
    waiting = {1: 0, 2: 19, 3: 20, 4: 5}
    held = events("s1", 4, ("start", days_ago(5), 0), ("ship", days_ago(5), 1))
    made = store(orders=sold([*CROWD, *((k, days_ago(since)) for k, since in waiting.items())]), subscriptions=held)
    found = lists_of(tmp_path, made)
    rows = {k: row for k, row in rows_of(found).items() if row["list"] == "second_order"}
    assert found.facts["contact_day"] == 21
    assert sorted(rows) == [1, 2]
    for k, row in rows.items():
        due = max(AS_OF + dt.timedelta(days=3), AS_OF - dt.timedelta(days=waiting[k] - 21))
        assert row["due"].date() == due
        assert row["days"] == waiting[k] + (due - AS_OF).days


def lines(*rows):
    return [
        {"order_id": str(n), "customer_id": who, "order_date": dt.date.fromisoformat(day), "product_id": product, "amount": 500}
        for n, (who, day, product) in enumerate(rows)
    ]  # fmt: skip


def again(customer, since, product="a"):
    return [(customer, days_ago(since + 50), product), (customer, days_ago(since), product)]


def test_a_product_is_needed_again_within_thirty_days(tmp_path):
    """Bought every 50 days by everybody. 5 holds a subscription of it; the product that 6 needs has no name."""
    crowd = [(k, days_ago(day), product) for k in MANY for day in (250, 200, 150) for product in "abc"]
    mine = [*again(1, 19), *again(2, 20), *again(3, 50), *again(4, 51), *again(5, 40, "b"), *again(6, 40, "c")]
    bought_days = [row[:2] for row in [*crowd, *mine]]
    held = events("s5", 5, ("start", days_ago(90), 0), ("ship", days_ago(90), 1), ("ship", days_ago(40), 2))
    made = store(
        orders=sold(bought_days), order_lines=lines(*crowd, *mine), subscriptions=[{**row, "product_id": "b"} for row in held],
        products=[{"product_id": "a", "name": "Tea"}, {"product_id": "b", "name": "Soap"}, {"product_id": "c", "name": "  "}],
    )  # fmt: skip
    found = lists_of(tmp_path, made)
    rows = {k: row for k, row in rows_of(found).items() if row["list"] == "next_need"}
    assert sorted(rows) == [2, 3]
    assert {(row["product_id"], row["rhythm"]) for row in rows.values()} == {("a", 50)}
    assert {row["yen"] for row in rows.values()} == {round(500 * (120 + 4) / (120 + 4 + 60 + 4))}
    assert found.left_out["silent"] == 1


def subscribed():
    """Thirty of sixty are lost after the first shipment, fifteen after the third, none after the second."""
    held = []
    for k in MANY:
        held += events(f"s{k}", k, ("start", days_ago(300), 0), ("ship", days_ago(300), 1))
        more = [("cancel", days_ago(280), 1)] if k % 2 else [("ship", days_ago(270), 2), ("ship", days_ago(240), 3)]
        last = ("cancel", days_ago(220), 3) if k % 4 else ("ship", days_ago(210), 4)
        held += events(f"s{k}", k, *more, *([] if k % 2 else [last]))
    return held


SUBSCRIBERS = {  # customer -> events, and which words fit
    1: ([("start", 20, 0), ("ship", 20, 1)], "risky"),
    2: ([("start", 80, 0), ("ship", 80, 1), ("ship", 50, 2), ("ship", 20, 3), ("pause", 10, 3)], "paused"),
    3: ([("start", 80, 0), ("ship", 80, 1), ("ship", 50, 2), ("skip", 20, 2)], "paused"),
    4: ([("start", 80, 0), ("ship", 80, 1), ("ship", 50, 2)], None),
    5: ([("start", 20, 0), ("ship", 20, 1), ("cancel", 10, 1)], None),
    6: ([("start", 20, 0)], None),
}


def test_subscribers_before_the_riskiest_shipment_and_paused_ones(tmp_path):
    held = subscribed()
    for k, (rows, _) in SUBSCRIBERS.items():
        held += events(f"s{k}", k, *[(event, days_ago(day), made) for event, day, made in rows])
    days = [(row["customer_id"], row["event_date"].isoformat()) for row in held if row["event"] == "ship"]
    found = lists_of(tmp_path, store(orders=sold(days), subscriptions=held))
    rows = {k: row for k, row in rows_of(found).items() if row["list"] == "subscriber"}
    assert found.facts["risky"] == 1
    assert {k: row["variant"] for k, row in rows.items()} == {
        k: words for k, (_, words) in SUBSCRIBERS.items() if words
    }
    assert {k: row["number"] for k, row in rows.items()} == {1: 2, 2: 4, 3: 3}
    assert rows[1]["due"].date() == AS_OF + dt.timedelta(days=3)  # the next shipment comes in ten days


NEAR = {1: (9_000, 1), 2: (8_999, 0), 3: (9_999, 1), 4: (10_000, 0), 5: (45_000, 2), 6: (44_999, 0)}


def tiered(amounts, **tables):
    """Customers whose only purchase was 100 days ago; one bought long before, so that there was a review."""
    days = [(9, days_ago(900)), *((k, days_ago(100)) for k in amounts)]
    rows = [row | {"amount": amounts.get(row["customer_id"], 1)} for row in sold(days)]
    return store(orders=rows, **tables)


def test_close_to_the_next_tier_is_a_tenth_of_its_line(tmp_path):
    found = lists_of(tmp_path, tiered({k: amount for k, (amount, _) in NEAR.items()}), tiers=TIERS)
    rows = rows_of(found)
    assert {k: row["number"] for k, row in rows.items()} == {k: tier for k, (_, tier) in NEAR.items() if tier}
    assert {k: row["yen"] for k, row in rows.items()} == {1: 1000, 3: 1, 5: 5000}
    assert {row["due"].date() for row in rows.values()} == {
        dt.date(2025, 5, 31)
    }  # thirty days before the review of 30 June
    assert found.tiers == TIERS.order


def bought(customer, frequency, recency, silent):
    gap = recency // frequency
    return [(customer, days_ago(silent + recency - gap * n)) for n in range(frequency + 1)]


SLIPPING = [(1, 3, 90, 60, 0.8, 9000.0, "slipping"), (2, 1, 30, 300, 0.6, 700.0, "on_rhythm")]


def test_scores_of_these_very_histories_make_lists(tmp_path):
    days = [day for k, frequency, recency, silent, *_ in SLIPPING for day in bought(k, frequency, recency, silent)]
    found = lists_of(tmp_path, store(orders=sold(days)), [score(*row) for row in SLIPPING])
    assert {k: names_of(found, k) for k in (1, 2)} == {1: ["protect"], 2: ["win_back"]}
    assert found.rows.set_index("customer_id")["yen"].to_dict() == {1: 9000, 2: 700}


def test_scores_of_another_day_make_none_and_say_so(tmp_path):
    days = [day for k, frequency, recency, silent, *_ in SLIPPING for day in bought(k, frequency, recency, silent + 1)]
    found = lists_of(tmp_path, store(orders=sold(days)), [score(*row) for row in SLIPPING])
    assert found.rows.empty
    assert {found.of(name).why for name in ("protect", "win_back")} == {"lists.no_scores"}


def test_the_list_with_the_most_yen_has_the_customer(tmp_path):
    """Slipping with 9,000 expected, and 999 below the line of a tier: on one list, and counted as being on another, too."""
    days = [(9, days_ago(900)), *bought(1, 3, 90, 60)]
    for value, name in ((9000.0, "protect"), (900.0, "near_tier")):
        known = [score(1, 3, 90, 60, 0.8, value, "slipping")]
        made = lists_of(tmp_path, store(orders=sold(days, 2251)), known, tiers=TIERS)
        assert (names_of(made, 1), made.left_out["elsewhere"]) == ([name], 1)


def spoken(kind, day):
    return {"interactions": [{"customer_id": 1, "interaction_date": dt.date.fromisoformat(day), "kind": kind}]}


def sent(day, arm=None):
    return {"contacts": [{"customer_id": 1, "sent_date": dt.date.fromisoformat(day), "arm": arm, "channel": "dm"}]}


BARRED = {  # customer -> the row about him, and why he is left alone
    1: ({"customers": {"no_contact": True}}, "asked"),
    2: ({"customers": {"no_contact": False}}, ""),
    3: ({"customers": {}}, ""),
    4: ({"interactions": {"kind": "complaint", "interaction_date": days_ago(89)}}, "complaint"),
    5: ({"interactions": {"kind": "incident", "interaction_date": days_ago(0)}}, "complaint"),
    6: ({"interactions": {"kind": "complaint", "interaction_date": days_ago(90)}}, ""),
    7: ({"interactions": {"kind": "praise", "interaction_date": days_ago(1)}}, ""),
    8: ({"interactions": {"kind": "complaint", "interaction_date": days_ago(-1)}}, ""),
    11: ({"contacts": {"sent_date": days_ago(13)}}, "rest"),
    12: ({"contacts": {"sent_date": days_ago(13), "arm": "control"}}, "rest"),
    13: ({"contacts": {"sent_date": days_ago(14)}}, ""),
    14: ({"contacts": {"sent_date": days_ago(-1)}}, ""),
    15: ({"contacts": {"sent_date": days_ago(1)}, "interactions": {"kind": "complaint", "interaction_date": days_ago(1)}}, "complaint"),
    16: ({"contacts": {"sent_date": days_ago(1)}, "customers": {"no_contact": True}}, "asked"),
}  # fmt: skip


def dated(row):
    return {name: dt.date.fromisoformat(value) if name.endswith("_date") else value for name, value in row.items()}


def test_who_is_left_alone(tmp_path):
    tables = {"interactions": [], "contacts": [{"customer_id": None, "sent_date": AS_OF}], "customers": []}
    for k, (rows, _) in BARRED.items():
        for name, row in rows.items():
            tables[name].append(dated(row) | {"customer_id": k})
    found = lists_of(tmp_path, tiered(dict.fromkeys(BARRED, 9_500), **tables), tiers=TIERS)
    assert sorted(rows_of(found)) == [k for k, (_, bar) in BARRED.items() if not bar]
    told = {name: sum(bar == name for _, bar in BARRED.values()) for name in ("asked", "complaint", "rest")}
    assert {name: found.left_out[name] for name in told} == told


@pytest.mark.parametrize("days", [[], [(1, days_ago(0))], [(k, days_ago(0)) for k in range(9)]])
def test_a_client_with_next_to_nothing(tmp_path, days):
    found = lists_of(tmp_path, store(orders=sold(days)))
    assert [one.name for one in found.lists] == list(NAMES)
    assert all(one.why.startswith(("lists.", "ltv.")) for one in found.lists if not one.customers)
    assert len(found.rows) == sum(one.customers for one in found.lists)


@pytest.fixture(scope="module")
def big():
    return simulated.store(3000, seed=4)


def made_of(folder, some, tables=None):
    (folder / "store").mkdir(parents=True, exist_ok=True)
    about = client(folder).model_copy(update={"as_of": some.as_of, "tiers": TIERS})
    about._folder = folder
    return make(about, tables or some.store)


@pytest.fixture(scope="module")
def whole(big, tmp_path_factory):
    return made_of(tmp_path_factory.mktemp("whole"), big)


def test_each_customer_is_on_one_list(whole):
    assert len(whole.rows) > 100
    assert whole.rows["customer_id"].is_unique
    assert (whole.rows["yen"] > 0).all()
    assert whole.rows[["list", "due", "arm", "stratum"]].notna().all().all()
    assert (whole.rows["due"].dt.date > whole.as_of).all()
    assert sum(one.customers for one in whole.lists) == len(whole.rows)
    assert {one.name for one in whole.lists if one.customers} >= {"second_order", "next_need", "subscriber"}


@pytest.mark.full
def test_the_order_of_the_rows_changes_nothing(whole, big, tmp_path):
    shuffled = {}
    for name in ("orders", "order_lines", "subscriptions", "contacts", "interactions"):
        table = getattr(big.store, name)
        frame = table.to_pyarrow().take(np.random.default_rng(1).permutation(table.count().to_pandas()))
        shuffled[name] = table.get_backend().create_table(f"shuffled_{name}", frame, temp=True)
    again = made_of(tmp_path, big, dataclasses.replace(big.store, **shuffled))
    pd.testing.assert_frame_equal(again.rows, whole.rows)
    assert again.left_out == whole.left_out


@pytest.mark.full
def test_other_pseudonyms_change_no_size_and_no_yen(whole, big, tmp_path):
    renamed = {
        name: getattr(big.store, name).mutate(customer_id=getattr(big.store, name).customer_id + 10**6)
        for name in ("orders", "order_lines", "customers", "contacts", "interactions", "subscriptions", "tier_history")
    }
    again = made_of(tmp_path, big, dataclasses.replace(big.store, **renamed))
    assert again.left_out == whole.left_out
    for one, other in zip(again.lists, whole.lists, strict=True):
        assert (one.customers, one.baseline) == (other.customers, pytest.approx(other.baseline, nan_ok=True))
        assert one.yen == pytest.approx(other.yen, nan_ok=True)
    assert (again.rows["customer_id"] - 10**6).tolist() == whole.rows["customer_id"].tolist()
