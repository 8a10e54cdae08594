"""Hostile archives: what may lie in a .zip or .gz, under which names, and bombs that are refused in time and memory."""

from __future__ import annotations

import gzip
import os
import stat
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crmlib.intake import parquet
from tests.intake.conftest import Make
from tests.intake.hostile import (
    GOOD,
    HEAD,
    HEADERS,
    MAIN,
    MORE,
    XML_ROWS,
    Read,
    Refused,
    check_read,
    check_refused,
    crafted,
    sheet,
    workbook,
    zipped,
)  # fmt: skip

ONE, TWO = HEAD + GOOD, HEAD + MORE
BOOK = workbook(lambda book: sheet(book, ("A3", "3", "2024-01-07", 3000)))
LEFT_BEHIND = {"__MACOSX/._b.csv": b"\0\5\x16\7", ".DS_Store": b"\0\0\0\1Bud1", "b/Thumbs.db": b"x", "~$c.xlsx": b"x"}


def locked() -> bytes:
    """A ZIP whose member says that it is encrypted."""
    data = bytearray(zipped({"b.csv": ONE}))
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + place] |= 1
    return bytes(data)


def twice() -> bytes:
    """A ZIP with two members of one name."""
    return zipped({"b.csv": ONE, "c.csv": TWO}).replace(b"c.csv", b"b.csv")


def overlapping() -> bytes:
    """A ZIP whose directory names one packed stream fifty times: Fifield's bomb in small."""
    data = zipped({"b.csv": ONE * 9})
    directory, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entries = data[directory:end] * 50
    sizes = struct.pack("<HHII", 50, 50, len(entries), directory)
    return data[:directory] + entries + data[end : end + 8] + sizes + data[end + 20 :]


def damaged() -> bytes:
    """A ZIP with a member whose bytes were changed."""
    data = zipped({"b.csv": os.urandom(999).hex()})
    return data[:300] + bytes([data[300] ^ 255]) + data[301:]


STYLES = "".join(f'<xf n="{i * 7919}"/>' for i in range(300_000))


def in_cp932() -> bytes:
    """A ZIP as Windows in Japan makes it: the member's name in CP932, without the mark of UTF-8."""
    name = "受注表.csv".encode("cp932")
    return zipped({"x" * len(name): ONE}).replace(b"x" * len(name), name)


READ = [
    Read("files, folders and what systems leave behind", {"a.zip": zipped({"b.csv": ONE, "sub/c.csv": TWO.encode("cp932"), **LEFT_BEHIND})}, 2, 3000),
    Read("a workbook and a text in one archive", {"a.zip": zipped({"b.csv": ONE, "c.xlsx": BOOK})}, 2, 4000),
    Read("a packed workbook", {"c.xlsx.gz": gzip.compress(BOOK)}, 1, 3000),
    Read("an archive without extension", {"export": zipped({"b.csv": ONE})}, 1, 1000),
    Read("a member's name in CP932", {"a.zip": in_cp932()}, 1, 1000),
    Read("a file beside an archive", {"a.zip": zipped({"b.csv": ONE}), "c.csv": TWO}, 2, 3000),
]  # fmt: skip


@pytest.mark.parametrize("case", READ, ids=lambda case: case.name)
def test_archive_read_to_the_row_and_the_yen(case: Read, make: Make) -> None:
    check_read(case, make)


REFUSED = [
    Refused("an archive in an archive", {"a.zip": zipped({"b.csv": ONE, "c.zip": zipped({"d.csv": TWO})})}, ("raw/a.zip/c.zip: is an archive inside an archive", "Unpack it once")),
    Refused("a packed file in an archive", {"a.zip": zipped({"c.csv.gz": gzip.compress(TWO.encode())})}, ("raw/a.zip/c.csv.gz: is an archive inside an archive",)),
    Refused("a packed archive", {"a.zip.gz": gzip.compress(zipped({"b.csv": ONE}))}, ("raw/a.zip.gz: is an archive inside an archive",)),
    Refused("packed twice", {"a.csv.gz": gzip.compress(gzip.compress(ONE.encode()))}, ("raw/a.csv.gz: is an archive inside an archive",)),
    Refused("names that lead out", {"a.zip": zipped({"../b.csv": ONE, "/c.csv": TWO, "d\\e.csv": ONE, "C:f.csv": ONE})}, ("raw/a.zip/../b.csv: has a name that leads out of the archive", "raw/a.zip//c.csv: has", "raw/a.zip/d\\e.csv: has", "raw/a.zip/C:f.csv: has")),
    Refused("a link in an archive", {"a.zip": zipped({"b.csv": "/etc/passwd"}, external_attr=(stat.S_IFLNK | 0o777) << 16)}, ("raw/a.zip/b.csv: is a symbolic link",)),
    Refused("two members of one name", {"a.zip": twice()}, ("raw/a.zip/b.csv: is there twice",)),
    Refused("members that overlap", {"a.zip": overlapping()}, ("raw/a.zip: has members that overlap (a ZIP bomb)",)),
    Refused("protected by a password", {"a.zip": locked()}, ("raw/a.zip/b.csv: is protected by a password", "Send it without a password")),
    Refused("an empty archive", {"a.zip": zipped({})}, ("raw/a.zip: is an empty ZIP archive",)),
    Refused("an archive of folders", {"a.zip": zipped({"b/": ""})}, ("raw/a.zip: has no member to read", "It is empty")),
    Refused("half an archive", {"a.zip": zipped({"b.csv": ONE * 99})[:-40]}, ("raw/a.zip: is a damaged ZIP or Excel file",)),
    Refused("a damaged member", {"a.zip": damaged()}, ("raw/a.zip/b.csv: is a damaged part of a ZIP file",)),
    Refused("a readme among the tables", {"a.zip": zipped({"b.csv": ONE, "readme.txt": "read me"})}, ("raw/a.zip/readme.txt: column '注文番号' is missing",)),
    Refused("the same export packed and plain", {"a.csv": ONE, "a.csv.gz": gzip.compress(ONE.encode())}, ("raw/a.csv.gz: is the same file as raw/a.csv",)),
    Refused("the same export in an archive and plain", {"a.zip": zipped({"b.csv": ONE}), "c.csv": ONE}, ("raw/c.csv: is the same file as raw/a.zip/b.csv",)),
    Refused("too many members", {"a.zip": zipped({f"{i}.csv": ONE for i in range(1001)})}, ("raw/a.zip: has 1,001 members", "at most 1,000")),
    Refused("7-Zip", {"a.7z": b"7z\xbc\xaf\x27\x1c" + b"x" * 50}, ("is a 7-Zip archive", "only .gz and .zip are read directly")),
    Refused("RAR", {"a.rar": b"Rar!\x1a\x07\x01\x00" + b"x" * 50}, ("is a RAR archive",)),
    Refused("more behind the end of a gzip file", {"a.gz": gzip.compress(ONE.encode()) + b"hidden"}, ("is a damaged gzip file (there is more behind its end)",)),
]  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_archive_refused_with_a_sentence(case: Refused, make: Make) -> None:
    check_refused(case, make)


def test_members_are_named_by_a_pattern(make: Make) -> None:
    folder = make({"a.zip": zipped({"受注_1.csv": ONE, "受注_2.csv": TWO, "readme.txt": "read me"})})
    text = (folder.path / "client.yaml").read_text("utf-8")
    (folder.path / "client.yaml").write_text(text.replace("raw/*", "raw/a.zip/受注*.csv"), "utf-8")
    found = folder.run()
    assert [file.file for file in found.files] == ["raw/a.zip/受注_1.csv", "raw/a.zip/受注_2.csv"]
    assert found.totals.amount_used == 3000
    (folder.path / "client.yaml").write_text(text.replace("raw/*", "raw/a.zip/x*.csv"), "utf-8")
    assert "raw/a.zip: has no member x*.csv\n  Hint: In it: readme.txt, 受注_1.csv" in folder.message()


def lying_size(data: bytes) -> bytes:
    """A ZIP whose directory says that a member is small."""
    place = data.index(b"PK\x01\x02") + 24
    return data[:place] + (100).to_bytes(4, "little") + data[place + 4 :]


ZEROS = b"0" * 100_000_000
BOMBS = {
    "a.zip": lambda: zipped({"b.csv": ZEROS}),
    "lying.zip": lambda: lying_size(zipped({"b.csv": ZEROS})),
    "a.csv.gz": lambda: gzip.compress(ZEROS, 9),
    "a.xlsx": lambda: crafted(*XML_ROWS, parts={"xl/sharedStrings.xml": f"<sst {MAIN}>{'<si/>' * 5_000_000}</sst>"}),
    "wide.xlsx": lambda: crafted(*XML_ROWS, *(f"<row>{'<c><v>1</v></c>' * 5000}</row>" for _ in range(900))),
    "styles.xlsx": lambda: crafted(*XML_ROWS, parts={"xl/styles.xml": f"<x>{STYLES}</x>"}),
    "deep.xlsx": lambda: crafted(*XML_ROWS, parts={"xl/sharedStrings.xml": "<a>" * 5_000_000}),
}
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
from pathlib import Path
from crmlib import intake, workspace
from crmlib.errors import DataError
client = workspace.load(Path(sys.argv[1]))
try:
    intake.run(client)
except DataError as error:
    print(error)
# ru_maxrss begins with what the parent had; the high-water mark of /proc is this program's own
status = Path("/proc/self/status")
peak = int(status.read_text().split("VmHWM:")[1].split()[0]) if status.exists() else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak // 1024, "MB")
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_within_ten_seconds_and_a_gigabyte(name: str, make: Make) -> None:
    folder = make({name: BOMBS[name]()})
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(folder.path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    *message, memory = done.stdout.splitlines()
    assert message[0].startswith(f"raw/{name}")
    assert int(memory.split()[0]) < 1000


def test_one_long_text_on_many_rows_of_a_parquet_file_is_one_text(make: Make, tmp_path: Path) -> None:
    rows = 100_000
    long = pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array(["x" * 90_000]))
    ids = pa.array([f"A{i}" for i in range(rows)])
    table = pa.table([ids, ids, pa.array(["2024-01-05"] * rows), pa.array([1] * rows), long], [*HEADERS, "memo"])
    pq.write_table(table, tmp_path / "x.parquet")
    folder = make({"a.parquet": (tmp_path / "x.parquet").read_bytes()})
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(folder.path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-2]) < 1000
    assert len(folder.store()) == rows


def test_a_parquet_file_of_too_many_rows_is_refused(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pa.table([pa.array(np.zeros(1001, np.int64))] * 4, list(HEADERS))
    pq.write_table(table, tmp_path / "x.parquet")
    monkeypatch.setattr(parquet, "MAX_ROWS", 1000)
    folder = make({"a.parquet": (tmp_path / "x.parquet").read_bytes()})
    assert "raw/a.parquet: unpacks to too much\n  Expected: at most 1,000 rows" in folder.message()


def test_a_pipe_a_folder_and_a_link_are_no_files(make: Make, tmp_path: Path) -> None:
    folder = make({"orders.csv": ONE})
    text = (folder.path / "client.yaml").read_text("utf-8")
    os.mkfifo(tmp_path / "raw" / "pipe.csv")
    (tmp_path / "raw" / "folder.csv").mkdir()
    (tmp_path / "raw" / "link.csv").symlink_to("orders.csv")
    for name, words in [
        ("pipe.csv", "is no regular file"),
        ("folder.csv", "is a folder"),
        ("link.csv", "is a symbolic link"),
    ]:
        (folder.path / "client.yaml").write_text(text.replace("raw/*", f"raw/{name}"), "utf-8")
        assert f"raw/{name}: {words}" in folder.message()


def test_names_on_disk_are_matched_composed_or_not(make: Make) -> None:
    folder = make({"受注テ\u3099ータ [1].csv": ONE, "other.csv": TWO})
    text = (folder.path / "client.yaml").read_text("utf-8")
    for pattern in ("raw/受注データ*.csv", "raw/受注データ [[]1].csv", "raw/受注テ\u3099ータ [1].csv", "raw/**/受注*"):
        (folder.path / "client.yaml").write_text(text.replace("raw/*", pattern), "utf-8")
        found = folder.run()
        assert [file.file for file in found.files] == ["raw/受注データ [1].csv"]


def test_a_file_that_may_not_be_read(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    folder = make({"orders.csv": ONE})
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert "raw/orders.csv: cannot be opened (Permission denied)" in folder.message()
