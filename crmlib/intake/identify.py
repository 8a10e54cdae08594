"""One person under two numbers: the review list in identity/, private to the owner, and the merge table that is applied."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Sequence, Set
from pathlib import Path

import pandas as pd
import pyarrow as pa

from crmlib import in_place
from crmlib.config import Client
from crmlib.errors import DataError, Problem
from crmlib.identity import Candidates, Merges, candidates, from_rows, of
from crmlib.identity.merges import COLUMNS as MERGE_COLUMNS
from crmlib.intake import encoding, files, ids, personal, pseudonym, quarantine

FOLDER = "identity"
LIST, SUMMARY, NAMED = "candidates.csv", "summary.json", "candidates_named.csv"
COLUMNS = ("customer_a", "customer_b", "level", "evidence")
SHOWN = ("customer_id", "name", "kana", "email", "phone", "address")
CODE = re.compile(r"P[0-9a-f]{16}")


def code(number: int) -> str:
    """A pseudonym as people see it: a spreadsheet would round its digits.

    Example:
        >>> code(-1), number("P00000000000000ff")
        ('Pffffffffffffffff', 255)
    """
    return f"P{int(number) % 2**64:016x}"


def number(text: str) -> int:
    """The pseudonym that `code` has written."""
    found = int(text[1:], 16)
    return found - 2**64 if found >= 2**63 else found


def merged(client: Client, known: Sequence[int]) -> list[int]:
    """Pseudonyms after the client's merge table.

    Args:
        client: Its `merges:` names the table: customer_id, merge_into, as the client writes them or as in the review list.
        known: The pseudonyms of every customer number in the data.

    Raises:
        DataError: the table cannot be read; or a line merges a customer into itself, into two, in a circle, or names
            somebody who is not in the data.
    """
    return _merges(client, set(known)).of(known)


def _merges(client: Client, known: Set[int] | None = None) -> Merges:
    """The merge table; None: whoever it names is taken to be known."""
    if client.merges is None:
        return Merges()
    secret = pseudonym.key(client.folder)
    rows = [(_number(one, secret), _number(into, secret)) for one, into in _rows(client)]
    return from_rows(rows, {end for row in rows for end in row} if known is None else known, client.merges)


def _rows(client: Client) -> list[tuple[str, str]]:
    (path,) = files.find(client.folder, [str(client.merges)])
    file = files.load(path, client.folder)
    reader = csv.DictReader(io.StringIO(file.data.decode(encoding.decide(file.data))))
    if not set(MERGE_COLUMNS) <= set(reader.fieldnames or ()):
        raise DataError(Problem("is no merge table", file.name, f"a CSV with the columns {', '.join(MERGE_COLUMNS)}"))
    return [(row[MERGE_COLUMNS[0]] or "", row[MERGE_COLUMNS[1]] or "") for row in reader]


def _number(text: str, secret: bytes) -> int:
    return number(text.strip()) if CODE.fullmatch(text.strip()) else _hidden([text], secret)[0] or 0


def _hidden(raw: Sequence[str], secret: bytes) -> list[int | None]:
    """The pseudonyms of customer numbers as the client writes them; None where one is blank or damaged."""
    kept = ids.convert(pa.array(list(raw), pa.string()).dictionary_encode(), people=True).ids.to_pylist()
    known = sorted({one for one in kept if one is not None})
    names = dict(zip(known, pseudonym.of(known, secret), strict=True))
    return [None if one is None else names[one] for one in kept]


def write(client: Client, persons: pd.DataFrame) -> None:
    """Compare the persons of the customer files and write the review list; without such a file there is none.

    Args:
        client: The client, with its folder.
        persons: `personal.customers`.
    """
    target = client.folder / FOLDER
    people = _people(client, persons)
    if people.empty:
        shutil.rmtree(target, ignore_errors=True)
        return
    homes = people.assign(
        address=people["prefecture"] + people["address"]
    )  # one town's name stands in many prefectures
    found = candidates(of(homes), people["number"])
    target.mkdir(mode=0o700, exist_ok=True)
    rows = ((code(a), code(b), level, shared) for a, b, level, shared in found.pairs.to_numpy(object).tolist())
    in_place.write(target / LIST, quarantine.csv_bytes(COLUMNS, rows))
    about = {"persons": found.persons, "households": found.households, "skipped": found.skipped}
    in_place.write(target / SUMMARY, f"{json.dumps(about, indent=1)}\n".encode())
    (target / NAMED).unlink(missing_ok=True)


def _people(client: Client, people: pd.DataFrame) -> pd.DataFrame:
    """The persons of the customer files, each number once and with its pseudonym (`number`)."""
    hidden = _hidden(people["customer_id"].tolist(), pseudonym.key(client.folder))
    merges = _merges(client)
    after = [None if one is None else merges.of([one])[0] for one in hidden]
    people = people.assign(number=pd.array(after, dtype="Int64")).dropna(subset="number")
    return people.drop_duplicates("number").assign(number=lambda frame: frame["number"].astype("int64"))


def persons(client: Client) -> pd.DataFrame:
    """What the customer files say of each person, as the client wrote it: by pseudonym, the columns of `SHOWN` and prefecture."""
    return _people(client, personal.customers(client)).set_index("number")[[*SHOWN, "prefecture"]]


def numbers(client: Client) -> dict[int, str]:
    """The client's own number of each pseudonym, from every file that has customer numbers; ids as intake keeps them."""
    column = pa.array(sorted(personal.numbers(client)), pa.string()).dictionary_encode()
    kept = sorted({one for one in ids.convert(column, people=True).ids.to_pylist() if one is not None})
    return dict(zip(pseudonym.of(kept, pseudonym.key(client.folder)), kept, strict=True))


def load(client_dir: str | Path) -> Candidates:
    """The candidates of the last intake; none where the client sent no customer file."""
    folder = Path(client_dir) / FOLDER
    if not (folder / SUMMARY).is_file():
        return Candidates(
            pd.DataFrame(columns=list(COLUMNS)).astype({"customer_a": "int64", "customer_b": "int64"}), 0, 0, {}
        )
    pairs = pd.read_csv(folder / LIST, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    ends = {name: pairs[name].map(number).astype("int64") for name in COLUMNS[:2]}
    return Candidates(pairs.assign(**ends), **json.loads((folder / SUMMARY).read_text("utf-8")))


def write_named(client: Client) -> Path:
    """The review list with names, for whoever decides: made on request only, private to the owner.

    Raises:
        DataError: there is no review list yet.
    """
    folder = client.folder / FOLDER
    if not (folder / LIST).is_file():
        raise DataError(Problem("there is no review list", f"{FOLDER}/{LIST}", hint="Run `crmlib intake` first."))
    people = persons(client)[list(SHOWN)]
    rows = [
        (code(side), *people.loc[[side]].to_numpy(object)[0].tolist(), level, shared)
        for *sides, level, shared in load(client.folder).pairs.to_numpy(object).tolist()
        for side in sides
    ]
    content = quarantine.csv_bytes(("pseudonym", *SHOWN, "level", "evidence"), rows)
    return in_place.write(folder / NAMED, content, private=True)
