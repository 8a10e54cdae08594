import datetime as dt

import numpy as np
import pandas as pd
import pytest

from crmlib.intake import tie_out

MONTHS = ["2024-01-01", "2024-02-01", "2024-03-01"]
AS_OF = dt.date(2024, 3, 31)


def money(used=(10_000, 10_000, 10_000), cancels=(0, 0, 0), aside=(0, 0, 0)):
    rows = [
        *(("used", "", month, yen) for month, yen in zip(MONTHS, used, strict=True)),
        *(("excluded", "cancelled", month, yen) for month, yen in zip(MONTHS, cancels, strict=True)),
        *(("quarantined", "bad_date", month, yen) for month, yen in zip(MONTHS, aside, strict=True)),
        ("quarantined", "bad_date", None, 999),
        ("excluded", "after_as_of", "2024-04-01", 500),
    ]
    return pd.DataFrame(rows, columns=["fate", "code", "month", "amount"])


def books(gross=(10_000, 10_000, 10_000), cancels=(0, 0, 0), months=MONTHS, **others):
    net = [a - b for a, b in zip(gross, cancels, strict=True)]
    figures = {"month": months, "gross_sales": gross, "cancels": cancels, "returns": [0] * len(gross), "net_sales": net}
    return pd.DataFrame(figures | others)


def of(data, figures, as_of=AS_OF):
    return tie_out.of(data, figures, as_of)


def test_equal_books_tie():
    found = of(money(), books())
    assert (found.verdict, found.share, found.late_cancels) == ("tied", 0.0, 0)
    assert found.months == tuple(dt.date.fromisoformat(month) for month in MONTHS)


@pytest.mark.parametrize(("more", "verdict"), [(50, "tied"), (51, "beyond"), (-49, "tied"), (-51, "beyond")])
def test_the_gate_is_half_a_per_cent_of_a_month(more, verdict):
    assert of(money(), books(gross=(10_000, 10_000 + more, 10_000))).verdict == verdict


def test_a_gap_is_told_with_its_month():
    found = of(money(), books(gross=(10_000, 10_400, 10_000)))
    assert found.gaps.tolist() == [False, True, False]
    assert tie_out.worst(found, 2) == [1]
    assert found.unexplained.tolist() == [0, 400, 0]
    assert found.share == pytest.approx(400 / 30_400)


def test_cancels_booked_a_month_late_are_explained():
    found = of(
        money(used=(9_000, 9_500, 10_000), cancels=(1_000, 500, 0)), books((10_000,) * 3, cancels=(400, 900, 200))
    )
    assert found.late_cancels == 600 + 200
    assert found.difference().tolist() == [600, -400, -200]
    assert found.unexplained.tolist() == [0, 0, 0]
    assert found.verdict == "tied"


def test_cancels_that_never_come_are_not_late():
    found = of(money(used=(9_000, 10_000, 10_000), cancels=(1_000, 0, 0)), books((10_000,) * 3, cancels=(0, 0, 0)))
    assert (found.late_cancels, found.verdict) == (None, "beyond")


def test_money_set_aside_explains_what_the_data_lack_and_no_more():
    found = of(money(used=(9_000, 10_000, 10_000), aside=(600, 0, 0)), books())
    assert found.unexplained.tolist() == [400, 0, 0]
    less = of(money(used=(9_900, 10_000, 10_000), aside=(600, 0, 0)), books())
    assert less.unexplained.tolist() == [0, 0, 0]


def test_a_month_that_is_not_over_is_left_out():
    found = of(money(used=(10_000, 10_000, 10)), books(), dt.date(2024, 3, 15))
    assert len(found.months) == 2
    assert found.verdict == "tied"


def test_months_that_one_side_lacks_are_told():
    found = of(money(), books(months=["2023-12-01", "2024-01-01", "2024-02-01"]))
    assert found.only_books == (dt.date(2023, 12, 1),)
    assert found.only_data == (dt.date(2024, 3, 1),)
    assert len(found.months) == 2


def test_without_books_the_verdict_is_absent():
    found = of(money(), books().iloc[:0])
    assert (found.verdict, len(found.months), found.only_data) == ("absent", 0, ())
    assert np.isnan(found.share)


def test_books_with_net_sales_alone_are_compared_by_net():
    bare = pd.DataFrame({"month": MONTHS, "net_sales": [10_000, 10_000, 10_200]})
    found = of(money(), bare.assign(gross_sales=None, cancels=None, returns=None))
    assert found.difference().tolist() == [0, 0, 200]
    assert found.late_cancels is None
    assert found.gaps.tolist() == [False, False, True]


def test_the_order_of_the_rows_changes_nothing():
    plain = of(money(), books(gross=(10_000, 10_400, 10_000)))
    back = of(money()[::-1], books(gross=(10_000, 10_400, 10_000))[::-1])
    assert plain.unexplained.tolist() == back.unexplained.tolist()
