"""The intake: every file of every source read, judged, balanced and written, or one error with all problems."""

from __future__ import annotations

import functools
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from crmlib import columns, config_file, in_place, schema
from crmlib.config import Client
from crmlib.errors import DataError, Problem
from crmlib.intake import (
    account,
    advice,
    days,
    details,
    files,
    formats,
    gather,
    identify,
    inputs,
    masking,
    personal,
    proposal,
    pseudonym,
    quarantine,
    report,
    statuses,
    store,
    verbatims,
)
from crmlib.intake.gather import ReadFile
from crmlib.intake.orders import Orders
from crmlib.intake.problems import Problems
from crmlib.intake.quarantine import Quarantined
from crmlib.intake.report import Balance, FileReport, IntakeReport
from crmlib.intake.tables import Rows

WORDS_SHOWN, NAME_SHOWN = 20, 70


def run(client: Client) -> IntakeReport:
    """Read a client's files, account for every row, write the store and the report (intake.json), which is returned.

    Raises:
        DataError: all problems of all files at once; or too much is quarantined (quarantine/*.csv is written all the
            same). The store of the last good intake stays as it is.
    """
    read, with_lines = _everything(client)
    derived = [one.rows for one in with_lines if isinstance(one.rows, Rows)]
    judged = [*read, *with_lines]
    aside = [quarantine.of(one.rows, one.source.columns) if one.rows else [] for one in judged]
    store.write_quarantine(client.folder, _sheets(judged, aside))
    reports = [_file_report(one) for one in read]
    tables = _by_table(reports, derived)
    unknown, words = _unknown_statuses(read), _unknown_words(read, derived)
    with _explained(judged, aside, unknown):
        warnings = _judged(tables, words, client) + _not_named(client, read)
    people = personal.customers(client)
    made = _tables(client, people, read, derived)
    content = {name: {"rows": table.num_rows, "sha256": store.digest(table)} for name, table in made.items()}
    totals = report.total(entry.balance for entry in reports)
    whole = (client.as_of.isoformat(), client.currency, reports, totals, warnings, unknown)
    made_from = _made_from(client, {files.shown(one.input.path, client.folder): one.input.sha256 for one in read})
    about = (made["orders"].num_rows, content["orders"]["sha256"], made_from, tables, content)
    every = [rows for rows in (*(one.rows for one in read), *derived) if rows]
    found = details.total([one for rows in every for one in details.of(rows, client)])
    done = IntakeReport(*whole, *about, found, words, statuses.negative(gather.of_orders(read)))
    store.write(client.folder, made)
    identify.write(client, people)
    in_place.write(client.folder / report.FILE, done.to_json().encode())
    return done


def _not_named(client: Client, read: Sequence[ReadFile]) -> list[str]:
    """Warnings of files that no source names, and of the proposal that was written for them."""
    unread = inputs.unread(client.folder, [one.input for one in read])
    named = [f"named by no source of client.yaml and not read: {', '.join(unread)}"] if unread else []
    return named + [f"{one.where} {one.what}" for one in (proposal.offered(client) if unread else ())]


def _tables(
    client: Client, people: pd.DataFrame, read: Sequence[ReadFile], derived: Sequence[Rows]
) -> dict[str, pa.Table]:
    """The store: used rows under merged pseudonyms, what was said without names, orders by day, and the money account."""
    merged = functools.partial(identify.merged, client)
    made = store.tables(_parts(read, derived), pseudonym.key(client.folder), merged)
    made = verbatims.without_names(made, people)
    return {**made, schema.DAYS: days.of(made["orders"]), account.NAME: account.of(gather.of_orders(read))}


def _everything(client: Client) -> tuple[list[ReadFile], list[ReadFile]]:
    """All files read and judged; where that fails, a proposal for those that no source explains."""
    try:
        return gather.everything(client)
    except DataError as error:
        raise DataError([*error.problems, *proposal.offered(client)]) from None


def _by_table(reports: Sequence[FileReport], derived: Sequence[Rows]) -> dict[str, Balance]:
    """The balance of each table; lines that stand in the orders' files have one of their own."""
    found = {name: report.total(one.balance for one in reports if one.table == name) for name in schema.TABLES}
    if derived:
        found["order_lines"] = report.total(report.balance(rows) for rows in derived)
    sent = {one.table for one in reports} | {rows.name for rows in derived}
    return {name: balance for name, balance in found.items() if name in sent}


def _judged(tables: Mapping[str, Balance], words: Mapping[str, Mapping[str, int]], client: Client) -> list[str]:
    """Warnings of all tables; or the problems of those of which too much is quarantined."""
    problems, warnings = Problems(), []
    for name, balance in tables.items():
        with problems.of(""):
            warnings += report.judged(balance, accepted=client.accept_quarantined, table=name)
    if problems.found:
        hint = "Map each word under values: in client.yaml."
        for column, counts in words.items():
            what = f"{column}: words that client.yaml does not explain: {_listed(counts)}"
            problems.found.append(Problem(what, hint=hint))
    problems.raised()
    return warnings + [
        f"{column}: words that client.yaml does not explain: {_listed(words[column])}" for column in words
    ]


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"'{word}' {count:,}" for word, count in list(counts.items())[:WORDS_SHOWN])


def _parts(read: Sequence[ReadFile], derived: Sequence[Rows]) -> list[store.Part]:
    parts = [
        store.of_orders(one.rows) if isinstance(one.rows, Orders) else store.of_rows(one.rows)
        for one in read
        if one.rows
    ]
    empty = [store.Part(one.source.table, {}, np.zeros(0, bool)) for one in read if one.rows is None]
    return [*parts, *empty, *(store.of_rows(rows) for rows in derived)]


def refreshed(client: Client) -> IntakeReport:
    """The report of the last intake where configuration, code and inputs are still the same; else a new intake."""
    folder = client.folder
    if not (folder / report.FILE).is_file() or not (folder / store.FILE).is_file():
        return run(client)
    try:
        last = report.load(folder)
    except DataError:  # another version wrote it
        return run(client)
    paths = [path for source in client.sources for path in files.find(folder, source.files)]
    digests = {files.shown(path, folder): files.sha256(path) for path in paths}
    return last if last.made_from == _made_from(client, digests) else run(client)


def _made_from(client: Client, digests: Mapping[str, str]) -> str:
    own = [
        *Path(__file__).parent.glob("*.py"),
        Path(columns.__file__),
        Path(schema.__file__),
        *config_file.PRESETS.glob("*.yaml"),
    ]
    code = [path.read_bytes() for path in sorted(own)]
    parts = [
        client.model_dump_json().encode("utf-8"),
        *code,
        *(f"{name} {sha256}".encode() for name, sha256 in sorted(digests.items())),
    ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _file_report(one: ReadFile) -> FileReport:
    layout, source = one.layout, one.source
    about = (one.input.name, source.table, one.input.sha256, layout.codec, layout.delimiter, source.preset or "")
    return FileReport(*about, report.balance(one.rows) if one.rows else Balance())


def _sheets(read: Sequence[ReadFile], aside: Sequence[Sequence[Quarantined]]) -> dict[str, bytes]:
    sheets: dict[str, bytes] = {}
    for one, found in zip(read, aside, strict=True):
        if found:
            raw = formats.raw_rows(one.input, one.layout, {entry.line for entry in found})
            name = re.sub(r"[^\w.-]", "_", one.input.name)[:NAME_SHOWN]  # 255 bytes are the most that systems allow
            sheets[f"{len(sheets) + 1:02d}_{name}.csv"] = quarantine.written(one.input.name, found, raw)
    return sheets


def _unknown_statuses(read: Sequence[ReadFile]) -> dict[str, int]:
    """The status words that nobody has explained."""
    words: Counter[str] = Counter()
    for rows in gather.of_orders(read):
        words.update(rows.unknown)
    return masking.labels(words)


def _unknown_words(read: Sequence[ReadFile], derived: Sequence[Rows]) -> dict[str, dict[str, int]]:
    """Table and column -> the words that nobody has explained."""
    found: dict[str, Counter[str]] = {}
    for rows in [*(one.rows for one in read if isinstance(one.rows, Rows)), *derived]:
        for column, counts in rows.words.items():
            found.setdefault(f"{rows.name}.{column}", Counter()).update(counts)
    return {name: masking.labels(words) for name, words in sorted(found.items())}


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
    return advice.offender(entry.reason, entry.value, f"{name} line {entry.line:,}{column}")
