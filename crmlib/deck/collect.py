"""Executed notebooks -> what the deck is made of. Nothing is run again, nothing else is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crmlib.deck.slide import APPENDIX, MIME, SCHEMA
from crmlib.errors import DataError, Problem
from crmlib.findings import model as findings_model
from crmlib.findings.model import Findings
from crmlib.lettering import cleaned
from crmlib.numbers import model as numbers_model
from crmlib.numbers.model import Ledger, Number
from crmlib.schema import DIAGNOSTICS, LANGUAGES

ID = re.compile(r"[a-z]\w*(?:\.\w+)+")


@dataclass(frozen=True)
class Collected:
    """Slides with the numbers and findings they rest on.

    Args:
        slides: In the order of the notebooks, appendix last.
        ledger: Every number.
        findings: Every finding.
        meta: ``client`` and ``as_of``.
        spare: Slides in whose stead data are asked for.
    """

    slides: tuple[Mapping[str, Any], ...]
    ledger: Ledger
    findings: Findings
    meta: Mapping[str, Any] = field(default_factory=dict)
    spare: tuple[Mapping[str, Any], ...] = ()


def collected(notebooks: Sequence[Any], meta: Mapping[str, Any] | None = None) -> Collected:
    """The deck's parts.

    Args:
        notebooks: Executed notebooks (nbformat nodes) in the order of the deck.
        meta: ``client`` (a name, or one per language) and ``as_of``; the first notebook's metadata ``crmlib`` when None.

    Raises:
        DataError: An error output, a cell cut short, no slide, a slide twice or of another schema.
    """
    parts = _read(notebooks, meta)
    if not parts.slides:
        raise DataError("there is no slide in these notebooks: run them first")
    return parts


def gathered(folder: str | Path, reader: str = DIAGNOSTICS[-1]) -> Collected:
    """What the executed notebooks of a folder left for one that reads them; slides may have been stripped from them.

    Args:
        folder: Holds intake.ipynb, retention.ipynb and so on; those that are missing are left out.
        reader: The diagnostic that reads: it gets what stands before it in the deck.

    Raises:
        DataError: There is none.
    """
    import nbformat

    paths = [Path(folder) / f"{name}.ipynb" for name in DIAGNOSTICS[: DIAGNOSTICS.index(reader)]]
    found = [path for path in paths if path.is_file()]
    if not found:
        expected = f"one or more of {', '.join(path.name for path in paths)}"
        hint = "Run `crmlib run CLIENT`, and set notebooks_dir to the notebooks of that run."
        raise DataError(Problem("holds no executed notebook", f"notebooks_dir '{folder}'", expected, hint))
    return _read([nbformat.read(path, as_version=4) for path in found], None)


def used_definitions(parts: Collected) -> list[str]:
    """Definitions that the deck's texts rest on or name, by analysis; all where slides are stripped."""
    names = {number.definition for number in parts.ledger.numbers.values()}
    order = {name: place for place, name in enumerate(DIAGNOSTICS)}
    known = sorted(names, key=lambda name: (order.get(name.partition(".")[0], len(order)), name))
    if not parts.slides:
        return known
    used = {number["definition"] for slide in parts.slides for number in slide["numbers"].values()}
    words = {word for slide in parts.slides for word in ID.findall(slide["texts"][LANGUAGES[0]]["definition"])}
    return [name for name in known if name in used | words]


def _read(notebooks: Sequence[Any], meta: Mapping[str, Any] | None) -> Collected:
    for notebook in notebooks:
        _refuse_errors(notebook)
    slides = [cleaned(slide, "svg") for notebook in notebooks for slide in outputs(notebook, MIME)]
    _check(slides)
    ordered = sorted(slides, key=lambda slide: slide["section"] == APPENDIX)  # stable: the order within each stays
    ledgers = [numbers_model.from_json(data) for n in notebooks for data in outputs(n, numbers_model.MIME)]
    found = [f for n in notebooks for data in outputs(n, findings_model.MIME) for f in findings_model.from_json(data)]
    if meta is None:
        meta = notebooks[0].get("metadata", {}).get("crmlib", {})
    ledger = numbers_model.merged(ledgers)
    for key, number in ((key, number) for slide in slides for key, number in slide["numbers"].items()):
        ledger.numbers.setdefault(key, Number(**number))  # the summary alone, exported without the others' ledgers
    return Collected(tuple(ordered), ledger, Findings(found), meta)


def outputs(notebook: Any, mime: str) -> Iterator[Any]:
    """The data of one MIME type in a notebook's outputs, in order."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if mime in output.get("data", {}):
                yield output["data"][mime]


def _refuse_errors(notebook: Any) -> None:
    for number, cell in enumerate(notebook["cells"], 1):
        for output in cell.get("outputs", []):
            if output.get("output_type") == "error":
                raise DataError(
                    f"cell {number} of a notebook ended in an error ({output.get('ename', '')}): run it again"
                )


def _check(slides: Sequence[Mapping[str, Any]]) -> None:
    seen: set[str] = set()
    for slide in slides:
        if slide.get("schema") != SCHEMA:
            raise DataError(f"slide {slide.get('id')}: made by another version of crmlib: run its notebook again")
        if slide["id"] in seen:
            raise DataError(f"slide {slide['id']}: two slides have this id")
        seen.add(slide["id"])
