import json

import numpy as np
import pytest

from crmlib.errors import CrmError
from crmlib.numbers.model import MIME, Ledger, Measure, Number, dumps, from_json, merged, rounded

MEASURES = (Measure("d.rate.{days}d", "share", "d.rate"), Measure("d.count", "count", "d.count"))


def ledger():
    filled = Ledger(MEASURES, "USD")
    filled.add("d.rate.90d", np.float64(1 / 3), lower=0.2, upper=0.4, level=0.95, n=np.int64(12))
    filled.add("d.count", 7)
    return filled


def test_a_number_is_kept_plain_rounded_and_defined_by_its_measure():
    assert ledger()["d.rate.90d"] == Number(0.3333333333, "share", 0.2, 0.4, 0.95, 12, "d.rate", "")
    assert type(ledger()["d.rate.90d"].n) is int


def test_a_key_that_has_a_measure_of_its_own_is_not_taken_for_one_of_a_pattern():
    filled = Ledger((Measure("d.fall.{end}", "label", "d.end"), Measure("d.fall.gap", "points", "d.gap")))
    filled.add("d.fall.gap", 0.26)
    filled.add("d.fall.from", "gold")
    assert (filled["d.fall.gap"].unit, filled["d.fall.gap"].definition) == ("points", "d.gap")
    assert filled["d.fall.from"].unit == "label"


def test_rounding_keeps_ten_significant_digits():
    assert rounded(-9582.42912345678) == -9582.429123
    assert rounded(float("inf")) is None
    assert rounded(10**15 + 1) == 10**15 + 1


def test_parts_are_addressed_by_name_even_where_a_key_has_dots():
    filled = ledger()
    assert filled.part("d.rate.90d.lower")[1] == 0.2
    assert filled.part("d.rate.90d.n")[1] == 12
    assert filled.part("d.count")[1] == 7


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("d.rate.90d", 1.0, "entered twice"),
        ("d.ratio", 1.0, "matches no measure"),
        ("d.rate.a.b", 1.0, "matches no measure"),
        ("d.rate.30d", float("nan"), "unknowable, but no why"),
        ("d.rate.30d", True, "not bool"),
    ],
)
def test_what_may_not_be_entered(key, value, message):
    with pytest.raises(CrmError, match=message):
        ledger().add(key, value)


def test_unknowable_is_null_with_a_why_never_zero():
    filled = ledger()
    filled.add("d.rate.365d", float("nan"), why="immature")
    assert filled["d.rate.365d"].value is None
    assert filled["d.rate.365d"].why == "immature"


def test_missing_keys_are_errors():
    for reference in ("d.rate.30d", "d.rate.90d.median", "lower"):
        with pytest.raises(CrmError, match="is not in the ledger"):
            ledger().part(reference)


def test_a_ledger_survives_the_notebook():
    bundle = ledger()._repr_mimebundle_()
    again = from_json(json.loads(json.dumps(bundle[MIME])))
    assert again.numbers == ledger().numbers
    assert again.currency == "USD"
    assert "d.rate.90d: 0.333333 [0.2, 0.4] n=12" in bundle["text/plain"]


def test_two_diagnostics_may_not_enter_the_same_key():
    with pytest.raises(CrmError, match=r"entered by two diagnostics: d\.count, d\.rate\.90d"):
        merged([ledger(), ledger()])


def test_numbers_json_is_sorted_and_whatever_the_order_of_entry_the_same_bytes():
    other = Ledger(MEASURES, "USD")
    other.add("d.count", 7)
    other.add("d.rate.90d", 1 / 3, lower=0.2, upper=0.4, level=0.95, n=12)
    assert dumps(other) == dumps(ledger())
    assert list(json.loads(dumps(other))) == ["d.count", "d.rate.90d"]


def test_a_measure_of_an_unknown_unit_is_an_error():
    with pytest.raises(CrmError, match="unit 'yen' is not one of"):
        Measure("d.x", "yen", "d.x")
