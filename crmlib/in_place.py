"""Files and folders written beside their place and renamed into it: who looks finds the old or the new, never a part."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write(target: Path, content: bytes, *, private: bool = False) -> Path:
    """Write a file.

    Args:
        target: Its place.
        content: What it holds.
        private: Whether nobody but the owner may read it.

    Returns:
        Its place.
    """
    beside = _beside(target)
    beside.touch(mode=0o600 if private else 0o666)
    beside.write_bytes(content)
    os.replace(beside, target)  # noqa: PTH105 (atomic)
    return target


@contextmanager
def folder(target: Path, *, private: bool = False) -> Iterator[Path]:
    """An empty folder to be filled; it then stands in the target's place, and what stood there is gone.

    Two renames: whoever is killed between them leaves no half-written folder, and the next to write makes it anew.

    Args:
        target: Its place.
        private: Whether nobody but the owner may look into it.
    """
    beside, old = _beside(target), target.with_name(f".{target.name}.old")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=0o700 if private else 0o777)
    yield beside
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        os.replace(target, old)  # noqa: PTH105 (atomic)
    os.replace(beside, target)  # noqa: PTH105 (atomic)
    shutil.rmtree(old, ignore_errors=True)


def _beside(target: Path) -> Path:
    return target.with_name(f".{target.name}.new")
