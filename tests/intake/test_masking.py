"""What may be shown of a value."""

import pytest

from crmlib.intake import masking


@pytest.mark.parametrize(
    ("value", "shape"),
    [("山田 太郎", "xx xx"), ("taro@example.com", "xxxx@xxxxxxx.xxx"), ("090-1234-5678", "999-9999-9999"), ("1,20", "9,99"),
     ("a\x1b[2J", "x?[9x"), ("x" * 40, "x" * 23 + "…")],
)  # fmt: skip
def test_a_shape_names_nobody(value: str, shape: str) -> None:
    assert masking.masked(value) == shape


def test_status_words_are_listed_unless_they_look_personal() -> None:
    words = ["発送済み", "", "taro@example.com", "09012345678"]
    assert [masking.label(word) for word in words] == ["発送済み", "(blank)", "xxxx@xxxxxxx.xxx", "99999999999"]


def test_a_column_of_names_is_no_column_of_statuses():
    names = {f"{family}{given}": 1 for family in "佐鈴高田伊渡山中" for given in "子美郎太一夫"}
    assert len(names) > masking.MOST_WORDS
    assert masking.labels(names) == {"xx": len(names)}
    assert masking.labels({"発送済み": 2, "新規": 1}) == {"新規": 1, "発送済み": 2}
