"""What may be shown of a value, and cells that no spreadsheet runs."""

import pytest

from crmlib.intake import quarantine


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_formulas_are_inert(start: str) -> None:
    assert quarantine.harmless(start + "1") == "'" + start + "1"


def test_other_cells_stay() -> None:
    assert [quarantine.harmless(cell) for cell in ("山田", "", "1-2", "a=b")] == ["山田", "", "1-2", "a=b"]


@pytest.mark.parametrize(
    ("value", "shape"),
    [("山田 太郎", "xx xx"), ("taro@example.com", "xxxx@xxxxxxx.xxx"), ("090-1234-5678", "999-9999-9999"), ("1,20", "9,99"),
     ("a\x1b[2J", "x?[9x"), ("x" * 40, "x" * 23 + "…")],
)  # fmt: skip
def test_a_shape_names_nobody(value: str, shape: str) -> None:
    assert quarantine.masked(value) == shape


def test_status_words_are_listed_unless_they_look_personal() -> None:
    words = ["発送済み", "", "taro@example.com", "09012345678"]
    assert [quarantine.label(word) for word in words] == ["発送済み", "(blank)", "xxxx@xxxxxxx.xxx", "99999999999"]
