"""A test is registered: who is sent to and who is held out stands in the client's folder, and the next run scores it.

``tests/<name>/`` of the client's folder holds ``design.json`` (what was planned), ``draw.csv`` (pseudonym, stratum, arm), and the list for
those who send: ``list.xlsx`` and ``list.csv`` (CP932).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from crmlib.errors import ConfigError, Problem
from crmlib.intake import pseudonym
from crmlib.lift import draw
from crmlib.spreadsheet import Sheet, csv_cp932, xlsx
from crmlib.text import Words

FOLDER = "tests"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True)
class Test:
    """What is planned.

    Args:
        name: Small letters, digits, - and _; it is the campaign's id from now on.
        start: Day on which the mailing goes out.
        holdout: Share that is held out, above 0 and at most one half.
        seed: Of the lots.
        window: Days after the start in which purchases count.
        channel: dm, email, ...
        version: Which version is sent.
        cost: Per contact, minor units of the currency; None when unknown.
    """

    name: str
    start: dt.date
    holdout: float
    seed: int
    window: int
    channel: str
    version: str
    cost: int | None = None


def register(
    client_dir: str | Path, test: Test, customers: pd.DataFrame, numbers: Mapping[int, str], language: str = "ja"
) -> Path:
    """Draw the holdout and write plan, draw and list into the client's folder.

    Args:
        client_dir: The client's folder.
        test: What is planned.
        customers: customer_id (pseudonym) and stratum of everybody on the list, one row each.
        numbers: The client's own customer number of each pseudonym, as `client_numbers` finds them; a customer without one is listed
            by pseudonym.
        language: Of the list's headings.

    Returns:
        The test's folder.

    Raises:
        ConfigError: a bad name, share or seed, an empty list, a customer listed twice, or a test of that name.
    """
    folder = Path(client_dir) / FOLDER / test.name
    problems = _problems(test, customers, folder)
    if problems:
        raise ConfigError(problems)
    drawn = draw(customers, test.holdout, test.seed)
    _write(folder, test, drawn, _sheets(drawn, numbers, Words(language)))
    return folder


def _write(folder: Path, test: Test, drawn: pd.DataFrame, sheets: Sequence[Sheet]) -> None:
    """Everything beside, then renamed: the name appears when everything is there."""
    partial = folder.with_name(f".{test.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    plan = dataclasses.asdict(test) | {"start": test.start.isoformat()}
    (partial / "design.json").write_text(json.dumps(plan, indent=1) + "\n", "utf-8", newline="\n")
    (partial / "draw.csv").write_text(drawn.to_csv(index=False, lineterminator="\n"), "utf-8", newline="\n")
    (partial / "list.xlsx").write_bytes(xlsx(sheets))
    whole = Sheet("list", sheets[0].columns, [row for sheet in sheets for row in sheet.rows])
    (partial / "list.csv").write_bytes(csv_cp932(whole))
    partial.replace(folder)


def _problems(test: Test, customers: pd.DataFrame, folder: Path) -> list[Problem]:
    twice = int(customers["customer_id"].duplicated().sum())
    checks = (
        (
            NAME.fullmatch(test.name) is None,
            f"'{test.name}' cannot be a test's name",
            "small letters, digits, - and _, at most 40",
        ),
        (not 0 < test.holdout <= 0.5, f"a holdout of {test.holdout}", "a share above 0 and at most 0.5"),
        (test.seed < 0, f"seed {test.seed}", "a whole number from 0"),
        (not len(customers), "nobody is on the list", "customers with a stratum"),
        (twice > 0, f"{twice} customers are listed twice", "each customer once"),
    )
    found = [Problem(what, test.name, expected) for wrong, what, expected in checks if wrong]
    if not found and folder.exists():
        hint = "A draw is never changed once it is registered; choose another name."
        found.append(Problem(f"the test '{test.name}' is registered already", str(folder.name), hint=hint))
    return found


def _sheets(drawn: pd.DataFrame, numbers: Mapping[int, str], words: Words) -> list[Sheet]:
    columns = words.fill_each("list.lift", "customer", "stratum", "arm")
    made = []
    for arm in ("treated", "control"):
        told = words.fill(f"list.lift.{arm}")
        rows = [
            (numbers.get(int(one), f"{int(one) & (2**64 - 1):016x}"), str(stratum), told)
            for one, stratum in drawn.loc[drawn["arm"] == arm, ["customer_id", "stratum"]].itertuples(index=False)
        ]
        made.append(Sheet(told, columns, sorted(rows)))
    return made


def client_numbers(client_dir: str | Path, ids: Sequence[str]) -> dict[int, str]:
    """Pseudonym -> the client's own number, for those whose numbers are given: names are joined last, on purpose.

    Args:
        client_dir: The client's folder, which holds the key.
        ids: The client's customer numbers as intake reads them (trimmed, NFKC).
    """
    distinct = sorted(set(ids))
    return dict(zip(pseudonym.of(distinct, pseudonym.key(Path(client_dir))), distinct, strict=True))
