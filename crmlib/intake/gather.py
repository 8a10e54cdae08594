"""All files of all sources, read, converted and judged, or every problem that they have."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import pyarrow as pa

from crmlib.columns import KEYS, MAPPED
from crmlib.config import Client, Headers, Source
from crmlib.errors import DataError, Problem
from crmlib.intake import copies, duplicates, files, formats, headers, inputs, lines, mapping, orders, tables
from crmlib.intake.fates import RULES
from crmlib.intake.files import InputFile
from crmlib.intake.orders import Orders
from crmlib.intake.problems import Problems
from crmlib.intake.records import Layout
from crmlib.intake.tables import Rows

NO_ROWS = ("has a header, but no rows", "has columns, but no rows")


@dataclass(frozen=True)
class ReadFile:
    """One input after reading: what it was, how it was laid out, its rows (None where it has a header only).

    `source` is client.yaml's with the mapping resolved, `source_of` as it stands there.
    """

    input: InputFile
    source: Source
    layout: Layout
    rows: Orders | Rows | None
    source_of: Source


def everything(client: Client) -> tuple[list[ReadFile], list[ReadFile]]:
    """All files of all sources, judged; and the orders' files once more with the order lines that stand in them.

    Args:
        client: The client, with its folder.

    Raises:
        DataError: all problems of all files at once.
    """
    problems = Problems()
    if all(source.table != "orders" for source in client.sources):
        hint = "Name the file of purchases: - {table: orders, files: ...}."
        problems.found.append(Problem("no source has table: orders", "client.yaml", hint=hint))
    read = [one for source in client.sources for one in _source(client, source, problems)]
    hint = "Run again when nobody writes it."
    changed = [one.input.name for one in read if not files.unchanged(one.input)]
    problems.found += [Problem("changed while it was read", name, hint=hint) for name in changed]
    with problems.of("client.yaml"):
        _counted_once([_of_source(read, source) for source in client.sources])
        _told_once(read)
    problems.raised()
    return _with_lines(read, client)


def of_orders(read: Sequence[ReadFile]) -> list[Orders]:
    """The files of orders."""
    return [one.rows for one in read if isinstance(one.rows, Orders)]


def _source(client: Client, source: Source, problems: Problems) -> list[ReadFile]:
    where = ", ".join(source.files)
    read: list[ReadFile] = []
    before = len(problems.found)
    with problems.of(where):
        _check(source)
        waiting = inputs.opened(client.folder, source, _wanted(source), problems)
        while waiting:  # one after the other leaves the memory
            with problems.of(waiting[0].name):
                read.append(_read(waiting.pop(0), source, client))
        if len(problems.found) == before and read:
            _judge(read, where)
    return read


def _without_bytes(file: InputFile, client: Client) -> InputFile:
    """An input that has been read; the bytes of a text are let go where they can be had from the disk again."""
    plain = file.kind == "text" and file.name == files.shown(file.path, client.folder) and file.sha256 == file.content
    return dataclasses.replace(file, data=b"") if plain else file


def _judge(read: Sequence[ReadFile], where: str) -> None:
    source = read[0].source
    if source.table == "orders":
        duplicates.judge(of_orders(read), source, where)
    else:
        copies.judge([cast("Rows", one.rows) for one in read if one.rows is not None], source.row_key)


def _check(source: Source) -> None:
    known = set(RULES) - {"total_row"}  # whose total rows have a form of their own may name them
    taken = [
        Problem(f"exclude rule '{r.rule}' has the name of a built-in rule") for r in source.exclude if r.rule in known
    ]
    if taken:
        raise DataError(taken)


def _read(file: InputFile, source: Source, client: Client) -> ReadFile:
    known = mapping.resolved(source, formats.tops(file, source.encoding)) if _open(source) else source
    try:
        if people := _flat([said for name, said in known.columns.items() if _personal(known, name)]):
            headers.positions(formats.header(file, known, _wanted(known))[0], people, file.name)
        table, layout = formats.table(file, known, _wanted(known), _values(known))
    except DataError as error:
        if known.table == "orders" or [problem.what for problem in error.problems if problem.what not in NO_ROWS]:
            raise
        return ReadFile(_without_bytes(file, client), known, Layout("", ""), None, source)
    convert = orders.convert_file if known.table == "orders" else tables.convert_file
    rows = convert(table, known, client, file.name)
    return ReadFile(_without_bytes(file, client), known, layout, rows, source)


def _open(source: Source) -> bool:
    """Whether the file's own header decides about the mapping."""
    return not source.columns or bool(source.optional)


def _values(source: Source) -> list[str] | None:
    """The headers that stay out of a row's fingerprint; None where no fingerprint is needed."""
    if source.table == "orders":
        keyed = "order_id" in source.columns or bool(source.row_key)
        return _flat([source.columns[name] for name in orders.VALUES if name in source.columns]) if keyed else None
    return None if source.table in KEYS or source.row_key else []


def _wanted(source: Source) -> list[str]:
    """The headers whose columns are needed; personal ones are not: they are read where they are needed."""
    source = source.model_copy(
        update={"columns": {k: said for k, said in source.columns.items() if not _personal(source, k)}}
    )
    rules = [rule.column for rule in source.exclude]
    needed = [said for name, said in source.columns.items() if name not in source.optional] if _open(source) else []
    return list(dict.fromkeys([*_flat(needed or list(source.columns.values())), *rules, *source.row_key]))


def _personal(source: Source, name: str) -> bool:
    return MAPPED[source.table][name].kind == "personal"


def _flat(said: Sequence[Headers]) -> list[str]:
    return [name for one in said for name in ([one] if isinstance(one, str) else one)]


def _told_once(read: Sequence[ReadFile]) -> None:
    """What identifies a row (a customer, a month) does so over all sources of its table."""
    for table in KEYS:
        files = [one for one in read if one.source.table == table and isinstance(one.rows, Rows)]
        if len({id(one.source_of) for one in files}) > 1 and not any(one.source.row_key for one in files):
            copies.judge([cast("Rows", one.rows) for one in files], ())


def _counted_once(sources: Sequence[Sequence[ReadFile]]) -> None:
    """Refuse two sources of orders that hold the same orders: the header file and the file of their lines, for instance."""
    sold = [(files[0].input.name, of_orders(files)) for files in sources if files and of_orders(files)]
    for (first, one), (second, other) in itertools.combinations(sold, 2):
        count = lines.in_both(lines.standing(one), lines.standing(other))
        if count:
            what = f"{count:,} orders stand with the same customer and day in {first} and in {second}: they would count twice"
            hint = "Give the file of their lines table: order_lines, or take one of the two sources out."
            raise DataError(Problem(what, expected="every order in one source", hint=hint))


def _with_lines(read: list[ReadFile], client: Client) -> tuple[list[ReadFile], list[ReadFile]]:
    """The files, those of order lines joined to their orders; and the lines in the orders' files."""
    sources = [files for source in client.sources if of_orders(files := _of_source(read, source))]
    if any(one.source.table == "order_lines" for one in read) and sources:
        standing = lines.standing(of_orders(read))
        shared = lines.shared([lines.standing(of_orders(files)) for files in sources])
        return [_joined(one, standing, shared) for one in read], []
    return read, [one for files in sources for one in _derived(files, client)]


def _of_source(read: Sequence[ReadFile], source: Source) -> list[ReadFile]:
    return [one for one in read if one.source_of is source]


def _derived(files: Sequence[ReadFile], client: Client) -> list[ReadFile]:
    """The files of one source of orders with the lines that stand in them: another source may use the same numbers."""
    sold = of_orders(files)
    if not any(lines.derives(one) for one in sold):
        return []
    made = lines.derived(sold, client, [one.input.name for one in files], lines.standing(sold))
    return [dataclasses.replace(one, rows=rows) for one, rows in zip(files, made, strict=True) if rows]


def _joined(one: ReadFile, standing: lines.Standing, shared: pa.Array) -> ReadFile:
    if one.source.table != "order_lines" or not isinstance(one.rows, Rows):
        return one
    return dataclasses.replace(one, rows=lines.joined(one.rows, standing, shared))
