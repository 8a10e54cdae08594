"""What the user is told when something is wrong: what, where, how many, what was expected, what to do.

Every error that a user can cause is a `CrmError`; its exit code is the command line's. All problems of one
load are collected as `Problem`s and raised once.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Args:
        what: One sentence, e.g. "'as_off' is not a setting".
        where: File, line, column or key, e.g. "client.yaml line 3".
        expected: What would have been right.
        hint: What to do now.
    """

    what: str
    where: str = ""
    expected: str = ""
    hint: str = ""

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        tail = [f"  {name}: {text}" for name, text in (("Expected", self.expected), ("Hint", self.hint)) if text]
        return "\n".join([head, *tail])


class CrmError(Exception):
    """An error that the user can mend. `exit_code` is what the command line returns."""

    exit_code = 1

    def __init__(self, problems: Problem | str | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class DataError(CrmError):
    """The client's data (or a run's result) needs attention: exit code 1."""


class PageError(DataError):
    """A page of the deck that cannot be printed as it is; `page` is its slide."""

    def __init__(self, page: str, what: str) -> None:
        super().__init__(what)
        self.page = page


class ConfigError(CrmError):
    """Wrong use or configuration: exit code 2."""

    exit_code = 2


class DiagnosticError(CrmError):
    """A diagnostic failed; the others finish: exit code 3."""

    exit_code = 3


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """The nearest known word as a hint, or the list of what is known.

    Example:
        >>> did_you_mean("as_off", ["as_of", "currency"])
        "Did you mean 'as_of'?"
    """
    near = difflib.get_close_matches(word, known, n=1)
    return f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(known)}." if known else ""
