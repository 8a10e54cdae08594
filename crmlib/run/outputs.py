"""What a run hands over, made from its executed notebooks alone: decks, tables, numbers.json, findings.json."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmlib import in_place
from crmlib.config import Client
from crmlib.errors import Problem
from crmlib.findings import records
from crmlib.numbers.model import dumps
from crmlib.run import lanes
from crmlib.run.outcome import Progress

WITHOUT_PAGE = "The decks were made without this page; their appendix names it."
WITHOUT_FILE = "The other files were made."
TABLES, QUESTIONS = "tables.xlsx", "questions_"


@dataclass(frozen=True)
class Wanted:
    """Languages and formats of the decks."""

    languages: Sequence[str]
    formats: Sequence[str]


def names(languages: Sequence[str], formats: Sequence[str]) -> list[str]:
    """The files' names: a deck for each language and format, one workbook of tables, the client's question sheets."""
    decks = [f"deck_{language}.{form}" for language in languages for form in formats if form != "xlsx"]
    sheets = [TABLES, *(f"{QUESTIONS}{language}.xlsx" for language in languages)]
    return decks + (sheets if "xlsx" in formats else [])


def present(folder: Path) -> list[Path]:
    """The files of a run's folder."""
    return sorted(path for path in folder.iterdir() if path.is_file())


def collected(notebooks: Sequence[Path], client: Client) -> Any:
    """What the executed notebooks hold, with the edits of the client's edit.yaml.

    Args:
        notebooks: In the order of the deck.
        client: For its name, as_of and folder.

    Raises:
        ConfigError: edit.yaml is wrong.
    """
    from crmlib import deck, edit

    executed = [
        json.loads(path.read_text("utf-8")) for path in notebooks
    ]  # nbformat's checks take longer than the decks
    meta = {"client": client.name.model_dump(), "as_of": client.as_of.isoformat()}
    changes = edit.load(client.folder)
    told = deck.told(deck.collected(executed, meta), [path.stem for path in notebooks])
    return deck.edited(told, changes, edit.logo(changes, client.folder))


def write(parts: Any, wanted: Wanted, folder: Path, progress: Progress) -> list[Any]:
    """Write the files; pages that cannot be printed are left out of them and named.

    Args:
        parts: What `collected` returned.
        wanted: Languages and formats.
        folder: Where they go.
        progress: Told each file as it begins.

    Returns:
        What is wrong (`deck.faults.Fault`): pages that were left out, files that could not be made.
    """
    from crmlib import deck

    in_place.write(folder / "numbers.json", dumps(parts.ledger).encode("utf-8"))
    in_place.write(folder / "findings.json", records.dumps(parts.findings, parts.ledger).encode("utf-8"))
    faults = deck.found(parts)
    while True:
        failures = _made(deck.sound(parts, faults), wanted, folder, progress)
        pages = [one for one in failures if one.page]
        if not pages:  # else again without them
            return [*faults, *failures]
        faults += pages


def noted(faults: Sequence[Any]) -> dict[str, Any]:
    """What is wrong with the files, for the manifest: pages and reasons, without the texts that are wrong."""
    return {"left_out": [{"page": fault.page, "why": fault.why} for fault in faults]} if faults else {}


def problems(faults: Sequence[Any]) -> list[Problem]:
    """What is wrong with the files, for the user."""
    return [Problem(fault.what, hint=WITHOUT_PAGE if fault.page else WITHOUT_FILE) for fault in faults]


def _made(parts: Any, wanted: Wanted, folder: Path, progress: Progress) -> list[Any]:
    """The decks in processes of their own, the workbooks meanwhile in this one."""
    from crmlib import deck

    every = names(wanted.languages, wanted.formats)
    decks = [(name, *name.removeprefix("deck_").split(".")) for name in every if name.startswith("deck_")]
    laid_out = {language: deck.laid_out(parts, language) for language in {language for _, language, _ in decks}}
    tasks = [lanes.Task(name, form, laid_out[language]) for name, language, form in decks]

    def workbooks() -> None:
        for name in every[len(decks) :]:
            progress(name)
            in_place.write(folder / name, _workbook(parts, name, wanted.languages))

    return lanes.make(tasks, folder, progress, workbooks)


def _workbook(parts: Any, name: str, languages: Sequence[str]) -> bytes:
    from crmlib import deck

    if name == TABLES:
        return bytes(deck.workbook(parts, languages))
    return deck.question_sheet(parts, name.removeprefix(QUESTIONS).removesuffix(".xlsx"))
