"""Problems collected over all files, so that the client is asked once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager

from crmlib.errors import DataError, Problem


class Problems:
    """All problems of one intake, raised once."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    @contextmanager
    def of(self, where: str) -> Iterator[None]:
        """Collect the problems raised inside; those without a place of their own get this one."""
        try:
            yield
        except DataError as error:
            self.found += [p if p.where else dataclasses.replace(p, where=where) for p in error.problems]

    def raised(self) -> None:
        """Raise what was found, if anything was."""
        if self.found:
            raise DataError(self.found)
