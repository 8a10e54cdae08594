from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crmlib.simulate import SimulationOptions, Truth, simulate, truth_path


@pytest.fixture(scope="session")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    """A dirty EC-CUBE client of 3,000."""
    folder = tmp_path_factory.mktemp("dirty") / "acme"
    return folder, simulate(folder, SimulationOptions(3000, seed=5, dirt=1.0))


@pytest.fixture(scope="session")
def plain_client(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    """A dirty client of 1,500 in the plain layout."""
    folder = tmp_path_factory.mktemp("plain") / "acme"
    return folder, simulate(folder, SimulationOptions(1500, seed=5, dirt=1.0, layout="plain"))


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    """A clean EC-CUBE client of 1,500."""
    folder = tmp_path_factory.mktemp("clean") / "acme"
    return folder, simulate(folder, SimulationOptions(1500, seed=6))


def written(folder: Path) -> dict[str, Any]:
    """truth.json of a client's folder."""
    return json.loads(truth_path(folder).read_text("utf-8"))
