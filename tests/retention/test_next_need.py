"""The next need by hand: rhythms, credibility, dates and states."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from crmlib import retention

AS_OF = date(2024, 6, 30)


def pairs(rows):
    return pd.DataFrame(rows, columns=["customer_id", "product_id", "gaps", "days", "squares", "since"])


def counted(table):
    return table.groupby(["product_id", "gaps", "days"], as_index=False).agg(
        n=("squares", "size"), squares=("squares", "sum")
    )


# product p: customers with gaps 10, 10 and 30, 30 and 50; q: one gap only
ROWS = [
    (1, "p", 2, 20, 200, 5),
    (2, "p", 2, 60, 1800, 70),
    (3, "p", 1, 50, 2500, 20),
    (4, "p", 0, 0, 0, 200),
    (5, "q", 1, 40, 1600, 1),
]


def test_rhythm_of_a_product_is_its_mean_gap():
    found = retention.rhythms(counted(pairs(ROWS)))
    assert found.products["product_id"].tolist() == ["p"]  # q has fewer than five gaps
    assert found.products["gap"].tolist() == [26.0]
    assert (found.left_out, found.overall) == (1, pytest.approx(170 / 6))


def test_own_rhythm_counts_by_its_number_of_gaps():
    """Within customers there is no variance here, so K is at its floor of 1: two own gaps count two thirds."""
    found = retention.rhythms(counted(pairs(ROWS)))
    needs = retention.next_need(pairs(ROWS), found, AS_OF).set_index("customer_id")
    assert needs.loc[1, "gap"] == round(2 / 3 * 10 + 1 / 3 * 26)
    assert needs.loc[3, "gap"] == round(1 / 2 * 50 + 1 / 2 * 26)
    assert needs.loc[4, "gap"] == 26  # no own gap
    assert needs.loc[5, "gap"] == 28  # the rhythm of everything


def test_dates_and_states():
    found = retention.rhythms(counted(pairs(ROWS)))
    needs = retention.next_need(pairs(ROWS), found, AS_OF).set_index("customer_id")
    assert needs.loc[1, "expected"] == np.datetime64("2024-07-10")
    assert needs["state"].to_dict() == {1: "due", 2: "silent", 3: "due", 4: "silent", 5: "due"}
    late = needs.loc[2]
    assert late["days"] == late["gap"] - 70


def test_a_product_without_spread_between_customers_ignores_own_gaps():
    rows = [(i, "p", 2, 20 + 80 * (i % 2), 210 + 4890 * (i % 2), 0) for i in range(40)]
    apart = retention.rhythms(counted(pairs(rows))).products["weight"][0]
    same = [(i, "p", 2, 60, 20**2 + 40**2, 0) for i in range(40)]
    assert retention.rhythms(counted(pairs(same))).products["weight"][0] == np.inf
    assert apart < np.inf


def test_counts_by_product_add_up():
    found = retention.rhythms(counted(pairs(ROWS)))
    table = retention.by_product(retention.next_need(pairs(ROWS), found, AS_OF), found)
    assert table[["due", "overdue", "silent", "later"]].sum(axis=1).tolist() == table["customers"].tolist() == [4]


def test_without_any_repeat_there_is_no_rhythm():
    single = pairs([(1, "p", 0, 0, 0, 5), (2, "p", 0, 0, 0, 9)])
    found = retention.rhythms(counted(single))
    assert found.products.empty
    assert retention.next_need(single, found, AS_OF).empty
    assert retention.by_product(retention.next_need(single, found, AS_OF), found).empty
    nothing = pairs([])
    assert retention.next_need(nothing, retention.rhythms(counted(nothing)), AS_OF).empty


def test_row_order_changes_nothing():
    found = retention.rhythms(counted(pairs(ROWS)))
    one = retention.next_need(pairs(ROWS), found, AS_OF)
    other = retention.next_need(pairs(ROWS[::-1]), retention.rhythms(counted(pairs(ROWS[::-1]))), AS_OF)
    pd.testing.assert_frame_equal(one, other)
