"""Every command of this checkout, for every system: `python make.py demo`, `python make.py test`, ...

Needs nothing but Python 3.11 or later with pip: the first call makes .venv from requirements.lock (versions and
hashes) and later calls use it. The Makefile only passes its targets on to this file.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / ".ready"


def extra(name: str) -> list[str | Path]:
    """The step that installs what only some commands need, from its own lock."""
    install: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    return [*install, "--no-build-isolation", "--require-hashes", "-r", ROOT / f"requirements-{name}.lock"]


PYTEST = [PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadfile"]
COMMANDS: dict[str, list[list[str | Path]]] = {
    "setup": [],
    "demo": [[PYTHON, "-m", "crmlib", "demo"]],
    "lab": [[PYTHON, "-m", "crmlib", "lab"]],
    "lint": [
        [PYTHON, "-m", "ruff", "check", "."],
        [PYTHON, "-m", "ruff", "format", "--check", "."],
        [PYTHON, "-m", "mypy"],
    ],
    "docs": [[PYTHON, "-m", "crmlib.documents"]],
    "notebooks": [[PYTHON, "-m", "crmlib.run.refresh"]],
    "pictures": [[PYTHON, "-m", "crmlib.run.pictures"]],
    "test": [[*PYTEST, "--doctest-modules", "-m", "not full", "tests", "crmlib"]],
    "test-full": [extra("spark"), [*PYTEST, "-m", "full", "tests"]],
    "bench": [extra("speed"), [PYTHON, "-m", "bench"]],
}  # fmt: skip


def main(arguments: list[str]) -> int:
    """Run one command; the exit code of its first step that fails."""
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(f"usage: python make.py {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    if sys.version_info < (3, 11):
        print(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}", file=sys.stderr)
        return 2
    for step in [*_setup_steps(), *COMMANDS[arguments[0]]]:
        code = subprocess.run(list(map(str, step)), cwd=ROOT, check=False).returncode
        if code:
            return code
        if step == _INSTALL_SELF:
            STAMP.write_text(_wanted(), "utf-8")
    return 0


def _setup_steps() -> list[list[str | Path]]:
    if STAMP.is_file() and STAMP.read_text("utf-8") == _wanted():
        return []
    print("Setting up .venv from requirements.lock (a minute or two, once) ...", file=sys.stderr, flush=True)
    if not PYTHON.exists():
        venv.create(VENV, with_pip=True)
    return [[PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", LOCK], _INSTALL_SELF]  # fmt: skip


_INSTALL_SELF: list[str | Path] = [
    PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "-e", ROOT,
]  # fmt: skip


def _wanted() -> str:
    content = b"".join(path.read_bytes() for path in (LOCK, ROOT / "pyproject.toml"))
    return f"{sys.version_info[:2]} {hashlib.sha256(content).hexdigest()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
