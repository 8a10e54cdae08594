"""Packed files: .gz and .zip, within limits that are checked before anything is unpacked."""

from __future__ import annotations

import fnmatch
import io
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import PurePosixPath

from crmlib.errors import DataError, Problem
from crmlib.intake.kinds import BLOCK, GZIP, refused

MAX_BYTES = 2_000_000_000  # of one file, packed or not: more than 40 million orders
MAX_RATIO = 200  # what unpacks to more than this is a bomb, not an export
MAX_MEMBERS = 1_000
STEP = 1 << 18
ENCRYPTED, UTF8_NAME = 0x1, 0x800
SYSTEMS = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


def gunzip(packed: bytes, name: str) -> bytes:
    """The bytes of a gzip file, all its members.

    Raises:
        DataError: damaged, ends too early, or larger than `MAX_RATIO` times its size.
    """
    parts: list[bytes] = []
    size = position = 0
    while packed.startswith(GZIP, position):
        unpacker = zlib.decompressobj(wbits=31)
        while not unpacker.eof:
            block = packed[position : position + STEP]
            if not block:
                raise refused(name, "is a gzip file that ends too early", "Send it again.")
            position += len(block)
            size += _inflate(unpacker, block, parts, (size, position), name)
        position -= len(unpacker.unused_data)
    if packed[position:].strip(b"\0"):
        raise refused(name, "is a damaged gzip file (there is more behind its end)", "Send it again.")
    return b"".join(parts)


def _inflate(unpacker: zlib._Decompress, block: bytes, parts: list[bytes], sofar: tuple[int, int], name: str) -> int:
    """Unpack a block step by step; `sofar` is what was unpacked, and the packed bytes it came from."""
    grown = 0
    while block and not unpacker.eof:
        try:
            parts.append(unpacker.decompress(block, BLOCK))
        except zlib.error:
            raise refused(name, "is a damaged gzip file", "Send it again.") from None
        grown += len(parts[-1])
        if sofar[0] + grown > min(MAX_BYTES, MAX_RATIO * sofar[1] + BLOCK):
            raise refused(name, f"unpacks to more than {MAX_RATIO} times its size", "Send it again, unpacked.")
        block = unpacker.unconsumed_tail
    return grown


def opened(data: bytes, name: str) -> zipfile.ZipFile:
    """A ZIP file whose directory was checked against the limits; nothing is unpacked yet.

    Raises:
        DataError: all problems of its directory at once.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeError):
        raise refused(name, "is a damaged ZIP file", "Send it again.") from None
    members = [one for one in archive.infolist() if not one.is_dir()]
    total = sum(one.file_size for one in members)
    problems = [p for one in members if (p := _packing_problem(one, name))]
    if sum(one.compress_size for one in members) > len(data):
        problems.append(Problem("has members that overlap (a ZIP bomb)", name, hint="Send the files themselves."))
    if total > MAX_BYTES:
        problems.append(Problem(f"unpacks to more than {MAX_BYTES:,} bytes", name, hint="Send it in parts."))
    if problems:
        raise DataError(problems)
    return archive


def _packing_problem(member: zipfile.ZipInfo, name: str) -> Problem | None:
    where = f"{name}/{member_name(member)}"
    if member.flag_bits & ENCRYPTED:
        return Problem("is protected by a password", where, hint="Send it without a password.")
    if member.file_size > MAX_RATIO * member.compress_size + BLOCK:
        return Problem(f"unpacks to more than {MAX_RATIO} times its size", where, hint="Send it unpacked.")
    return None


def member_name(member: zipfile.ZipInfo) -> str:
    """A member's name, printable; names without the mark of UTF-8 are Japanese (Windows) or UTF-8 (macOS)."""
    name = member.orig_filename
    if not member.flag_bits & UTF8_NAME:
        raw = name.encode("cp437", "replace")
        name = next((text for codec in ("utf-8", "cp932") if (text := _decoded(raw, codec))), name)
    return "".join(c if c.isprintable() else "?" for c in unicodedata.normalize("NFC", name))


def _decoded(raw: bytes, codec: str) -> str:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return ""


def members(archive: zipfile.ZipFile, name: str, patterns: Sequence[str]) -> dict[str, zipfile.ZipInfo]:
    """The members of an archive that are files of the client and match a pattern, by name, sorted.

    Args:
        archive: The opened archive.
        name: What it is called in messages.
        patterns: Names or globs; none: every member.

    Raises:
        DataError: names that leave the archive, links, two members of one name, too many, none that matches.
    """
    infos = [one for one in archive.infolist() if not one.is_dir() and not _of_a_system(member_name(one))]
    names = [member_name(one) for one in infos]
    problems = [p for one in infos if (p := _name_problem(one, names, name))]
    if len(infos) > MAX_MEMBERS:
        problems.append(Problem(f"has {len(infos):,} members", name, f"at most {MAX_MEMBERS:,}"))
    found = {n: one for n, one in zip(names, infos, strict=True) if not patterns or _matches(n, patterns)}
    if not found:
        inside = f"In it: {', '.join(sorted(names)[:10])}" if names else "It is empty."
        problems.append(Problem(f"has no member {', '.join(patterns) or 'to read'}", name, hint=inside))
    if problems:
        raise DataError(list(dict.fromkeys(problems)))
    return dict(sorted(found.items()))


def _of_a_system(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part in SYSTEMS or part.startswith(("._", "~$")) for part in parts)


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, unicodedata.normalize("NFC", pattern)) for pattern in patterns)


def _name_problem(member: zipfile.ZipInfo, names: Sequence[str], archive: str) -> Problem | None:
    name = member_name(member)
    where = f"{archive}/{name}"
    if name.startswith(("/", "~")) or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts:
        return Problem("has a name that leads out of the archive", where, hint="Pack the files again, plainly.")
    if stat.S_ISLNK(member.external_attr >> 16):
        return Problem("is a symbolic link", where, "a file of its own")
    if names.count(name) > 1:
        return Problem("is there twice", where, hint="Pack each file once.")
    return None


def unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    """The bytes of one member.

    Raises:
        DataError: damaged, or packed by a method that is not read.
    """
    try:
        with archive.open(member) as stream:
            return stream.read(member.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError):
        raise refused(name, "is a damaged part of a ZIP file", "Send it again.") from None
