"""Cells that no spreadsheet runs."""

import pytest

from crmlib.intake import quarantine


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_formulas_are_inert(start: str) -> None:
    assert quarantine.harmless(start + "1") == "'" + start + "1"


def test_other_cells_stay() -> None:
    assert [quarantine.harmless(cell) for cell in ("山田", "", "1-2", "a=b")] == ["山田", "", "1-2", "a=b"]
