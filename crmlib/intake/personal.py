"""Who stands in the raw files: the columns that name persons, recognised by their headers; never part of the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from crmlib.config import Client, Source
from crmlib.errors import DataError
from crmlib.intake import files, formats, inputs, mapping
from crmlib.intake.files import InputFile
from crmlib.intake.problems import Problems
from crmlib.privacy.known import Known
from crmlib.privacy.words import kind_of

JOINED = {
    "name": (("family", "given"), ("name",)),
    "kana": (("family_kana", "given_kana"), ("kana",)),
    "address": (("town", "street", "building"), ("town", "street"), ("town",)),
}
SINGLE = ("email", "phone", "family", "prefecture")
Person = Mapping[str, str]  # kind -> header


def persons_of(header: Sequence[str]) -> list[Person]:
    """The persons that one row names (who ordered, who receives), each as kind -> header.

    Example:
        >>> persons_of(["id", "email", "phone", "shipping phone"])
        [{'email': 'email', 'phone': 'phone'}, {'phone': 'shipping phone'}]
    """
    found: list[dict[str, str]] = []
    for name in header:
        kind = kind_of(name)
        if kind and header.count(name) == 1:
            person = next((one for one in found if kind not in one), None)
            if person is None:
                found.append(person := {})
            person[kind] = name
    return [one for one in found if set(one) != {"name"}]  # a product has a name, too


def known(client: Client) -> tuple[Known, list[str]]:
    """The identifiers of everybody in raw/, and the files of which none could be read.

    Args:
        client: The client, with its folder.
    """
    found, problems = Known(), Problems()
    for file, source in _inputs(client, problems):
        with problems.of(file.name):
            _learn(found, file, source)
    return found, sorted({problem.where for problem in problems.found})


def customers(client: Client) -> pd.DataFrame:
    """The persons of the customer files: raw customer_id and, as the client wrote them, the names of `JOINED` and `SINGLE`.

    Args:
        client: The client, with its folder.

    Returns:
        One row per row of the files; a column that no file has is "". No rows without a customer file.
    """
    sources = [source for source in client.sources if source.table == "customers"]
    parts = [_persons(file, source) for file, source in _named(client, sources, Problems())]
    names = ["customer_id", *JOINED, *SINGLE]
    whole = pd.concat([part for part in parts if part is not None] or [pd.DataFrame(columns=names, dtype=str)])
    return whole.reindex(columns=names).fillna("").reset_index(drop=True)


def numbers(client: Client) -> set[str]:
    """The customer numbers in all of the client's files, as written there."""
    found: set[str] = set()
    for file, source in _named(client, client.sources, Problems()):
        header, layout = formats.header(file, source, source.headers)
        told = source.columns.get("customer_id", "")
        if isinstance(told, str) and told in header:
            found.update(formats.read(file, layout, [told]).columns[told].to_pandas().dropna().astype(str).unique())
    return found


def _named(client: Client, sources: Sequence[Source], problems: Problems) -> Iterator[tuple[InputFile, Source]]:
    """The inputs of some sources, each with its source, whose columns are resolved."""
    for source in sources:
        with problems.of(", ".join(source.files)):
            for file in inputs.opened(client.folder, source, source.headers, problems):
                with problems.of(file.name):
                    yield file, mapping.resolved(source, formats.tops(file, source.encoding))


def _inputs(client: Client, problems: Problems) -> Iterator[tuple[InputFile, Source | None]]:
    """Every input in raw/; those that no source names come without one."""
    named = set()
    for file, source in _named(client, client.sources, problems):
        named.add(file.path)
        yield file, source
    for path in sorted((client.folder / "raw").rglob("*")):
        if path.is_file() and not files.hidden(path) and path not in named:
            with problems.of(files.shown(path, client.folder)):
                yield from ((one, None) for one in inputs.inside(path, client.folder))


def _columns(file: InputFile, source: Source | None) -> tuple[list[Person], str, pd.DataFrame | None]:
    """The persons of a file's rows, the header of the customer's number ("" without), and these columns as text."""
    wanted = source.headers if source else []
    header, layout = formats.header(file, source, wanted)
    persons = persons_of(header)
    told = source.columns.get("customer_id", "") if source else ""
    number = told if isinstance(told, str) and told in header else ""
    needed = list(dict.fromkeys([*(name for one in persons for name in one.values()), *([number] if number else [])]))
    if not needed:
        return [], "", None
    table = formats.read(file, layout, needed)
    return persons, number, pd.DataFrame({name: table.columns[name].to_pandas().astype(str) for name in needed})


def _learn(found: Known, file: InputFile, source: Source | None) -> None:
    persons, number, rows = _columns(file, source)
    if rows is None:
        return
    if number:
        found.add("id", rows[number].unique())
    for person in persons:
        for kind in ("email", "phone", "family"):
            found.add(kind, rows[person[kind]].unique() if kind in person else ())
        for kind in JOINED:
            found.add(kind, _joined(rows, person, kind).unique())


def _persons(file: InputFile, source: Source) -> pd.DataFrame | None:
    try:
        persons, number, rows = _columns(file, source)
    except DataError:
        return None
    if rows is None or not number or not persons:
        return None
    columns = {name: rows[persons[0][name]] if name in persons[0] else "" for name in SINGLE}
    joined = {kind: _joined(rows, persons[0], kind) for kind in JOINED}
    return pd.DataFrame({"customer_id": rows[number], **columns, **joined})


def _joined(rows: pd.DataFrame, person: Person, kind: str) -> pd.Series:
    """Name, kana or address of a person, put together; "" where the file has no such columns."""
    way = next((way for way in JOINED[kind] if set(way) <= person.keys()), ())
    parts = [rows[person[name]] for name in way]
    return sum(parts[1:], parts[0]) if parts else pd.Series("", index=rows.index)
