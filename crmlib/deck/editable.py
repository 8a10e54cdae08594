"""What office programs edit says nothing that the picture does not: each word of an editable chart is drawn in the figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crmlib.deck import svg
from crmlib.errors import Problem
from crmlib.schema import LANGUAGES


def words(native: Mapping[str, Any]) -> Iterator[str]:
    """The lines that an editable figure prints: labels of points, notes, cells.

    Args:
        native: Of a figure's payload (see `figures.native`).
    """
    for chart in native.get("charts", ()):
        for row in chart["series"]:
            yield from (line for label in row.get("labels", {}).values() for line in label["text"].split("\n"))
    yield from (line for note in native.get("notes", ()) for line in note["text"].split("\n"))
    rows = native["cells"]["rows"] if "cells" in native else ()
    yield from (line["text"] for row in rows for cell in row for line in cell.get("lines", ()))


def problems(slide: Mapping[str, Any]) -> Iterator[Problem]:
    """Words of a slide's editable figures that its pictures do not have."""
    for language in LANGUAGES:
        for exhibit in slide["exhibits"][language]:
            if "native" not in exhibit:
                continue
            root = svg.checked(exhibit["svg"], "figure")
            drawn = {"".join(one.itertext()).strip() for one in root.iter(f"{{{svg.SVG}}}text")}
            for word in words(exhibit["native"]):
                if word.strip() and word.strip() not in drawn:
                    yield Problem(
                        f"'{word}' is in the editable chart but not in the picture", f"slide {slide['id']} ({language})"
                    )
