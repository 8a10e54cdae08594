import pandas as pd
import pytest

from crmlib.identity import keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("見本市緑町2-11-3", "見本市緑町２丁目１１番地３号"),
        ("見本市緑町2-11-3", "見本市緑町 二丁目11-3"),
        ("見本市緑町12-1", "見本市緑町十二番1"),
        ("雛形市一番町5-19-11", "雛形市一番町 ５ー１９ー１１"),
    ],
)
def test_one_address_in_several_spellings(one, other):
    assert keys.address(one) == keys.address(other) != ""


@pytest.mark.parametrize("text", ["", "見本市緑町", "1-2"])
def test_an_address_without_a_house_is_no_key(text):
    assert keys.address(text) == ""


def test_neighbours_are_not_one_address():
    assert keys.address("見本市緑町2-11-3") != keys.address("見本市緑町21-1-3")


@pytest.mark.parametrize("text", ["000-0000-0000", "0000000000", "090", "", "1111111111", "110"])
def test_a_telephone_for_forms_sake_is_no_key(text):
    assert keys.phone(text) == ""


def test_columns_that_are_missing_or_empty_are_empty_keys():
    found = keys.of(pd.DataFrame({"name": ["山田　花子", None], "phone": ["０９０−１２３４−５６７８", "-"]}))
    assert found.to_dict("list") == {
        "name": ["山田花子", ""], "kana": ["", ""], "email": ["", ""], "phone": ["09012345678", ""], "address": ["", ""],
    }  # fmt: skip
