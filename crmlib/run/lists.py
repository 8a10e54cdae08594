"""`crmlib lists`: the action lists of a finished run as files, made on request, pseudonymous unless identifiers are asked for."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crmlib import config_file, holdout, in_place, intake, summaries
from crmlib.config import Client
from crmlib.errors import ConfigError, DataError, Problem, did_you_mean
from crmlib.home import NOTEBOOKS
from crmlib.intake import identify
from crmlib.lists import CHANNELS, HOLDOUT, NAMES, WINDOW, Lists
from crmlib.lists.arms import seed_of
from crmlib.lists.make import make
from crmlib.numbers import lists as numbers
from crmlib.run import fingerprint, kernels, manifest, notebooks
from crmlib.run.list_sheets import Who, about, sheet
from crmlib.run.lock import locked
from crmlib.run.manifest import chosen
from crmlib.run.outcome import Progress
from crmlib.schema import LANGUAGES
from crmlib.spreadsheet import csv_cp932, not_in_cp932, xlsx
from crmlib.text import Words

FOLDER = "lists"


@dataclass(frozen=True)
class Wanted:
    """What is asked for.

    Args:
        names: Lists; all when empty.
        language: Of headings, reasons and file names.
        identifiers: Whether customers are named: the client's own numbers, and what its customer files say of them.
    """

    names: Sequence[str] = ()
    language: str = "ja"
    identifiers: bool = False

    def __post_init__(self) -> None:
        problems = [
            Problem(f"list '{name}' is unknown", hint=did_you_mean(name, NAMES))
            for name in self.names
            if name not in NAMES
        ]
        if self.language not in LANGUAGES:
            problems.append(
                Problem(f"language '{self.language}' is unknown", hint=did_you_mean(self.language, LANGUAGES))
            )
        if problems:
            raise ConfigError(problems)


@dataclass(frozen=True)
class Written:
    """What was written: files, customers and those held out, characters that the CSV cannot carry, customers without a number."""

    files: Sequence[Path]
    customers: int
    held_out: int
    replaced: int
    nameless: int
    left_out: dict[str, int]


def of_run(folder: Path, run: str = "", progress: Progress = lambda _: None) -> tuple[Client, Lists, Path]:
    """The action lists of a finished run, made again from the client's store.

    Args:
        folder: The client's folder.
        run: Name of a folder below runs/; the newest when empty.
        progress: Told each step as it begins.

    Raises:
        ConfigError: client.yaml is wrong.
        DataError: no such run, or the client's files are no longer those of the run.
    """
    target = chosen(folder / "runs", run)
    made = manifest.read(target)
    client = config_file.load(folder, made["as_of"])
    _same_inputs(client, made, target)
    intake.refreshed(client)
    progress(FOLDER)
    found = make(client, summaries.open_store(folder))
    if "lists.no_scores" in {one.why for one in found.lists} and "ltv" in made["diagnostics"]:
        progress("ltv")  # the store holds the values of another run
        _scored(client)
        found = make(client, summaries.open_store(folder))
    _same_numbers(found, client, target)
    return client, found, target


def write(folder: Path, run: str, wanted: Wanted, progress: Progress = lambda _: None) -> Written:
    """Write the lists of a run into its folder lists/: a workbook, and a CSV (CP932) for each list that is not empty.

    Args:
        folder: The client's folder.
        run: Name of a folder below runs/; the newest when empty.
        wanted: Which lists, in which language, with or without identifiers.
        progress: Told each step as it begins.
    """
    with locked(folder):
        client, lists, target = of_run(folder, run, progress)
        rows = lists.rows[lists.rows["list"].isin(wanted.names or NAMES)]
        who = Who(*_named(client)) if wanted.identifiers else Who()
        names = [name for name in NAMES if (rows["list"] == name).any()]
        words = Words(wanted.language)
        sheets = {name: sheet(name, lists, (who, client.currency), words) for name in names}
        progress("files")
        replaced = sum(not_in_cp932(one) for one in sheets.values())
        front = about(lists, names, (who, client.currency, replaced), words)
        tail = f"_{wanted.language}{'_identified' if wanted.identifiers else ''}"
        contents = {f"{name}{tail}.csv": csv_cp932(one) for name, one in sheets.items()}
        part = "-".join(one for one in NAMES if one in wanted.names)  # it does not take the place of all
        contents[f"{part or 'lists'}{tail}.xlsx"] = xlsx([front, *sheets.values()])
        files = [_put(target / FOLDER, name, content, wanted.identifiers) for name, content in sorted(contents.items())]
    held = int((rows["arm"] == "control").sum())
    nameless = int((~rows["customer_id"].isin(who.numbers.keys())).sum()) if wanted.identifiers else 0
    return Written(files, len(rows), held, replaced, nameless, dict(lists.left_out))


@dataclass(frozen=True)
class Plan:
    """A mailing to a list, to be registered.

    Args:
        name: Of the list.
        start: ISO day on which it goes out.
        test: Name of the test; the list's name and the day when empty.
        window: Days after the start in which purchases count.
        cost: Per contact, major units of the currency; None when unknown.
        language: Of the list's headings.
        identifiers: Whether the list names customers by the client's own numbers.
    """

    name: str
    start: str
    test: str = ""
    window: int = WINDOW
    cost: float | None = None
    language: str = "ja"
    identifiers: bool = False


def register(folder: Path, plan: Plan, progress: Progress = lambda _: None) -> tuple[Path, int, int]:
    """Register the arms drawn for a list of the newest run as a test, so that a later run scores it.

    Args:
        folder: The client's folder.
        plan: What is to be sent, and when.
        progress: Told each step as it begins.

    Returns:
        The test's folder, the customers to be contacted, and those held out.

    Raises:
        ConfigError: an unknown list, a bad day or name, an empty list, or a test of that name.
    """
    Wanted((plan.name,), plan.language)
    start = _day(plan.start)
    with locked(folder):
        client, lists, _ = of_run(folder, progress=progress)
        if start <= client.as_of:
            expected = f"a day after {client.as_of}, the last day of the data that the list was made from"
            raise ConfigError(Problem(f"the mailing cannot go out on {start}", "--start", expected))
        name = plan.test or f"{plan.name}-{start}"
        cost = None if plan.cost is None else round(plan.cost * client.scale)
        seed = seed_of(plan.name, client.as_of)
        test = holdout.Test(name, start, HOLDOUT, seed, plan.window, CHANNELS[plan.name], "v1", cost)
        rows = lists.rows[lists.rows["list"] == plan.name]
        if rows.empty:
            hint = f"Lists with customers: {', '.join(sorted(lists.rows['list'].unique())) or 'none'}."
            raise ConfigError(Problem(f"nobody is on the list '{plan.name}' of the newest run", hint=hint))
        numbers_of = identify.numbers(client) if plan.identifiers else {}
        made = holdout.register(folder, test, rows[["customer_id", "stratum"]], numbers_of, plan.language)
    held = int((rows["arm"] == "control").sum())
    return made, len(rows) - held, held


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ConfigError(Problem(f"'{text}' is no day", "--start", "YYYY-MM-DD")) from None


def _same_inputs(client: Client, made: dict[str, object], target: Path) -> None:
    """Registered tests may have come since; what the lists are made from may not have changed."""
    then, now = made["made_from"], fingerprint.parts(client, {})
    tests = any(client.folder.glob("tests/*/*"))
    parts = ("configuration",) if tests else ("inputs", "configuration")
    changed = [part for part in parts if then[part] != now[part]]  # type: ignore[index]
    if changed:
        what = f"the client's {' and '.join(changed)} are no longer those of this run"
        hint = f"crmlib run {client.folder.name}"
        raise DataError(Problem(what, f"runs/{target.name}", hint=hint))


def _same_numbers(found: Lists, client: Client, target: Path) -> None:
    """The files tell of the very customers that the deck counts."""
    told = json.loads((target / "numbers.json").read_text("utf-8"))
    now = numbers.ledger(found, client.currency).numbers
    different = [key for key, number in now.items() if key in told and told[key]["value"] != number.value]
    if different:
        what = f"{len(different)} numbers of the lists are not those of the deck, first {different[0]}"
        raise DataError(
            Problem(what, f"runs/{target.name}", hint=f"crmlib verify {client.folder.name} says what changed")
        )


def _scored(client: Client) -> None:
    """Let the lifetime-value notebook put its values into the store again; its outputs are not kept."""
    kernels.warm_up()
    with tempfile.TemporaryDirectory() as scratch:
        given = {"client_dir": ".", "as_of": client.as_of.isoformat(), "lang": LANGUAGES[0]}
        job = notebooks.Job(NOTEBOOKS / "ltv.ipynb", Path(scratch) / "ltv.ipynb", given, client.folder)
        failure = notebooks.execute(job, {})
    if failure:
        raise DataError(Problem(str(failure), "ltv", hint=f"crmlib run {client.folder.name}"))


def _named(client: Client) -> tuple[dict[int, str], dict[int, dict[str, str]]]:
    """Number, and persons, of each pseudonym."""
    people = identify.persons(client).astype(str)
    people = people.assign(address=people["prefecture"] + people["address"])
    columns = [str(name) for name in people.columns]
    rows = zip(people.index.tolist(), people.to_numpy(object).tolist(), strict=True)
    known = {int(number): dict(zip(columns, cells, strict=True)) for number, cells in rows}
    return identify.numbers(client), known


def _put(folder: Path, name: str, content: bytes, private: bool) -> Path:
    """A file in a folder that git ignores; names are for the owner's eyes."""
    folder.mkdir(exist_ok=True)
    (folder / ".gitignore").write_text("*\n", "utf-8")
    return in_place.write(folder / name, content, private=private)
