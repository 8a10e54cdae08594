"""What a run writes, as pieces of text with their places: HTML, notebooks, PDF, Office files, archives, Parquet, text."""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from crmlib.errors import DataError

MOST = 500_000_000  # bytes unpacked
DEPTH = 3  # archives in archives
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"wOFF", b"wOF2", b"\x00\x01\x00\x00\x00", b"OTTO")
DATA = re.compile(r"data:([\w.+/-]*)((?:;[\w=-]+)*),([A-Za-z0-9+/=%._~-]*)")
TAG = re.compile(r"<[^>]{0,4000}>")
INLINE = re.compile(r"</?(?:a|b|i|u|s|em|strong|span|font|small|mark|wbr|tspan|r|t|rPr)\b", re.IGNORECASE)
UNREADABLE = (
    OSError, ValueError, zipfile.BadZipFile, zlib.error, EOFError, RecursionError, DataError, KeyError, NotImplementedError,
)  # fmt: skip


class Piece(NamedTuple):
    """A text and where it stands in its file."""

    place: str
    text: str


def pieces(data: bytes, name: str, depth: int = 0) -> Iterator[Piece]:
    """All text of a file.

    Args:
        data: Its bytes.
        name: Its name, which decides between kinds of text; binary kinds are told by their first bytes.
        depth: How many archives it lies in.

    Raises:
        DataError: an archive within too many archives, or one that is too large.
    """
    if data.startswith(b"PK\x03\x04"):
        yield from _zip(data, depth)
    elif data.startswith(b"\x1f\x8b"):
        yield from _inside(_unpacked(data), name.removesuffix(".gz"), "gz", depth)
    elif data.startswith(b"%PDF"):
        yield from _pdf(data)
    elif data.startswith(b"PAR1"):
        yield from _parquet(data)
    elif not data.startswith(PICTURES):
        yield from _text(decoded(data), Path(name).suffix.lower())


def decoded(data: bytes) -> str:
    """The text of bytes: UTF-16 by its mark, UTF-8, else CP932 with what cannot be read left out."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "ignore")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp932", "ignore")


def _zip(data: bytes, depth: int) -> Iterator[Piece]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield Piece("comment", decoded(archive.comment))
        if sum(info.file_size for info in archive.infolist()) > MOST:
            raise DataError("the archive is too large")
        for info in archive.infolist():
            yield Piece("member name", info.filename)
            yield from _inside(archive.read(info), info.filename, info.filename, depth)


def _inside(data: bytes, name: str, place: str, depth: int) -> Iterator[Piece]:
    if depth >= DEPTH:
        raise DataError("too many archives in each other")
    yield from (Piece(f"{place} {one.place}".strip(), one.text) for one in pieces(data, name, depth + 1))


def _unpacked(data: bytes) -> bytes:
    with gzip.open(io.BytesIO(data)) as stream:
        found = stream.read(MOST + 1)
    if len(found) > MOST:
        raise DataError("the archive is too large")
    return found


def _pdf(data: bytes) -> Iterator[Piece]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        yield Piece("metadata", "\n".join(map(str, (reader.metadata or {}).values())))
        for number, page in enumerate(reader.pages, 1):
            yield Piece(f"page {number}", page.extract_text())
    except PyPdfError as error:
        raise DataError("the PDF cannot be read") from error


def _parquet(data: bytes) -> Iterator[Piece]:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    file = pq.ParquetFile(io.BytesIO(data))
    yield Piece("metadata", " ".join([str(file.schema_arrow.metadata or ""), *file.schema_arrow.names]))
    for name in file.schema_arrow.names:
        column = file.read([name]).column(0)
        if not pa.types.is_floating(column.type):
            distinct = pc.unique(column.cast(pa.string()) if not pa.types.is_nested(column.type) else column)
            yield Piece(f"column {name}", "\n".join(map(str, distinct.to_pylist())))


def _text(text: str, suffix: str) -> Iterator[Piece]:
    if suffix in (".ipynb", ".json"):
        try:
            yield from _tree(json.loads(text), "")
        except ValueError:
            yield from _lines(text)
    elif suffix in (".html", ".htm", ".svg", ".xml", ".rels") or text.lstrip()[:5].lower() in (
        "<!doc",
        "<html",
        "<?xml",
    ):
        yield from _markup(text, "")
    else:
        yield from _lines(text)


def _lines(text: str) -> Iterator[Piece]:
    yield from (Piece(f"line {number}", line) for number, line in enumerate(text.splitlines(), 1))


def _tree(value: Any, place: str) -> Iterator[Piece]:
    """Every string of a JSON tree, keys included; the place is the path of keys."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield Piece(f"{place} key".strip(), str(key))
            yield from _tree(item, f"{place}/{key}" if len(place) < 60 else place)
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield from _markup("".join(value), place)  # a notebook's source: one text in several lines
            return
        for number, item in enumerate(value, 1):
            yield from _tree(item, f"{place}/{number}")
    elif isinstance(value, str):
        yield from _markup(value, place)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield Piece(place, str(value))


def _markup(text: str, place: str) -> Iterator[Piece]:
    """A text that may be markup: without its tags, its tags alone, and what its data: addresses hold."""
    yield from (
        Piece(f"{place} data:".strip(), one.text)
        for match in DATA.finditer(text)
        for one in _embedded(match[1], "base64" in match[2], match[3])
    )
    bare = html.unescape(DATA.sub(" ", text))
    yield Piece(place, TAG.sub(_gap, bare) if "<" in bare else bare)
    if "<" in bare:
        yield Piece(f"{place} markup".strip(), "\n".join(TAG.findall(bare)))


def _gap(tag: re.Match[str]) -> str:
    """What a tag leaves in the text: nothing inside a line, a line's end between cells and paragraphs."""
    return "" if INLINE.match(tag[0]) else "\n"


def _embedded(kind: str, packed: bool, body: str) -> Iterator[Piece]:
    if kind.startswith(("font/", "application/font")) or len(body) < 8:
        return
    try:
        data = base64.b64decode(unquote(body)) if packed else unquote(body).encode("utf-8")
    except (binascii.Error, ValueError):
        return
    if not data.startswith(PICTURES):
        yield from _markup(decoded(data), "")
