"""Money texts one by one."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.intake import money
from crmlib.intake.values import convert, plain

YEN = [
    ("1200", 1200), ("¥1,200", 1200), ("￥1,200", 1200), ("\\1,200", 1200), ("1,200円", 1200), ("JPY 1200", 1200),
    ("１，２００", 1200), ("△500", -500), ("▲ 500", -500), ("(500)", -500), ("（５００）", -500), ("-¥500", -500),
    ("¥-500", -500), ("−500", -500), ("+5", 5), ("¥1,200-", 1200), ("1200.00", 1200), ("0", 0), ("-0", 0),
    ("999,999,999,999", 10**12 - 1), ("1,200円(税込)", 1200), ("1200円（税込）", 1200), ("¥1,200 税込", 1200),
]  # fmt: skip
BAD = [
    ("1,000-", "ambiguous_amount"), ("1,20", "bad_grouping"), ("12,34,567", "bad_grouping"), ("1.234,56", "bad_grouping"),
    ("1200.5", "fraction_of_minor_unit"), ("$5", "other_currency"), ("5 USD", "other_currency"), ("", "blank"),
    ("\u3000", "blank"), ("abc", "bad_amount"), ("1e5", "bad_amount"), ("--5", "bad_amount"), ("-(5)", "bad_amount"),
    ("(5", "bad_amount"), ("1 200", "bad_amount"), ("1_000", "bad_amount"), ("0x10", "bad_amount"), ("٣", "bad_amount"),
    ("円", "bad_amount"), ("1,200円(税抜)", "bad_amount"), ("1200.", "bad_amount"), ("9" * 16, "amount_too_large"), ("1,000,000,000,000", "amount_too_large"), ("nan", "bad_amount"), ("inf", "bad_amount"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), YEN)
def test_yen(text: str, value: int) -> None:
    found = money.amount(text, "JPY", 1)
    assert (found.value, found.reason) == (value, "")


@pytest.mark.parametrize(("text", "reason"), BAD)
def test_what_could_mean_two_things_has_a_reason(text: str, reason: str) -> None:
    found = money.amount(text, "JPY", 1)
    assert (found.value, found.reason) == (None, reason)


def test_cents() -> None:
    assert [money.amount(t, "USD", 100).value for t in ("35.47", "$1,234.5", "(3.50)", "12")] == [
        3547,
        123450,
        -350,
        1200,
    ]
    assert money.amount("1.005", "USD", 100).reason == "fraction_of_minor_unit"
    assert money.amount("¥5", "CNY", 100).value == 500


@given(st.integers(1 - 10**12, 10**12 - 1))
def test_every_way_of_writing_an_amount_gives_the_amount(value: int) -> None:
    written = [f"{value}", f"{value:,}", f"¥{value:,}" if value >= 0 else f"△{-value:,}円", f"{value:,}.00"]
    wide = f"{value:,}".translate(str.maketrans("0123456789,-", "０１２３４５６７８９，－"))
    assert {money.amount(text, "JPY", 1).value for text in [*written, wide]} == {value}


@given(st.text(max_size=12))
def test_no_text_raises(text: str) -> None:
    found = money.amount(text, "JPY", 1)
    assert (found.value is None) == bool(found.reason)


def test_product_is_exact_or_refused() -> None:
    pieces = convert(pa.array(["3", "-1", "3", "999999999"]).dictionary_encode(), money.quantity)
    prices = convert(
        pa.array(["0.5", "250.00", "0.3333", "999999999"]).dictionary_encode(),
        lambda text: money.unit_price(text, "JPY", 1),
    )
    amounts, reasons = money.product(pieces, prices)
    assert reasons.tolist() == ["fraction_of_minor_unit", "", "fraction_of_minor_unit", "amount_too_large"]
    assert amounts.tolist() == [0, -250, 0, 0]
    assert amounts.dtype == np.int64


def test_repairs_are_counted_by_row() -> None:
    found = convert(
        pa.array(["１", "１", " 2 ", "x", None]).dictionary_encode(), lambda text: money.amount(text, "JPY", 1)
    )
    assert found.repairs == {"full_width": 2, "trimmed": 1}
    assert found.reasons.tolist() == ["", "", "", "bad_amount", "blank"]
    assert plain("\ufeff1")[0] == "\ufeff1"
