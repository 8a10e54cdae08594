"""Days and times of a simulated client as text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from crmlib.simulate.clock import Clock
from crmlib.simulate.export import columns
from crmlib.simulate.export.columns import Column
from crmlib.simulate.streams import Ints


@dataclass(frozen=True)
class Times:
    """Dictionaries of days and seconds."""

    clock: Clock

    @cached_property
    def _isos(self) -> list[str]:
        days = np.datetime64(self.clock.start) + np.arange(self.clock.end + 40)
        return [str(day) for day in days]

    @cached_property
    def _days(self) -> Column:
        return columns.words(self._isos, "ascii")

    @cached_property
    def _opened(self) -> Column:
        return columns.words([f'"{day}' for day in self._isos], "ascii")

    @cached_property
    def _mornings(self) -> Column:
        return columns.words([f'"{day} 10:00:00"' for day in self._isos], "ascii")

    @cached_property
    def _seconds(self) -> Column:
        return columns.words([f'{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}"' for s in range(86_400)], "ascii")

    def day(self, day: Ints) -> Column:
        """`2024-03-05`; -1 is blank."""
        return columns.take(self._days, day)

    def stamp(self, day: Ints, second: Ints) -> Column:
        """`"2024-03-05 13:45:12"`, quoted as fputcsv does."""
        return columns.join([columns.take(self._opened, day), columns.take(self._seconds, second)], b" ")

    def morning(self, day: Ints) -> Column:
        """The same at ten o'clock."""
        return columns.take(self._mornings, day)
