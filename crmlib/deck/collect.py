"""Executed notebooks -> what the deck is made of. Nothing is run again, nothing else is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmlib.deck.slide import MIME, SCHEMA
from crmlib.errors import DataError
from crmlib.findings import model as findings_model
from crmlib.findings.model import Findings
from crmlib.numbers import model as numbers_model
from crmlib.numbers.model import Ledger


@dataclass(frozen=True)
class Collected:
    """Slides in the order of the notebooks, appendix last, with the numbers and findings they rest on."""

    slides: tuple[Mapping[str, Any], ...]
    ledger: Ledger
    findings: Findings
    meta: Mapping[str, Any] = field(default_factory=dict)


def collected(notebooks: Sequence[Any], meta: Mapping[str, Any] | None = None) -> Collected:
    """The deck's parts.

    Args:
        notebooks: Executed notebooks (nbformat nodes) in the order of the deck.
        meta: ``client`` (a name, or one per language) and ``as_of``; the first notebook's metadata ``crmlib`` when None.

    Raises:
        DataError: An error output, a cell cut short, no slide, a slide twice or of another schema.
    """
    for notebook in notebooks:
        _refuse_errors(notebook)
    slides = [slide for notebook in notebooks for slide in outputs(notebook, MIME)]
    _check(slides)
    body = [s for s in slides if s["section"] != "appendix"]
    ordered = body + [s for s in slides if s["section"] == "appendix"]
    ledgers = [numbers_model.from_json(data) for n in notebooks for data in outputs(n, numbers_model.MIME)]
    found = [f for n in notebooks for data in outputs(n, findings_model.MIME) for f in findings_model.from_json(data)]
    if meta is None:
        meta = notebooks[0].get("metadata", {}).get("crmlib", {})
    return Collected(tuple(ordered), numbers_model.merged(ledgers), Findings(found), meta)


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
    if not slides:
        raise DataError("there is no slide in these notebooks: run them first")
    seen: set[str] = set()
    for slide in slides:
        if slide.get("schema") != SCHEMA:
            raise DataError(f"slide {slide.get('id')}: made by another version of crmlib: run its notebook again")
        if slide["id"] in seen:
            raise DataError(f"slide {slide['id']}: two slides have this id")
        seen.add(slide["id"])
