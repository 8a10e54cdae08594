"""What a run hands over, made from its executed notebooks alone: decks, tables, numbers.json, findings.json."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import nbformat

from crmlib.config import Client
from crmlib.numbers.model import dumps

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

    executed = [nbformat.read(path, as_version=4) for path in notebooks]
    meta = {"client": client.name.model_dump(), "as_of": client.as_of.isoformat()}
    changes = edit.load(client.folder)
    told = deck.told(deck.collected(executed, meta), [path.stem for path in notebooks])
    return deck.edited(told, changes, edit.logo(changes, client.folder))


def write(parts: Any, wanted: Wanted, folder: Path, progress: Callable[[str], None]) -> None:
    """Write the files, each beside its place and renamed into it.

    Args:
        parts: What `collected` returned.
        wanted: Languages and formats.
        folder: Where they go.
        progress: Told each file as it begins.
    """
    _replace(folder / "numbers.json", dumps(parts.ledger).encode("utf-8"))
    findings = json.dumps([asdict(finding) for finding in parts.findings], ensure_ascii=False, indent=1) + "\n"
    _replace(folder / "findings.json", findings.encode("utf-8"))
    for name in names(wanted.languages, wanted.formats):
        progress(name)
        _replace(folder / name, _rendered(parts, name, wanted.languages))


def _rendered(parts: Any, name: str, languages: Sequence[str]) -> bytes:
    from crmlib import deck

    if name == TABLES:
        return bytes(deck.workbook(parts, languages))
    if name.startswith(QUESTIONS):
        return deck.question_sheet(parts, name.removeprefix(QUESTIONS).removesuffix(".xlsx"))
    language, form = name.removeprefix("deck_").split(".")
    return bytes(deck.render(parts, language, form))


def _replace(target: Path, content: bytes) -> None:
    beside = target.with_name(f".{target.name}.new")
    beside.write_bytes(content)
    os.replace(beside, target)  # noqa: PTH105 (atomic)
