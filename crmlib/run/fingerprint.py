"""The fingerprint of a run: inputs, configuration, code, words and notebooks. The same fingerprint, the same numbers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from crmlib.config import Client
from crmlib.home import NOTEBOOKS, ROOT, TEMPLATES

LIBRARIES = ("numpy", "scipy", "pandas", "duckdb", "ibis-framework", "matplotlib", "lifetimes")
LENGTH = 12


def of_file(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_files(paths: Iterable[Path], base: Path) -> str:
    """SHA-256 over names (relative to base) and contents of files."""
    entries = [f"{path.relative_to(base).as_posix()} {of_file(path)}" for path in sorted(paths)]
    return hashlib.sha256("\n".join(entries).encode()).hexdigest()


def parts(client: Client, parameters: Any) -> dict[str, str]:
    """What the fingerprint covers, part by part, so that two runs can be told apart by cause."""
    raw = {path for source in client.sources for pattern in source.files for path in client.folder.glob(pattern)}
    raw |= set(client.folder.glob("tests/*/*"))  # registered tests are scored
    settings = client.model_dump_json()
    return {
        "inputs": of_files((path for path in raw if path.is_file()), client.folder),
        "configuration": _digest(settings),
        "parameters": _digest(json.dumps(parameters, sort_keys=True, default=str)),
        "code": of_files((ROOT / "crmlib").rglob("*.py"), ROOT),
        "notebooks": of_files(NOTEBOOKS.glob("*.ipynb"), ROOT),
        "templates": of_files((path for path in TEMPLATES.rglob("*") if path.suffix in _WORDS), ROOT),
        "libraries": " ".join(f"{name}={version(name)}" for name in LIBRARIES),
    }


_WORDS = (".toml", ".yaml", ".typ", ".j2", ".css", ".js", ".json")


def fingerprint(covered: dict[str, str]) -> str:
    """The short name of a set of parts."""
    return _digest(json.dumps(covered, sort_keys=True))[:LENGTH]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
