"""One run per client at a time: a lock file with process id and host; a dead process's lock is taken over."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from crmlib.errors import DataError, Problem


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the client's lock; the operating system releases it when the process ends, however it ends.

    Raises:
        DataError: another live process holds it; the message says which.
    """
    owner = folder / ".lock.owner"
    lock = filelock.FileLock(folder / ".lock", timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout:
        who = owner.read_text("utf-8").strip() if owner.exists() else "another process"
        hint = "Wait until it has finished, or end that process."
        raise DataError(Problem(f"client '{folder.name}' is being worked on by {who}", hint=hint)) from None
    try:
        owner.write_text(f"process {os.getpid()} on {socket.gethostname()}\n", "utf-8")
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()
