"""The balance refuses to be wrong."""

import pytest

from crmlib.errors import DataError
from crmlib.intake import report
from crmlib.intake.report import Balance


def test_rows_that_vanish_are_an_error() -> None:
    with pytest.raises(DataError, match="does not balance: 3 rows read, 2 accounted for"):
        Balance(rows_read=3, rows_used=2)


def test_money_that_vanishes_is_an_error() -> None:
    with pytest.raises(DataError, match="does not balance: 10 minor units read, 9 accounted for"):
        Balance(rows_read=1, rows_used=1, amount_read=10, amount_used=9)


def test_reasons_must_add_up() -> None:
    with pytest.raises(DataError, match="reasons and rules do not add up"):
        Balance(rows_read=1, rows_quarantined=1)


def test_total_adds_everything() -> None:
    one = Balance(rows_read=2, rows_used=1, rows_excluded=1, amount_read=5, amount_used=5, exclusions={"returned": 1})
    two = Balance(rows_read=1, rows_quarantined=1, reasons={"bad_date": 1}, repairs={"trimmed": 2})
    whole = report.total([one, two])
    assert (whole.rows_read, whole.amount_used, whole.reasons, whole.exclusions) == (
        3,
        5,
        {"bad_date": 1},
        {"returned": 1},
    )
    assert report.total([one, two]) == report.total([two, one])


@pytest.mark.parametrize(
    ("bad", "outcome"), [(0, []), (1, []), (2, ["2.0% of the rows"]), (10, ["10.0% of the rows"]), (11, None)]
)
def test_thresholds(bad: int, outcome: list[str] | None) -> None:
    whole = Balance(rows_read=100, rows_used=100 - bad, rows_quarantined=bad, reasons={"bad_date": bad} if bad else {})
    if outcome is None:
        with pytest.raises(DataError, match="accept_quarantined: true"):
            report.judged(whole, accepted=False)
        outcome = ["11.0% of the rows"]
    assert [w[: len(o)] for w, o in zip(report.judged(whole, accepted=True), outcome, strict=True)] == outcome


def test_returns_do_not_hide_missing_money() -> None:
    whole = Balance(
        rows_read=100,
        rows_used=98,
        rows_quarantined=2,
        reasons={"bad_date": 2},
        amount_gross=1000,
        amount_gross_quarantined=60,
    )
    with pytest.raises(DataError, match=r"6\.0% of the money"):
        report.judged(whole, accepted=False)
