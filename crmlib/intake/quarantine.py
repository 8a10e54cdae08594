"""quarantine/*.csv: the raw rows that were not used, with file, line, column and reason; the only place that quotes them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from crmlib.config import Headers
from crmlib.intake.fates import QUARANTINED
from crmlib.intake.masking import masked
from crmlib.intake.orders import Orders
from crmlib.intake.sieve import EXCLUDED as STRUCTURAL_RULES
from crmlib.intake.tables import Rows

COLUMNS = ("file", "line", "column", "reason", "value", "row")
FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    *"\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}",
)
PICTURES = {code: code + 0x2400 for code in range(0x20) if chr(code) not in "\t\r\n"} | {0x7F: 0x2421}
TURNS = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD)
INERT = PICTURES | TURNS | dict.fromkeys(range(0x80, 0xA0), 0xFFFD)


class Quarantined(NamedTuple):
    """Why one row stands aside. `column` is the file's header, "" where the whole row is at fault; `value` is masked."""

    line: int
    column: str
    reason: str
    value: str = ""


def of(orders: Orders | Rows, headers: Mapping[str, Headers]) -> list[Quarantined]:
    """A file's quarantined rows in the order of their lines.

    Args:
        orders: The file's rows with their fates.
        headers: Our column -> the file's header, or several.
    """
    rows = np.flatnonzero(orders.fates.kinds(QUARANTINED))
    judged = [_one(orders, row, headers) for row in rows.tolist()]
    broken = [Quarantined(line, "", code) for line, code in orders.table.broken if code not in STRUCTURAL_RULES]
    return sorted(judged + broken)


def _one(orders: Orders | Rows, row: int, headers: Mapping[str, Headers]) -> Quarantined:
    fate = orders.fates.of(row)
    said = headers.get(fate.column, ())
    named = [said] if isinstance(said, str) else said
    value = " ".join(orders.table.columns[name][row].as_py() or "" for name in named)
    return Quarantined(int(orders.table.lines[row]), " ".join(named), fate.code, masked(value))


def written(file: str, found: Sequence[Quarantined], raw: dict[int, str]) -> bytes:
    """The CSV of one file's quarantined rows, UTF-8 with byte order mark so that Excel opens it.

    Args:
        file: The input's name.
        found: Its quarantined rows.
        raw: Raw text by line.
    """
    rows = ((file, str(one.line), one.column, one.reason, one.value, raw.get(one.line, "")) for one in found)
    return csv_bytes(COLUMNS, rows)


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The one writer of CSV: no cell can be taken for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, and that moves no terminal's cursor: controls become pictures.

    Example:
        >>> harmless("=1+1"), harmless("山田")
        ("'=1+1", '山田')
    """
    cell = cell.translate(INERT)
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell
