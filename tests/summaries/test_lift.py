"""Counts of campaigns: by hand on a few customers, and what is wrong with a contact log is named, counted and handled."""

import datetime as dt

import ibis
import pandas as pd
import pyarrow as pa
import pytest

from crmlib import lift, schema, summaries
from crmlib.summaries import lift as counts
from crmlib.summaries import orders
from tests.simulated import ARROW

AS_OF = dt.date(2024, 12, 31)
SENT = dt.date(2024, 6, 1)


def day(offset, start=SENT):
    return start + dt.timedelta(days=offset)


def store(**tables):
    engine = ibis.duckdb.connect(threads=1)
    made = {}
    for name, columns in schema.STORE.items():
        if tables.get(name):
            typed = pa.schema([(column, ARROW[kind]) for column, kind in columns.items()])
            made[name] = engine.create_table(name, pa.Table.from_pylist(tables[name], schema=typed))
        else:
            made[name] = engine.create_table(name, schema=ibis.schema(columns))
    return summaries.Store(**made, present=frozenset(tables))


def bought(customer, *days, amount=100):
    return [
        {"order_id": f"{customer}-{d}", "customer_id": customer, "order_date": day(d), "amount": amount} for d in days
    ]


def contact(customer, arm="treated", **facts):
    usual = {
        "campaign_id": "c",
        "channel": "dm",
        "purpose": "promotion",
        "version": "A" if arm == "treated" else "none",
    }
    return (
        usual | {"customer_id": customer, "arm": arm, "sent_date": SENT, "cost": 50 if arm == "treated" else 0} | facts
    )


def units(made):
    drawn = counts.units(counts.log(made.contacts, AS_OF))
    return drawn, drawn.labelled(drawn.units).to_pandas().sort_values("customer_id").set_index("customer_id")


def arms(made):
    frame = counts.arms(counts.judged(made, AS_OF, 30, 70_000)).to_pandas()
    return frame.set_index(["campaign", "arm", "version"])


def faults(made):
    found = counts.faults(made, AS_OF).to_pandas()
    return {(row.campaign, row.fault): row.rows for row in found.itertuples()}


def test_arms_by_hand():
    made = store(
        orders=bought(1, -400, -10, 0, 1, 30, 31) + bought(2, -5, amount=300) + bought(3, 2, 3, amount=70),
        contacts=[contact(1), contact(2), contact(3, "control")],
    )
    found = arms(made)
    treated, control = found.loc[("c", "treated", "A")], found.loc[("c", "control", "none")]
    assert (treated["units"], treated["purchase_y"], treated["orders_y"], treated["orders_yy"]) == (2, 1, 2, 4)
    assert (treated["spend_y"], treated["spend_yy"], treated["spend_x"], treated["spend_xx"]) == (
        200,
        40_000,
        400,
        100_000,
    )
    assert (treated["spend_xy"], treated["cost"], treated["same_day"]) == (20_000, 100, 1)
    assert (treated["kept_y"], treated["prior_kept_y"], treated["change_y"]) == (1, 1, 1)
    assert (treated["prior_kept_spend_y"], treated["prior_kept_spend_yy"]) == (100, 100**2)
    assert (control["purchase_y"], control["orders_y"], control["spend_y"], control["spend_x"]) == (1, 2, 140, 0)


def test_the_short_way_counts_the_same():
    made = store(
        orders=[row for k in range(40) for row in bought(k, -k, k % 7 + 1, amount=k + 1)],
        contacts=[contact(k, "treated" if k % 3 else "control") for k in range(40)],
    )
    short = counts.outcomes(counts.units(counts.log(made.contacts, AS_OF)), orders.purchases(made.days, AS_OF))
    names = [f"{o}_{part}" for o in counts.PLAIN for part in ("n", "x", "xx", "y", "yy", "xy")]
    one = counts.arms(short, counts.PLAIN).to_pandas()[["arm", *names]]
    other = counts.arms(counts.judged(made, AS_OF, 30, 70_000)).to_pandas()[["arm", *names]]
    pd.testing.assert_frame_equal(one, other)


def test_segments_and_cells_add_up_to_the_arms():
    made = store(
        orders=[row for k in range(60) for row in bought(k, -k * 9, k % 50 + 1, amount=k + 1)],
        contacts=[contact(k, "treated" if k % 3 else "control", segment="ab"[k % 2]) for k in range(60)],
    )
    known = counts.judged(made, AS_OF, 30, 70_000)
    whole = counts.arms(known).to_pandas().set_index(["arm"])["spend_yy"]
    segments = counts.segments(known).to_pandas()
    for _, rows in segments.groupby("dimension"):
        pd.testing.assert_series_equal(rows.groupby("arm")["spend_yy"].sum(), whole)
    pd.testing.assert_series_equal(counts.cells(known).to_pandas().groupby("arm")["spend_yy"].sum(), whole)


def test_bands_and_classes_are_those_of_the_day_before():
    made = store(
        orders=bought(1, 5)
        + bought(2, -3, 5)
        + bought(3, -300, -40, -1, amount=40_000)
        + bought(4, -700, -400)
        + bought(5, -20, -10),
        contacts=[contact(k) for k in range(1, 6)],
    )
    known = counts.judged(made, AS_OF, 30, 70_000).to_pandas()
    known = known[known["arm"] == "treated"].set_index("customer_id").sort_index()
    assert list(known["frequency"]) == ["0", "1", "3", "2", "2"]
    assert list(known["recency"]) == ["none", "0", "0", "7", "1"]
    assert list(known["cpm"]) == ["none", "first_active", "loyal_active", "steady_gone", "young_active"]
    assert list(known["stage"]) == ["discovery", "acquisition", "satisfaction", "nurturing", "nurturing"]


def test_rank_subscription_and_payment_are_those_before_the_contact():
    made = store(
        orders=[row | {"payment_method": "card" if k == 1 else None} for k in (1, 2) for row in bought(k, -9)],
        contacts=[contact(1), contact(2)],
        tier_history=[
            {"customer_id": 1, "review_date": day(d), "rule": "y", "tier": tier, "basis_amount": 1}
            for d, tier in ((-90, "silver"), (-30, "gold"), (10, "regular"))
        ],
        subscriptions=[{"customer_id": 1, "subscription_id": "s", "event": "start", "event_date": day(-4)},
                       {"customer_id": 2, "subscription_id": "t", "event": "start", "event_date": day(4)}],
    )  # fmt: skip
    known = counts.judged(made, AS_OF, 30, 70_000).to_pandas()
    known = known[known["arm"] == "treated"].set_index("customer_id").sort_index()
    assert list(known["rank"]) == ["gold", "none"]
    assert list(known["subscriber"]) == ["1", "0"]
    assert list(known["payment"]) == ["card", "none"]


def test_a_customer_in_two_arms_or_two_versions_is_left_out_and_counted():
    made = store(
        orders=bought(1, 2),
        contacts=[
            contact(1),
            contact(1, "control"),
            contact(2),
            contact(2, version="B"),
            contact(3),
            contact(3, sent_date=day(3)),
        ],
    )
    _, found = units(made)
    assert list(found.index) == [3]
    assert (found.loc[3, "contacts"], found.loc[3, "cost"]) == (2, 100)
    assert faults(made) == {("c", "two_arms"): 1, ("c", "two_versions"): 1}


def test_issues_are_told_apart_by_their_waves():
    """A magazine every 30 days to the same customers, drawn anew each time: no conflict, one row per issue."""
    made = store(
        orders=bought(1, 40),
        contacts=[contact(1, version="no1"), contact(1, "control", sent_date=day(30)), contact(2, "control"),
                  contact(2, version="no2", sent_date=day(30))],
    )  # fmt: skip
    _, found = units(made)
    assert len(found) == 4
    assert found.groupby("wave").size().tolist() == [2, 2]
    assert faults(made) == {}


def test_contacts_that_cannot_be_judged_are_counted_by_their_fault():
    made = store(
        orders=bought(1, 2),
        contacts=[
            contact(1), contact(None), contact(2, sent_date=None), contact(3, "maybe"), contact(4, sent_date=day(1, AS_OF)),
            contact(5, sent_date=day(-10, AS_OF)), contact(6, cost=None), contact(7, campaign_id=None, channel=None, purpose=None),
        ],
    )  # fmt: skip
    _, found = units(made)
    assert list(found.index) == [1, 6]
    assert faults(made) == {
        ("", "no_campaign"): 1, ("c", "no_customer"): 1, ("c", "no_date"): 1, ("c", "unknown_arm"): 1, ("c", "after_as_of"): 1,
        ("c", "unfinished"): 1, ("c", "no_cost"): 1,
    }  # fmt: skip
    assert found.loc[6, "costless"] == 1


def test_overlapping_campaigns_are_counted_and_kept():
    made = store(orders=bought(1, 2), contacts=[contact(1), contact(1, campaign_id="d", sent_date=day(10)), contact(2)])
    assert faults(made) == {("d", "overlapping"): 1}
    assert len(units(made)[1]) == 3


def test_a_purchase_on_the_day_of_the_contact_or_before_it_is_no_response():
    made = store(orders=bought(1, -1, 0), contacts=[contact(1)])
    found = arms(made).loc[("c", "treated", "A")]
    assert (found["purchase_y"], found["same_day"], found["before_orders_y"]) == (0, 1, 1)


def test_contacts_without_a_campaign_are_named_by_channel_and_purpose_and_compared_with_the_others():
    made = store(
        orders=[row for k in range(30) for row in bought(k, -50, 5)],
        contacts=[
            contact(k, campaign_id=None, arm=None, channel="phone", purpose="selling", version=None) for k in range(10)
        ],
    )
    found = arms(made)
    assert found.loc[("phone_selling", "treated", ""), "units"] == 10
    assert found.loc[("phone_selling", "control", ""), ["units", "contacts", "cost"]].tolist() == [20, 0, 0]


def test_voices_count_after_the_contact_only():
    said = [
        (1, 3, "complaint"),
        (1, -3, "complaint"),
        (1, 200, "opt_out"),
        (2, 20, "visit"),
        (2, 100, "opt_out"),
        (2, 5, "praise"),
    ]
    made = store(
        orders=bought(1, -9) + bought(2, -9),
        contacts=[contact(1), contact(2)],
        interactions=[{"customer_id": who, "interaction_date": day(d), "kind": kind} for who, d, kind in said],
    )
    found = arms(made).loc[("c", "treated", "A")]
    assert (found["complaint_y"], found["stop_y"], found["visit_y"]) == (1, 1, 1)


def test_doses_by_hand():
    """Two contacts in June, a purchase 90 days before, another in August."""
    made = store(
        orders=bought(1, -20, 70) + bought(2, -20), contacts=[contact(1), contact(1, sent_date=day(9)), contact(2)]
    )
    found = counts.doses(made, AS_OF).to_pandas()
    assert found.to_dict("records") == [
        {"dose": 1, "before": 1, "n": 1, "bought": 0}, {"dose": 2, "before": 1, "n": 1, "bought": 1},
    ]  # fmt: skip


def test_without_contacts_there_is_nothing_and_no_error():
    made = store(orders=bought(1, 2))
    assert len(counts.arms(counts.judged(made, AS_OF, 30, 70_000)).to_pandas()) == 0
    assert faults(made) == {}
    listed = counts.list_now(made, AS_OF, 30).to_pandas()
    assert listed[["registered", "eligible", "bought"]].values.tolist() == [[0, 1, 0]]


@pytest.mark.parametrize("order", [1, -1])
def test_order_of_the_rows_changes_nothing(order):
    rows = [contact(k, "treated" if k % 3 else "control", segment="ab"[k % 2]) for k in range(30)][::order]
    made = store(orders=[row for k in range(30) for row in bought(k, -k, 3)][::order], contacts=rows)
    found = arms(made)
    assert found.loc[("c", "treated", "A"), "spend_xy"] == sum(100 * 100 for k in range(1, 30) if k % 3)


def test_an_arm_without_customers_is_named():
    made = store(orders=bought(1, 2), contacts=[contact(k, "control") for k in range(20)])
    frame = counts.arms(counts.judged(made, AS_OF, 30, 70_000)).to_pandas()
    assert lift.unmatched(frame) == ("c",)
