"""Files of a deck made side by side: two processes, each with a share of the files. A fault in one stops no other."""

from __future__ import annotations

import multiprocessing as mp
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmlib import in_place
from crmlib.errors import CrmError
from crmlib.run.outcome import Progress

if TYPE_CHECKING:
    from crmlib.deck.faults import Fault

LANES = 2
WEIGHTS = {"pptx": 4.0, "html": 2.0, "pdf": 1.0}  # seconds, about: the longest first, to the lane with the least
PRINTERS = ["crmlib.deck.build", "crmlib.deck.office.to_pptx", "crmlib.deck.to_html", "crmlib.deck.to_pdf"]
METHOD = "forkserver" if "forkserver" in mp.get_all_start_methods() else "spawn"


@dataclass(frozen=True)
class Task:
    """One file.

    Args:
        name: Its name.
        form: html, pdf or pptx.
        deck: What is printed, laid out.
    """

    name: str
    form: str
    deck: Mapping[str, Any]


def warm_up() -> None:
    """Start the fork server now, so that it imports the printers while the notebooks are read."""
    if METHOD == "forkserver":
        from multiprocessing import forkserver

        mp.set_forkserver_preload(PRINTERS)
        forkserver.ensure_running()


def make(tasks: Sequence[Task], folder: Path, progress: Progress, meanwhile: Callable[[], None]) -> list[Fault]:
    """Write the files into a folder, each beside its place and renamed into it.

    Args:
        tasks: The files.
        folder: Where they go.
        progress: Told each file as it begins.
        meanwhile: Called in this process while the others are at work.
    """
    shares = [share for share in _shared(tasks) if share]
    if len(shares) < LANES or (os.cpu_count() or 1) < LANES:
        meanwhile()
        return [failure for task in tasks if (failure := _made(task, folder, progress))]
    context: Any = mp.get_context(METHOD)
    ears = []
    for share in shares:
        ear, mouth = context.Pipe(duplex=False)
        context.Process(target=_lane, args=(share, str(folder), mouth), daemon=True).start()
        mouth.close()
        ears.append(ear)
    meanwhile()
    return _heard(ears, progress)


def _shared(tasks: Sequence[Task]) -> list[list[Task]]:
    shares: list[list[Task]] = [[] for _ in range(LANES)]
    for task in sorted(tasks, key=lambda task: -WEIGHTS[task.form]):
        min(shares, key=lambda share: sum(WEIGHTS[one.form] for one in share)).append(task)
    return shares


def _heard(ears: Sequence[Any], progress: Progress) -> list[Fault]:
    from crmlib.deck import faults

    failures: list[Fault] = []
    ended = 0
    open_ears = list(ears)
    while open_ears:
        ready: list[Any] = connection.wait(open_ears)
        for ear in ready:
            try:
                said = ear.recv()
            except EOFError:
                open_ears.remove(ear)
                continue
            if said is None:
                ended += 1
            elif isinstance(said, str):
                progress(said)
            else:
                failures.append(said)
    if ended < len(ears):
        failures.append(faults.of_file("a process that makes files was ended from outside"))
    return failures


def _lane(tasks: Sequence[Task], folder: str, mouth: Any) -> None:
    """The work of one process."""
    threading.Thread(target=_end_with_the_run, daemon=True).start()
    for task in tasks:
        if failure := _made(task, Path(folder), mouth.send):
            mouth.send(failure)
    mouth.send(None)
    mouth.close()


def _made(task: Task, folder: Path, progress: Progress) -> Fault | None:
    """What is wrong with a file; of an error that is not ours only its kind, because its text may quote data."""
    from crmlib.deck import build, faults

    progress(task.name)
    try:
        in_place.write(folder / task.name, build.printed(task.deck, task.form))
    except CrmError as error:
        return faults.of(error)
    except Exception as error:  # noqa: BLE001 - one file never costs the others; only the kind of error is told
        return faults.of_file(f"{task.name} could not be made ({type(error).__name__})")
    return None


def _end_with_the_run() -> None:
    parent = mp.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
