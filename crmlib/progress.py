"""What the user sees while something runs: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def steps(title: str, total: int) -> Iterator[Callable[[str], None]]:
    """Report steps as they begin.

    Args:
        title: What is being worked on.
        total: How many steps will be reported.

    Yields:
        A function that is told the name of each step.
    """
    if not sys.stderr.isatty():
        yield lambda step: print(f"{title}: {step}", file=sys.stderr, flush=True)  # noqa: T201 (the plain display)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.fields[name]}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))  # fmt: skip
    with Progress(*columns, console=Console(stderr=True, markup=False), transient=True) as bar:
        task = bar.add_task("", total=total, name=title)
        begun: list[str] = []

        def report(step: str) -> None:
            begun.append(step)
            bar.update(task, completed=len(begun) - 1, description=step)

        yield report
