"""The intake: every file of every source read, judged, balanced and written, or one error with all problems."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crmlib.config import Client, Source
from crmlib.errors import DataError, Problem
from crmlib.intake import (
    duplicates,
    files,
    formats,
    inputs,
    masking,
    orders,
    pseudonym,
    quarantine,
    report,
    store,
)
from crmlib.intake.fates import RULES
from crmlib.intake.files import InputFile
from crmlib.intake.problems import Problems
from crmlib.intake.quarantine import Quarantined
from crmlib.intake.reading import Layout
from crmlib.intake.report import FileReport, IntakeReport

WORDS_SHOWN = 20


@dataclass(frozen=True)
class ReadFile:
    """One file after reading: what it was, how it was laid out, and its orders."""

    input: InputFile
    source: Source
    layout: Layout
    orders: orders.Orders


def run(client: Client) -> IntakeReport:
    """Read a client's files, account for every row, write the store.

    Args:
        client: The client, with its folder.

    Returns:
        The report, which is also written to intake.json.

    Raises:
        DataError: all problems of all files at once; or too much is quarantined (quarantine/*.csv is written all the
            same). The store of the last good intake stays as it is.
    """
    read = _all_read(client)
    aside = [quarantine.of(one.orders, dict(one.source.columns)) for one in read]
    store.write_quarantine(client.folder, _sheets(read, aside))
    reports = [_file_report(one) for one in read]
    totals = report.total(entry.balance for entry in reports)
    unknown = _unknown_statuses(read)
    with _explained(read, aside, unknown):
        warnings = report.judged(totals, accepted=client.accept_quarantined)
    if unread := _unread(client, read):
        warnings.append(f"named by no source of client.yaml and not read: {', '.join(unread)}")
    table = store.orders_table([one.orders for one in read], pseudonym.key(client.folder))
    whole = (client.as_of.isoformat(), client.currency, reports, totals, warnings, unknown)
    made_from = _made_from(client, [f"{one.input.name} {one.input.sha256}" for one in read])
    done = IntakeReport(*whole, table.num_rows, store.digest(table), made_from)
    store.write(client.folder, table)
    store.write_text(client.folder / report.FILE, done.to_json())
    return done


def _all_read(client: Client) -> list[ReadFile]:
    """All files of all sources, judged; or every problem they have."""
    problems = Problems()
    read = [one for source in client.sources for one in _source(client, source, problems)]
    hint = "Run again when nobody writes it."
    changed = [one.input.name for one in read if not files.unchanged(one.input)]
    problems.found += [Problem("changed while it was read", name, hint=hint) for name in changed]
    problems.raised()
    return read


def refreshed(client: Client) -> IntakeReport:
    """The report of the last intake where configuration, code and inputs are still the same; else a new intake."""
    folder = client.folder
    if not (folder / report.FILE).is_file() or not (folder / store.FILE).is_file():
        return run(client)
    last = report.load(folder)
    paths = [path for source in client.sources for path in files.find(folder, source.files)]
    inputs = [f"{files.shown(path, folder)} {files.sha256(path)}" for path in paths]
    return last if last.made_from == _made_from(client, inputs) else run(client)


def _made_from(client: Client, inputs: Sequence[str]) -> str:
    code = [path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))]
    parts = [client.model_dump_json().encode("utf-8"), *code, *(text.encode() for text in inputs)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _source(client: Client, source: Source, problems: Problems) -> list[ReadFile]:
    where = ", ".join(source.files)
    read: list[ReadFile] = []
    before = len(problems.found)
    with problems.of(where):
        _check(source)
        for one in inputs.opened(client.folder, source, _wanted(source), problems):
            with problems.of(one.name):
                read.append(_read(one, source, client))
        if len(problems.found) == before:
            duplicates.judge([one.orders for one in read], source, where)
    return read


def _check(source: Source) -> None:
    if source.table != "orders":
        raise DataError(Problem(f"table '{source.table}' cannot be read yet", expected="table: orders"))
    taken = [
        Problem(f"exclude rule '{r.rule}' has the name of a built-in rule") for r in source.exclude if r.rule in RULES
    ]
    if taken:
        raise DataError(taken)


def _read(file: InputFile, source: Source, client: Client) -> ReadFile:
    keyed = "order_id" in source.columns or bool(source.row_key)
    values = [source.columns[name] for name in orders.VALUES if name in source.columns] if keyed else None
    table, layout = formats.table(file, source, _wanted(source), values)
    return ReadFile(file, source, layout, orders.convert_file(table, source, client, file.name))


def _wanted(source: Source) -> list[str]:
    """The headers whose columns are needed."""
    rules = [rule.column for rule in source.exclude]
    return list(dict.fromkeys([*source.columns.values(), *rules, *source.row_key]))


def _unread(client: Client, read: Sequence[ReadFile]) -> list[str]:
    """Files that lie in raw/ and that no source names (another extension, a second export)."""
    known = {one.input.path for one in read}
    lying = [path for path in (client.folder / "raw").rglob("*") if path.is_file() and not files.hidden(path)]
    return [files.shown(path, client.folder) for path in sorted(lying) if path not in known]


def _file_report(one: ReadFile) -> FileReport:
    layout, source = one.layout, one.source
    about = (one.input.name, source.table, one.input.sha256, layout.codec, layout.delimiter, source.preset or "")
    return FileReport(*about, report.balance(one.orders))


def _sheets(read: Sequence[ReadFile], aside: Sequence[Sequence[Quarantined]]) -> dict[str, bytes]:
    sheets: dict[str, bytes] = {}
    for one, found in zip(read, aside, strict=True):
        if found:
            raw = formats.raw_rows(one.input, one.layout, {entry.line for entry in found})
            name = re.sub(r"[^\w.-]", "_", one.input.name)
            sheets[f"{len(sheets) + 1:02d}_{name}.csv"] = quarantine.written(one.input.name, found, raw)
    return sheets


def _unknown_statuses(read: Sequence[ReadFile]) -> dict[str, int]:
    """The status words that nobody has explained."""
    words: Counter[str] = Counter()
    for one in read:
        for word, count in one.orders.unknown.items():
            words[masking.label(word)] += count
    return dict(sorted(words.items()))


@contextmanager
def _explained(
    read: Sequence[ReadFile], aside: Sequence[Sequence[Quarantined]], unknown: dict[str, int]
) -> Iterator[None]:
    """A stop inside also tells the first offender of each reason, and the status words that nobody has explained."""
    try:
        yield
    except DataError as error:
        firsts: dict[str, Problem] = {}
        for one, found in zip(read, aside, strict=True):
            for entry in found:
                firsts.setdefault(entry.reason, _offender(one.input.name, entry))
        words = ", ".join(f"'{word}' {count:,}" for word, count in list(unknown.items())[:WORDS_SHOWN])
        hint = "Put each word under status: completed, cancelled or returned in client.yaml."
        more = [Problem(f"status words that client.yaml does not explain: {words}", hint=hint)] if words else []
        raise DataError([*error.problems, *firsts.values(), *more]) from None


def _offender(name: str, entry: Quarantined) -> Problem:
    column = f", column '{entry.column}'" if entry.column else ""
    value = f" (shape of the value: '{entry.value}')" if entry.value else ""
    return Problem(f"the first {entry.reason}{value}", f"{name} line {entry.line:,}{column}")
