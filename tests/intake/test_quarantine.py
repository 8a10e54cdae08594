"""Cells that no spreadsheet runs and that move no terminal's cursor."""

import csv
import io

import pytest

from crmlib.intake import quarantine
from tests.intake.conftest import Make
from tests.intake.hostile import HEAD, SHOP, rows

PAYLOADS = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "＝1+1", "＠x", "  =1+1")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "  ="])
def test_formulas_are_inert(start: str) -> None:
    assert quarantine.harmless(start + "1") == "'" + start + "1"


def test_other_cells_stay() -> None:
    assert [quarantine.harmless(cell) for cell in ("山田", "", "1-2", "a=b")] == ["山田", "", "1-2", "a=b"]


@pytest.mark.parametrize(
    ("cell", "inert"),
    [("\x1b[2J", "␛[2J"), ("a\0b", "a␀b"), ("a\x07", "a␇"), ("a\x7f", "a␡"), ("a\x9b31m", "a\ufffd31m"), ("\u202ecba", "\ufffdcba"), ("a\nb", "a\nb")],
)  # fmt: skip
def test_controls_become_pictures(cell: str, inert: str) -> None:
    assert quarantine.harmless(cell) == inert


def test_hostile_rows_names_and_files_come_out_inert(make: Make) -> None:
    name = "=cmd|'x'\x1b[2J\u202e{{7*7}}<script>[red].csv"
    lines = [f'"{payload}\x1b[31m<b>{{{{x}}}}",1,never,5' for payload in PAYLOADS]
    folder = make({name: rows(*lines, "A1,1,2024-01-05,7", head=HEAD)}, **SHOP)
    folder.run()
    text = folder.quarantine()
    assert not {c for c in text if not c.isprintable()} - {"\r", "\n", "\t"}
    found = list(csv.reader(io.StringIO(text)))[1:]
    assert len(found) == len(PAYLOADS)
    assert not [cell for row in found for cell in row if cell.lstrip(" ").startswith(quarantine.FORMULA)]
    assert all(path.name.isascii() and "/" not in path.name for path in (folder.path / "quarantine").iterdir())
    report = (folder.path / "intake.json").read_text("utf-8")
    assert not {c for c in report if not c.isprintable()} - {"\n"}


def test_a_refusal_prints_no_control_character(make: Make) -> None:
    message = make({"a\x1b]0;x\x07\u2066.csv": "x\x1b[2J,y\u202e\n1,2\n"}).message()
    assert message.replace("\n", "").isprintable()
    assert "raw/a?]0;x??.csv: column '注文番号' is missing" in message
