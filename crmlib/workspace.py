"""A client's folder: its name, its parts, its lock."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from crmlib import config_file
from crmlib.config import Client
from crmlib.errors import ConfigError, Problem, did_you_mean
from crmlib.home import TEMPLATES

NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,63}$")
RESERVED = {"con", "prn", "aux", "nul", *(f"com{i}" for i in range(10)), *(f"lpt{i}" for i in range(10))}


def load(client_dir: str | Path, as_of: str = "") -> Client:
    """The client of a folder, as a notebook opens it (see `config_file.load`)."""
    return config_file.load(Path(client_dir), as_of)


def checked_name(name: str) -> str:
    """A client's folder name: small letters, digits, - and _; not a device name of Windows.

    Raises:
        ConfigError: with what is allowed.
    """
    if NAME.fullmatch(name) is None or name in RESERVED:
        expected = "small letters, digits, - and _ (at most 64), beginning with a letter or digit"
        hint = "The display name in client.yaml may be anything."
        raise ConfigError(Problem(f"'{name}' cannot be a client's folder name", expected=expected, hint=hint))
    return name


def existing(data_dir: Path, name: str) -> Path:
    """The folder of an existing client.

    Raises:
        ConfigError: bad name, no such client (with "did you mean"), or a symbolic link.
    """
    folder = data_dir / checked_name(name)
    if folder.is_symlink():
        raise ConfigError(Problem("is a symbolic link", str(folder), "a folder of its own below the data folder"))
    if not (folder / config_file.FILE_NAME).is_file():
        known = names(data_dir)
        hint = did_you_mean(name, known) if known else f"Make it with: crmlib new {name}"
        raise ConfigError(Problem(f"there is no client '{name}' in {data_dir}", hint=hint))
    return folder


def names(data_dir: Path) -> list[str]:
    """All clients of a data folder, sorted."""
    return sorted(
        path.parent.name for path in data_dir.glob(f"*/{config_file.FILE_NAME}") if NAME.match(path.parent.name)
    )


def create(data_dir: Path, name: str, preset: str = "") -> Path:
    """A new client's folder with client.yaml, its schema, raw/ and a README.

    Args:
        data_dir: Folder of all clients.
        name: The new client's folder name.
        preset: Known export format that the first source is set to; none when empty.

    Raises:
        ConfigError: bad name, unknown preset, or the folder exists.
    """
    known = config_file.preset_names()
    if preset and preset not in known:
        raise ConfigError(Problem(f"preset '{preset}' is unknown", hint=did_you_mean(preset, known)))
    folder = data_dir / checked_name(name)
    if folder.exists():
        raise ConfigError(
            Problem(f"the folder {folder} exists already", hint="Choose another name; nothing was changed.")
        )
    shutil.copytree(TEMPLATES / "client", folder)
    (folder / "raw").mkdir()
    if preset:
        path = folder / config_file.FILE_NAME
        path.write_text(_with_preset(path.read_text("utf-8"), preset), "utf-8", newline="\n")
    return folder


def _with_preset(text: str, preset: str) -> str:
    """The template with the preset in place of the columns that it maps."""
    before, _, rest = text.partition("    columns: ")
    after = rest[rest.index("\n#   dates") + 1 :]
    table = config_file.presets()[preset]["table"]
    return f"{before.replace('- table: orders', f'- table: {table}')}    preset: {preset}\n{after}"
