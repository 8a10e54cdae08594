"""Which row of a file is the header, and which of its columns are ours: matched after NFKC and trimming, exactly once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from crmlib.errors import DataError, Problem, did_you_mean
from crmlib.intake.files import printable
from crmlib.intake.masking import masked
from crmlib.intake.records import Record

MAX_COLUMNS = 2_000
MAX_DEPTH = 3  # rows that a header may take up
SHOWN, LONGEST = 80, 60  # headers in a message, and their characters
DATA = re.compile(r"[0-9][0-9/:.,\- ]{2,}|.*@.*")  # a number, a date or an e-mail address is no header
INVISIBLE = "\N{ZERO WIDTH NO-BREAK SPACE}\N{ZERO WIDTH SPACE}"
SEPARATOR = re.compile(r"sep=.?", re.IGNORECASE)  # Excel's own first line


@dataclass(frozen=True)
class Header:
    """A file's header.

    Attributes:
        names: One per column.
        rows: The rows it takes up, as they are in the file.
        line: The line on which the rows below it begin; 1 where there is no header.
        above: Lines of the rows above it.
        notes: What is to be noted about the top of the file.
        extra: Empty cells that the first row below has behind the last column.
    """

    names: list[str]
    rows: list[list[str]]
    line: int
    above: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    extra: int = 0


def same(header: str) -> str:
    """A header as it is compared.

    Example:
        >>> same(" 受注住所１ ")
        '受注住所1'
    """
    return " ".join(unicodedata.normalize("NFKC", header).strip(INVISIBLE).split())


def find(tops: Sequence[Record], wanted: Sequence[str]) -> Header | None:
    """The header among a file's first records: the first row that holds all wanted headers, or rows that do together.

    Args:
        tops: The first records.
        wanted: Headers as client.yaml writes them.

    Returns:
        The header; None where no row holds all of them.
    """
    full = [record for record in tops if record.cells and not record.code]
    if not wanted:
        return at_top(tops, wanted)
    for depth in range(1, MAX_DEPTH + 1):
        for i in range(len(full) - depth + 1):
            rows = [record.cells for record in full[i : i + depth]]
            names = rows[0] if depth == 1 else _joined(rows, wanted)
            if all_there(names, wanted):
                return _header(tops, full[i : i + depth], names)
    return None


def at_top(tops: Sequence[Record], wanted: Sequence[str]) -> Header | None:
    """The row that is most like the header wanted, for messages; where none is known, the row that looks like one."""
    full = [record for record in tops if record.cells and not record.code]
    names = {same(name) for name in wanted}
    alike = [len(names & set(map(same, record.cells))) for record in full]
    best = full[alike.index(max(alike))] if any(alike) else _likely(full)
    return _header(tops, [best], best.cells) if best else None


def _likely(full: Sequence[Record]) -> Record | None:
    """The first row with as many cells as others have and without data: what stands above it are titles."""
    filled = [sum(bool(cell.strip()) for cell in record.cells) for record in full]
    enough = max(filled, default=0) / 2
    likely = [r for r, n in zip(full, filled, strict=True) if n > enough and not any(map(DATA.fullmatch, r.cells))]
    return next(iter([*likely, *full]), None)


def _header(tops: Sequence[Record], rows: Sequence[Record], names: list[str]) -> Header:
    above = [record for record in tops if record.line < rows[0].line]
    below = rows[-1].line + max(1, len(rows[-1].raw))
    separators = [r.line for r in above if r.cells and SEPARATOR.fullmatch(r.cells[0]) and not any(r.cells[1:])]
    lines = tuple(r.line for r in above if (r.cells or r.code) and r.line not in separators)
    blank = sum(not record.cells and not record.code for record in above)
    notes = ("separator_line",) * len(separators) + ("blank_line",) * blank
    first = next((r.cells for r in tops if r.line >= below and r.cells and not r.code), names)
    extra = max(0, len(first) - len(names)) if not any(first[len(names) :]) else 0
    return Header(names, [record.cells for record in rows], below, lines, notes, extra)


def _joined(rows: Sequence[list[str]], wanted: Sequence[str]) -> list[str]:
    """Names of a header in several rows: the wanted one of the ways to join a column's cells."""
    width, names = max(map(len, rows)), {same(name) for name in wanted}
    padded = [row + [""] * (width - len(row)) for row in rows]
    filled = [_filled(row) for row in padded[:-1]] + [padded[-1]]
    columns = zip(zip(*padded, strict=True), zip(*filled, strict=True), strict=True)
    return [_name(own, spread, names) for own, spread in columns]


def _filled(row: Sequence[str]) -> list[str]:
    """A row of merged cells: each blank takes the name to its left."""
    filled: list[str] = []
    for cell in row:
        filled.append(cell or (filled[-1] if filled else ""))
    return filled


def _name(own: Sequence[str], spread: Sequence[str], wanted: set[str]) -> str:
    parts = [cell for cell in (spread if own[-1] else own) if cell]
    ways = [own[-1], *(mark.join(parts) for mark in (" ", "", "_", "/", "-", "\N{KATAKANA MIDDLE DOT}"))]
    return next((way for way in ways if way and same(way) in wanted), " ".join(parts))


def refuse_data_above(header: Header, tops: Sequence[Record], wanted: Sequence[str], where: str) -> None:
    """Refuse a file in which a row above the header looks like a row of its table: it would be lost.

    Raises:
        DataError: the first such row.
    """
    places = [i for i, name in enumerate(header.names) if same(name) in set(map(same, wanted))]
    for record in tops:
        known = [record.cells[i] for i in places if i < len(record.cells) and record.cells[i]]
        data = len(known) == len(places) > 1 and any(DATA.fullmatch(same(cell)) for cell in known)
        if record.line in header.above and data:
            what = f"a row of data stands above the header (the header ends before line {header.line:,})"
            raise DataError(Problem(what, f"{where} line {record.line:,}", hint="Put the header first."))


def positions(header: Sequence[str], wanted: Iterable[str], where: str) -> Mapping[str, int]:
    """Where each wanted column stands in a file.

    Args:
        header: The file's headers.
        wanted: Headers as client.yaml writes them.
        where: The file's name, for messages.

    Returns:
        Wanted header -> index into `header`.

    Raises:
        DataError: all wanted headers that are missing or there twice, with the headers found.
    """
    if len(header) > MAX_COLUMNS:
        hint = "Delete the columns that are not needed."
        raise DataError(Problem(f"has {len(header):,} columns", where, f"at most {MAX_COLUMNS:,}", hint))
    names = [same(name) for name in header]
    problems = [_problem(name, names, where) for name in wanted if names.count(same(name)) != 1]
    if problems:
        raise DataError(problems)
    return {name: names.index(same(name)) for name in wanted}


def all_there(header: Sequence[str], wanted: Iterable[str]) -> bool:
    """Whether every wanted column is among the headers."""
    return {same(name) for name in wanted} <= {same(name) for name in header}


def _problem(name: str, names: Sequence[str], where: str) -> Problem:
    if same(name) in names:
        places = ", ".join(str(i + 1) for i, other in enumerate(names) if other == same(name))
        hint = "Rename one of them in the file, or map another column."
        return Problem(f"column '{name}' is there more than once (columns {places})", where, hint=hint)
    what = f"column '{name}' is missing"
    if any(DATA.fullmatch(other) for other in names):  # the first line may be somebody's purchase: only its shape
        return Problem(what, where, f"a header line; the first line looks like data: {_listed(names, masked)}")
    near = did_you_mean(name, [other for other in names if len(other) <= LONGEST])
    hint = near if near.startswith("Did") else ""  # without a near one the headers would stand there twice
    return Problem(what, where, f"one of the headers found: {_listed(names, printable)}", printable(hint))


def _listed(names: Sequence[str], shown: Callable[[str], str]) -> str:
    texts = [shown(name[: LONGEST + 1]) or "(blank)" for name in names[:SHOWN]]
    return ", ".join(text if len(text) <= LONGEST else f"{text[:LONGEST]}\N{HORIZONTAL ELLIPSIS}" for text in texts)
