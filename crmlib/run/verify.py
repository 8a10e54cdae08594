"""Run a finished run again, from the raw files, and compare every number."""

from __future__ import annotations

import json
import math
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmlib import config_file
from crmlib.run import fingerprint, job, manifest
from crmlib.run.outcome import Progress

TOLERANCE = 1e-9  # relative; the ledger keeps 10 significant digits


@dataclass(frozen=True)
class Verification:
    """What a second run gave.

    Args:
        run: Name of the run.
        numbers: How many numbers were compared.
        differences: Ledger key -> (then, now).
        changed: Parts of the fingerprint that are not what they were then.
    """

    run: str
    numbers: int
    differences: Mapping[str, tuple[Any, Any]]
    changed: tuple[str, ...]


def verify(folder: Path, run: str = "", progress: Progress = lambda _: None) -> Verification:
    """Run again and compare.

    Args:
        folder: The client's folder.
        run: Name of a folder below runs/; the newest when empty.
        progress: Told each step as it begins.

    Raises:
        DataError: no such run, or one that did not finish.
    """
    target = manifest.chosen(folder / "runs", run)
    then = manifest.read(target)
    client = config_file.load(folder, then["as_of"])
    with tempfile.TemporaryDirectory() as scratch:
        again = Path(scratch) / folder.name
        shutil.copytree(folder, again, ignore=shutil.ignore_patterns("runs", "store", "quarantine", ".lock*"))
        order = job.Order(as_of=then["as_of"], only=then["diagnostics"], formats=(), settings=then["settings"])
        outcome = job.run(again, order, progress)
        new, old = _numbers(outcome.folder), _numbers(target)
    now = fingerprint.parts(client, {})
    changed = tuple(part for part, digest in then["made_from"].items() if part != "parameters" and now[part] != digest)
    return Verification(target.name, len(old), _differences(old, new), changed)


def _numbers(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "numbers.json").read_text("utf-8")))


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    keys = sorted(old.keys() | new.keys())
    return {key: (old.get(key), new.get(key)) for key in keys if not _same(old.get(key), new.get(key))}


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_same(old[key], new[key]) for key in old)
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, rel_tol=TOLERANCE, abs_tol=0.0)
    return bool(old == new)
