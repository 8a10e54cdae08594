"""The sliders of the customer balance sheet in the HTML: gains from the ledger, computed before, never in the browser.

The browser picks from the grid of F2 and retention, and multiplies where a gain is proportional by its definition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crmlib.numbers.model import Ledger
from crmlib.text import Words

PAGE = "ltv.sheet"
GRID = "ltv.bs.what_if."
START: Mapping[str, int] = {"f2": 3, "retention": 2, "order_value": 5, "loyal": 1}  # what the pages print
REACH: Mapping[str, int] = {"order_value": 10, "loyal": 3}
STEP: Mapping[str, float] = {"loyal": 0.5}
TEXTS = (
    "head",
    "open",
    "reset",
    "lever",
    "gain",
    "interval",
    "together",
    "loyal_year",
    "basis",
    "basis_year",
    "new_f2",
)
Gain = tuple[float, float, float]


def sliders(ledger: Ledger, words: Words) -> dict[str, Any]:
    """What the template needs; empty where the ledger has no balance sheet.

    Args:
        ledger: Every number.
        words: Texts of the language.
    """
    grid = _grid(ledger)
    one = _gain(ledger, "ltv.bs.lever.order_value", START["order_value"])
    if not grid or one is None:
        return {}
    reach = {"f2": len(grid) - 1, "retention": len(grid[0]) - 1, **REACH}
    yearly = dict(_yearly(ledger))
    names = [name for name in START if name != "loyal" or "loyal" in yearly]
    return {
        "ui": {name: words.fill(f"deck.what_if.{name}") for name in TEXTS},
        "sliders": [
            {"name": name, "start": START[name], "reach": reach[name], "step": STEP.get(name, 1),
             "label": words.fill(f"deck.what_if.{name}", points="{points}")}
            for name in names
        ],
        "data": {"grid": grid, "one": {"order_value": one, **yearly}},
        "currency": ledger.currency,
    }  # fmt: skip


def _grid(ledger: Ledger) -> list[list[Gain]]:
    """Gains by points of F2 and of retention; empty where one is missing or unknowable."""
    places = [tuple(map(int, key.removeprefix(GRID).split("."))) for key in ledger if key.startswith(GRID)]
    if not places:
        return []
    rows, columns = (max(place[i] for place in places) + 1 for i in (0, 1))
    found = [[_gain(ledger, f"{GRID}{f2}.{kept}", 1) if f2 or kept else (0.0, 0.0, 0.0) for kept in range(columns)] for f2 in range(rows)]  # fmt: skip
    whole = [[gain for gain in row if gain] for row in found]
    return whole if all(len(row) == columns for row in whole) else []


def _yearly(ledger: Ledger) -> Iterator[tuple[str, Gain]]:
    """Gains of one year by a point; they are proportional by their definitions."""
    points = ledger["retention.worth.points"].value if "retention.worth.points" in ledger else None
    for name, key, by in (("new_f2", "retention.worth.points_yen", points), ("loyal", "base.loyal.point", 0.01)):
        gain = _gain(ledger, key, float(by) * 100) if by else None
        if gain is not None:
            yield name, gain


def _gain(ledger: Ledger, key: str, parts: float) -> Gain | None:
    """Value and interval of one of so many equal parts; None where the ledger has none or does not know."""
    number = ledger.numbers.get(key)
    if number is None or not all(isinstance(v, int | float) for v in (number.value, number.lower, number.upper)):
        return None
    return tuple(float(v) / parts for v in (number.value, number.lower, number.upper))  # type: ignore[arg-type,return-value]
