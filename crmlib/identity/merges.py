"""The merge table: which customer numbers are another's, decided by the client and written down; nothing else merges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from crmlib.errors import DataError, Problem

COLUMNS = ("customer_id", "merge_into")
HINT = "Correct that line of the merge table; nothing was merged."


@dataclass(frozen=True)
class Merges:
    """Customer -> the customer it is merged into, chains followed to their end.

    Example:
        >>> from_rows([(2, 1), (3, 2)], {1, 2, 3}, "merges.csv").target
        {2: 1, 3: 1}
    """

    target: Mapping[int, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.target)

    def of(self, ids: Sequence[int]) -> list[int]:
        """Ids with the merged ones in place of their own."""
        return [self.target.get(one, one) for one in ids]


def from_rows(rows: Iterable[tuple[int, int]], known: Set[int], where: str) -> Merges:
    """The merges of a table, checked.

    Args:
        rows: (customer, merged into) as pseudonyms, in the order of the lines below the header.
        known: Every customer of the client's data.
        where: The file's name, for messages, which name lines and no ids.

    Raises:
        DataError: every line at once that merges a customer into itself, into two customers, in a circle, or that
            names a customer who is nowhere in the data.
    """
    direct: dict[int, int] = {}
    lines: dict[int, int] = {}
    problems: list[Problem] = []
    for line, (one, into) in enumerate(rows, 2):
        place = f"{where} line {line:,}"
        for column, number in zip(COLUMNS, (one, into), strict=True):
            if number not in known:
                problems.append(Problem(f"the {column} is no customer of the data", place, hint=HINT))
        if one == into:
            problems.append(Problem("merges a customer into itself", place, hint=HINT))
        elif direct.setdefault(one, into) != into:
            what = f"merges the customer of line {lines[one]:,} into another one"
            problems.append(Problem(what, place, "one line for a customer", HINT))
        lines.setdefault(one, line)
    circles = _circles(direct)
    problems += [Problem("goes round in a circle", f"{where} line {lines[one]:,}", hint=HINT) for one in circles]
    if problems:
        raise DataError(problems)
    return Merges({one: _end(one, direct) for one in direct})


def _circles(direct: Mapping[int, int]) -> list[int]:
    """The first customer, by line, of each circle."""
    done: set[int] = set()
    first: list[int] = []
    for start in direct:
        path: list[int] = []
        one = start
        while one in direct and one not in done:
            done.add(one)
            path.append(one)
            one = direct[one]
        if one in path and direct[one] != one:
            first.append(min(path[path.index(one) :], key=list(direct).index))
    return first


def _end(one: int, direct: Mapping[int, int]) -> int:
    while one in direct:
        one = direct[one]
    return one
