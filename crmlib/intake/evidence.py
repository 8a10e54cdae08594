"""What the cells of an unknown file look like, column by column: shares of dates, money, numbers; never a value."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from crmlib.config import Client
from crmlib.errors import DataError
from crmlib.intake import dates, formats, ids, money, months, records
from crmlib.intake.files import InputFile
from crmlib.intake.values import plain
from crmlib.privacy import words

SAMPLE = 2_000  # rows looked at
NUMERAL = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class Evidence:
    """One column of an unknown file.

    Attributes:
        header: As the file has it.
        rows: Rows looked at.
        filled: Share of cells that are not blank.
        distinct: Distinct texts.
        shares: Kind -> share of filled cells that can be read as such: date, month, money, integer, id.
        trouble: What makes the column ambiguous as dates, "" if nothing.
        personal: What it says of a person by its header, "" if nothing.
    """

    header: str
    rows: int
    filled: float
    distinct: int
    shares: Mapping[str, float]
    trouble: str = ""
    personal: str = ""


def of(file: InputFile, client: Client) -> list[Evidence]:
    """The evidence of every column of an input, from its first rows.

    Args:
        file: The opened input.
        client: For currency and time zone.

    Raises:
        DataError: the input cannot be read.
    """
    names, layout = formats.header(file, None, [])
    if file.kind == "parquet":
        table = formats.read(file, layout, [name for name in names if names.count(name) == 1])
        columns = {name: column.slice(0, SAMPLE).to_pylist() for name, column in table.columns.items()}
        return [_column(name, [text or "" for text in columns[name]], client) for name in names if name in columns]
    found = (one.cells for one in records.of(file, layout) if one.cells and not one.code)
    rows = [cells + [""] * (len(names) - len(cells)) for cells in itertools.islice(found, SAMPLE)]
    return [_column(name, [row[place] for row in rows], client) for place, name in enumerate(names)]


def _column(header: str, cells: Sequence[str], client: Client) -> Evidence:
    texts = [plain(cell)[0] for cell in cells]
    filled = [text for text in texts if text]
    day, trouble = _dates(filled, client)
    readers: dict[str, Callable[[str], bool]] = {
        "date": lambda text: day(text).value is not None,
        "month": lambda text: months.reader(day)(text).value is not None and not day(text).value,
        "money": lambda text: money.amount(text, client.currency, client.scale).value is not None,
        "integer": lambda text: money.quantity(text).value is not None,
        "number": lambda text: NUMERAL.fullmatch(text) is not None,
    }
    shares = {kind: sum(map(one, filled)) / max(1, len(filled)) for kind, one in readers.items()}
    good = ids.convert(pa.array(filled, pa.string()).dictionary_encode()).reasons == ""
    shares["id"] = float(good.mean()) if filled else 0.0
    share = len(filled) / max(1, len(texts))
    return Evidence(header, len(texts), share, len(set(filled)), shares, trouble, words.kind_of(header))


def _dates(texts: Sequence[str], client: Client) -> tuple[dates.Reader, str]:
    """How the column's dates are read, and what is unclear about them."""
    try:
        return dates.reader(texts, "", None, client.timezone), ""
    except DataError as error:
        trouble = "" if "mixes" in error.problems[0].what else error.problems[0].hint
        return dates.reader([], "", "shape", client.timezone), trouble


def said(one: Evidence) -> str:
    """The evidence of a column in words.

    Example:
        >>> said(Evidence("d", 10, 0.9, 9, {"date": 1.0, "money": 0.0}))
        '90 % filled, 9 distinct; date 100 %'
    """
    if one.personal:
        return f"{one.filled:.0%} filled; names a person ({one.personal})".replace("%", " %")
    kinds = ", ".join(f"{kind} {share:.0%}" for kind, share in one.shares.items() if share > 0 and kind != "number")
    text = f"{one.filled:.0%} filled, {one.distinct:,} distinct; {kinds or 'text'}"
    return re.sub(r"(?<=[0-9])%", " %", text)
