"""What was planted, written beside the client: definition, value, sampling error, whether it can be seen."""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# A two-sided 5 % test finds an effect of this many standard errors with a power of 90 %: 1.960 + 1.282.
DETECTABLE_AT = 3.242


@dataclass(frozen=True)
class Planted:
    """One planted number.

    Args:
        name: Key in truth.json, e.g. `dm.B_minus_A.loyal`.
        definition: How the value would be computed from the exported files.
        value: The truth (a word where it is one).
        error: Standard error of the plain estimator at this size; 0 if the files hold it exactly; None if none applies.
        neutral: The value when nothing is planted; None for a parameter that always exists.
        problem: Name in PROBLEMS, or "base".
        n: Units that the plain estimator uses.
        unit: share, points, ratio, days, count, money, parameter, label.
    """

    name: str
    definition: str
    value: float | str
    error: float | None = 0.0
    neutral: float | str | None = None
    problem: str = "base"
    n: int = 0
    unit: str = "share"

    @property
    def planted(self) -> bool:
        """Whether the client differs here from one in which nothing is planted."""
        return self.neutral is None or self.value != self.neutral

    @property
    def detectable(self) -> bool:
        """Whether a plain test at this size would find it 9 times in 10 (a parameter: known to a quarter of itself)."""
        if isinstance(self.value, str) or self.error is None or not math.isfinite(self.error) or self.n == 0:
            return False
        if self.neutral is None or isinstance(self.neutral, str):
            return self.error <= abs(self.value) / 4
        return self.planted and abs(self.value - self.neutral) >= DETECTABLE_AT * self.error

    def entry(self) -> dict[str, Any]:
        """The entry of truth.json."""
        entry = {key: _plain(value) for key, value in dataclasses.asdict(self).items() if key not in {"name", "error"}}
        error = None if self.error is None else _plain(self.error)
        return entry | {"sampling_error": error, "planted": self.planted, "detectable": self.detectable}


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        return float(f"{value:.10g}") if math.isfinite(value) else None
    return value


@dataclass(frozen=True)
class Truth:
    """All that is known about a simulated client.

    Args:
        options: As asked (world included).
        planted: By name.
        tables: rows (and yen) of every file.
        dirt: By kind: rows, orders, yen, and what a careful reader does with them.
        lists: Pairs of duplicate ids, months of the gap, and the like.
        digest: SHA-256 over the client's files, names and bytes.
    """

    options: dict[str, Any]
    planted: dict[str, Planted]
    tables: dict[str, dict[str, int]] = field(default_factory=dict)
    dirt: dict[str, dict[str, Any]] = field(default_factory=dict)
    lists: dict[str, Any] = field(default_factory=dict)
    digest: str = ""

    def value(self, name: str) -> float:
        """The value of one planted number."""
        return float(self.planted[name].value)

    def to_json(self) -> str:
        """The text of truth.json."""
        planted = {name: planted.entry() for name, planted in self.planted.items()}
        body = {"format": 1, "digest": self.digest, "options": self.options, "planted": planted}
        body |= {"tables": self.tables, "dirt": self.dirt, "lists": self.lists}
        return json.dumps(body, ensure_ascii=False, indent=1, default=_plain) + "\n"

    def write(self, path: Path) -> None:
        """Write it, beside the client's folder."""
        path.write_text(self.to_json(), encoding="utf-8", newline="\n")
