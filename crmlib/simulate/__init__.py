"""Clients with known truth: a simulated mail-order client, as its systems would export it, and what was planted in it.

    from crmlib.simulate import SimulationOptions, simulate
    truth = simulate(Path("client_data/acme"), SimulationOptions(customers=3000, seed=1))

The model's formulas, and how to plant one more problem: docs/simulator.md.
"""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

from crmlib import workspace
from crmlib.errors import ConfigError, Problem
from crmlib.simulate import build
from crmlib.simulate.export import files
from crmlib.simulate.options import LAYOUTS, SimulationOptions, World
from crmlib.simulate.problems import NAMES, PROBLEMS
from crmlib.simulate.truth import Planted, Truth

__all__ = ["LAYOUTS", "NAMES", "PROBLEMS", "Planted", "SimulationOptions", "Truth", "World", "simulate", "truth_path"]


def truth_path(folder: Path) -> Path:
    """Where the truth of a client's folder is: beside it, never inside."""
    return folder.parent / f"{folder.name}.truth.json"


def simulate(folder: Path, options: SimulationOptions) -> Truth:
    """Make a client's folder (client.yaml, README.md, raw/*.csv) and, beside it, `<name>.truth.json`.

    Args:
        folder: The new client's folder; its name must be a client's name.
        options: Size, seed, dirt, layout, problems.

    Returns:
        The truth, as it is written.

    Raises:
        ConfigError: the folder exists, or its name cannot be a client's.
    """
    workspace.checked_name(folder.name)
    if folder.exists() or folder.is_symlink():
        hint = "Choose another name; nothing was changed."
        raise ConfigError(Problem(f"the folder {folder} exists already", hint=hint))
    folder.parent.mkdir(parents=True, exist_ok=True)
    being_made = folder.parent / f".{folder.name}.simulating"
    shutil.rmtree(being_made, ignore_errors=True)
    being_made.mkdir()
    try:
        truth = _made(being_made, options)
        truth.write(truth_path(folder))
        being_made.rename(folder)
    finally:
        shutil.rmtree(being_made, ignore_errors=True)
    return truth


def _made(folder: Path, options: SimulationOptions) -> Truth:
    client = build.client(options)
    planted = {one.name: one for one in client.draft.truths}
    digest, sizes, dirt = files.write(client, folder)
    truth = Truth(build.described(options), planted, sizes, dirt, client.draft.lists)
    return dataclasses.replace(truth, digest=digest)
