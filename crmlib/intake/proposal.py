"""client.proposed.yaml: how files that no source explains could be read, with the evidence; it is never used by itself."""

from __future__ import annotations

import functools
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from crmlib import config_file, in_place
from crmlib.columns import MAPPED
from crmlib.config import Client, Source, column_problems
from crmlib.config_file import FILE_NAME
from crmlib.errors import DataError, Problem
from crmlib.home import TEMPLATES
from crmlib.intake import evidence, files, formats, headers, inputs, mapping
from crmlib.intake.evidence import Evidence
from crmlib.intake.files import InputFile, printable
from crmlib.intake.masking import masked
from crmlib.privacy.words import plain

FILE = "client.proposed.yaml"
WORDS = "headers.toml"
LIKELY = 0.8  # share of the cells that must look like what a column should hold
LOOKS: Mapping[str, str] = {  # kind of a column -> the share that must be high
    "id": "id", "customer": "id", "day": "date", "money": "money", "price": "money", "integer": "integer",
}  # fmt: skip
HEAD = """# PROPOSED by `crmlib intake`. Nothing in this file is used. Check every line against the client's files, copy what is
# right into client.yaml, and run `crmlib intake` again. Behind each column stands what its cells look like.
"""


def offered(client: Client) -> list[Problem]:
    """Write a proposal for the files in raw/ that no source explains.

    Args:
        client: The client, with its folder.

    Returns:
        What to tell the user; nothing where every file is explained.
    """
    found = [(path, one) for path in _lying(client.folder) for one in _unexplained(path, client)]
    if not found:
        return []
    names = ", ".join(one.name for _, one in found[: headers.SHOWN])
    text = (client.folder / FILE_NAME).read_text("utf-8-sig") if (client.folder / FILE_NAME).is_file() else ""
    own = any(_explained(path, client) for path in _lying(client.folder))
    document = _document(text, [source(one, path, client) for path, one in found], own=own)
    in_place.write(client.folder / FILE, document.encode())
    what = f"proposes how to read {len(found)} of the files in raw/: {names}"
    hint = f"Check every line of {FILE}, copy what is right into {FILE_NAME}, and run again. Nothing of it is used by itself."
    return [Problem(what, FILE, hint=hint)]


def _lying(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "raw").rglob("*") if path.is_file() and not files.hidden(path))


def _sources(path: Path, client: Client) -> list[Source]:
    return [one for one in client.sources if any(path in client.folder.glob(pattern) for pattern in one.files)]


def _explained(path: Path, client: Client) -> bool:
    try:
        return bool(_sources(path, client)) and not _unexplained(path, client)
    except DataError:
        return False


def _unexplained(path: Path, client: Client) -> list[InputFile]:
    """The inputs in a file that none of its sources can map; a file that cannot be read at all is no matter for a proposal."""
    own = _sources(path, client)
    try:
        found = inputs.inside(path, client.folder)
        return [one for one in found if _is_table(one) and not any(_maps(source, one) for source in own)]
    except DataError:
        return []


def _is_table(file: InputFile) -> bool:
    """Whether a file has at least two columns and a row below its header."""
    return file.kind == "parquet" or sum(len(row) > 1 for row in formats.tops(file)) > 1


def _maps(source: Source, file: InputFile) -> bool:
    tops = formats.tops(file, source.encoding)
    if not source.header:
        return True
    try:
        known = mapping.resolved(source, tops)
    except DataError:
        return False
    return any(headers.all_there(top, known.headers) for top in tops)


def source(file: InputFile, path: Path, client: Client) -> str:
    """One proposed entry of sources:, as YAML with its evidence.

    Args:
        file: The opened input.
        path: The file that it is in.
        client: For currency and time zone.
    """
    where = json.dumps(path.relative_to(client.folder).as_posix(), ensure_ascii=False)
    try:
        preset = mapping.known_export("", formats.tops(file))
        looks = evidence.of(file, client)
    except DataError as error:
        return f"# {where}: {printable(str(error.problems[0].what))}\n"
    if preset:
        table = config_file.presets()[preset]["table"]
        return f"  - table: {table}\n    files: {where}\n    preset: {preset}          # recognised by its headers\n"
    table, columns = guess(looks)
    lines = [f"  - table: {table}", f"    files: {where}"]
    lines += _columns(table, columns, looks)
    lines += [f"#   {one.trouble}" for one in looks if one.trouble and one.header in columns.values()]
    lines += [
        f"#   not used: {_comment(one.header)}: {evidence.said(one)}"
        for one in looks
        if one.header not in columns.values()
    ]
    return "\n".join(lines) + "\n"


def _columns(table: str, columns: Mapping[str, str], looks: Sequence[Evidence]) -> list[str]:
    by_header = {one.header: one for one in looks}
    lines = ["    columns:"]
    for name, header in columns.items():
        lines.append(f"      {name}: {json.dumps(header, ensure_ascii=False)}    # {evidence.said(by_header[header])}")
    missing = column_problems(table, columns, whole=True)
    return lines + [f"#     {problem}: none was found" for problem in missing]


def _comment(header: str) -> str:
    return masked(header) if headers.DATA.fullmatch(headers.same(header)) else printable(header)


def guess(looks: Sequence[Evidence]) -> tuple[str, dict[str, str]]:
    """The table and the mapping that fit best: by the words of the headers, where the cells look like it.

    Args:
        looks: The evidence of every column.
    """
    found = {table: _mapping(table, looks) for table in MAPPED}
    whole = {table: columns for table, columns in found.items() if not column_problems(table, columns, whole=True)}
    table = max(whole or found, key=lambda name: len((whole or found)[name]))
    return table, found[table]


def _mapping(table: str, looks: Sequence[Evidence]) -> dict[str, str]:
    once = [one for one in looks if [other.header for other in looks].count(one.header) == 1]
    columns: dict[str, str] = {}
    for name, said in known_words()[table].items():
        free = [
            one for one in once if one.header not in columns.values() and _looks_like(one, MAPPED[table][name].kind)
        ]
        hit = next((one for word in [name, *said] for one in free if plain(one.header) == plain(word)), None)
        near = next(
            (
                one
                for word in said
                if len(word) > 1 + word.isascii()
                for one in free
                if plain(word) in plain(one.header)
            ),
            None,
        )
        if hit or near:
            columns[name] = (hit or near).header  # type: ignore[union-attr]
    return columns


def _looks_like(one: Evidence, kind: str) -> bool:
    if kind == "month":
        return max(one.shares["month"], one.shares["date"]) >= LIKELY
    return one.filled == 0 or kind not in LOOKS or one.shares[LOOKS[kind]] >= LIKELY


@functools.cache
def known_words() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Table -> our column -> words of headers, the likeliest first."""
    return tomllib.loads((TEMPLATES / WORDS).read_text("utf-8"))


def _document(text: str, sources: Sequence[str], *, own: bool) -> str:
    """client.yaml with the proposed sources: behind its own where one of these explains a file, else in their place."""
    lines = text.splitlines()
    begin = next((i for i, line in enumerate(lines) if re.match(r"sources\s*:", line)), len(lines))
    end = next((i for i in range(begin + 1, len(lines)) if re.match(r"[A-Za-z_]", lines[i])), len(lines))
    kept = lines[begin + 1 : end] if own else []
    while kept and not kept[-1].strip():
        kept.pop()
    parts = [*lines[:begin], "sources:", *kept, *(one.rstrip("\n") for one in sources), "", *lines[end:]]
    return HEAD + "\n".join(parts).rstrip("\n") + "\n"
