"""How often the findings are right: simulated clients with and without planted problems, counted once and kept with the templates.

The file is made by `python -m bench.error_rates make`; docs/simulator.md says what is counted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from crmlib import home
from crmlib.errors import CrmError
from crmlib.intervals import Estimate, exact

FILE = home.TEMPLATES / "evidence" / "error_rates.json"


@dataclass(frozen=True)
class Score:
    """One planted problem over all clients.

    Args:
        problem: Its name in the simulator.
        finding: The finding that speaks of it.
        clients: Clients in which it was planted.
        found: Of them, with a decided finding.
        right: Of these, with the right sign (and the right name or months where it names any).
        covered: Of these, with the true yen within the finding's interval.
    """

    problem: str
    finding: str
    clients: int
    found: int
    right: int
    covered: int


@dataclass(frozen=True)
class Rates:
    """What the file holds.

    Args:
        version: Version of the package that was tested.
        planted: Customers of a client with planted problems, and its rows.
        null: Customers of a client without any, and its rows.
        placebo: Clients with a campaign that does nothing, and those of which it was said to work.
    """

    version: str
    planted: tuple[int, Sequence[Mapping[str, Any]]]
    null: tuple[int, Sequence[Mapping[str, Any]]]
    placebo: tuple[int, int]

    @cached_property
    def scores(self) -> tuple[Score, ...]:
        """By problem, in the order of the file."""
        names = dict.fromkeys((row["problem"], row["finding"]) for row in self.planted[1])
        return tuple(_score(name, finding, self.planted[1]) for name, finding in names)

    @property
    def clients(self) -> tuple[int, int]:
        """Clients with planted problems, and without any."""
        return len({row["seed"] for row in self.planted[1]}), len(self.null[1])

    @property
    def found(self) -> Estimate:
        """Share of planted problems found with the right sign and with the true yen within the interval."""
        return exact(sum(one.covered for one in self.scores), sum(one.clients for one in self.scores))

    @property
    def detectable(self) -> Estimate:
        """The same share of those problems that a test finds with a power of 90 % at this size, as the simulator says."""
        rows = [row for row in self.planted[1] if row["detectable"]]
        return exact(sum(bool(row["covered"]) for row in rows), len(rows))

    @property
    def false(self) -> Estimate:
        """Share of the comparisons on clients without any problem that were decided."""
        return exact(sum(len(row["false"]) for row in self.null[1]), sum(row["compared"] for row in self.null[1]))

    @property
    def loud(self) -> Estimate:
        """Share of the clients without any problem with at least one such finding."""
        return exact(sum(bool(row["false"]) for row in self.null[1]), len(self.null[1]))


def load(path: Path = FILE) -> Rates:
    """The committed file.

    Raises:
        CrmError: the file is not there or not ours.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
        planted, null = ((data[kind]["customers"], data[kind]["rows"]) for kind in ("planted", "null"))
        return Rates(data["crmlib"], planted, null, (data["placebo"]["clients"], data["placebo"]["claimed"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        hint = "Get it again from the repository, or make it: python -m bench.error_rates make"
        raise CrmError(f"{path.name} cannot be read: {error}. {hint}") from error


def _score(problem: str, finding: str, rows: Sequence[Mapping[str, Any]]) -> Score:
    mine = [row for row in rows if (row["problem"], row["finding"]) == (problem, finding)]
    found = [row for row in mine if row["found"]]
    right = [row for row in found if row["right"]]
    return Score(problem, finding, len(mine), len(found), len(right), sum(bool(row["covered"]) for row in right))
