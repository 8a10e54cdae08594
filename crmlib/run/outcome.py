"""What a run or a report leaves, and whom it tells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crmlib.run.notebooks import Failure

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What a run left.

    Args:
        folder: The run's folder.
        files: The decks and number files in it.
        fresh: False when a finished run was found and nothing had to be done.
        failures: Diagnostics that stopped.
    """

    folder: Path
    files: Sequence[Path]
    fresh: bool
    failures: Sequence[Failure] = field(default_factory=tuple)
