"""client.yaml from disk: read strictly, completed from presets, every problem named at once with its line."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crmlib import yaml_text
from crmlib.config import Client, iso_day
from crmlib.errors import ConfigError, Problem, did_you_mean
from crmlib.home import TEMPLATES
from crmlib.validation import validated

FILE_NAME = "client.yaml"
PRESETS = TEMPLATES / "presets"
ABOUT = ("headers", "about")  # what a preset says of the export itself, not of a source


def load(folder: Path, as_of: str = "") -> Client:
    """The configuration of a client's folder.

    Args:
        folder: Folder that holds client.yaml.
        as_of: ISO date that replaces the file's; empty keeps it.

    Raises:
        ConfigError: every problem of the file at once, with line and "did you mean".
    """
    path = folder / FILE_NAME
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        hint = "Make a client's folder with: crmlib new CLIENT"
        raise ConfigError(Problem("is missing", str(path), "the client's configuration", hint)) from None
    except UnicodeDecodeError as error:
        hint = "Save it as UTF-8 (in Notepad: Save As > Encoding)."
        raise ConfigError(Problem(f"is not UTF-8 (byte {error.start})", str(path), hint=hint)) from None
    if as_of:
        _checked_day(as_of)
    document = yaml_text.parse(text, FILE_NAME)
    client = validated(Client, _completed(document, as_of), document, FILE_NAME)
    client._folder = folder  # noqa: SLF001
    return client


def _checked_day(as_of: str) -> None:
    try:
        iso_day(as_of)
    except ValueError as error:
        raise ConfigError(Problem(str(error), "--as-of")) from None


def _completed(document: yaml_text.Document, as_of: str) -> Any:
    """The file's tree with the command line's as_of and with what each source's preset already says."""
    tree = document.tree
    if not isinstance(tree, dict):
        raise ConfigError(
            Problem("is not a list of 'key: value' lines", FILE_NAME, "name:, currency:, as_of:, sources:")
        )
    sources = tree.get("sources") or []  # nothing behind sources: yet
    tree = {**tree, "sources": sources}
    if isinstance(sources, list):
        filled = [_with_preset(source, document.line(("sources", i, "preset"))) for i, source in enumerate(sources)]
        tree = {**tree, "sources": filled}
    return {**tree, "as_of": as_of} if as_of else tree


def preset_names() -> list[str]:
    """The known export formats."""
    return sorted(path.stem for path in PRESETS.glob("*.yaml"))


@functools.cache
def presets() -> Mapping[str, Mapping[str, Any]]:
    """All known export formats: name -> what its file says, `headers` included."""
    return {name: yaml_text.parse((PRESETS / f"{name}.yaml").read_text("utf-8"), name).tree for name in preset_names()}


def preset(name: str) -> dict[str, Any]:
    """What a preset says about a source."""
    return {key: value for key, value in presets()[name].items() if key not in ABOUT}


def _with_preset(source: Any, line: int) -> Any:
    """A source whose missing keys come from templates/presets/<preset>.yaml; columns are merged one by one."""
    name = source.get("preset") if isinstance(source, dict) else None
    if name is None:
        return source
    known = preset_names()
    if name not in known:
        raise ConfigError(
            Problem(f"preset '{name}' is unknown", f"{FILE_NAME} line {line}", hint=did_you_mean(name, known))
        )
    return completed(source, name)


def completed(source: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A source with what its preset says besides: columns and words one by one, rules of exclusion together.

    Args:
        source: The source as client.yaml has it.
        name: The preset.
    """
    filled = preset(name)
    whole = {**filled, **source, "preset": name}
    for key in ("columns", "values"):
        if isinstance(source.get(key, {}), dict):
            whole[key] = {**filled.get(key, {}), **source.get(key, {})}
    own = source.get("exclude") or []
    if isinstance(own, list | tuple):
        told = [rule.get("rule") for rule in own if isinstance(rule, dict)]
        whole["exclude"] = [*(rule for rule in filled.get("exclude", []) if rule["rule"] not in told), *own]
    if "optional" not in source and isinstance(source.get("columns", {}), dict):
        whole["optional"] = [one for one in filled.get("optional", []) if one not in source.get("columns", {})]
    return whole


def json_schema() -> str:
    """The JSON schema of client.yaml, for editors; committed as templates/client/client.schema.json."""
    return json.dumps(Client.model_json_schema(), ensure_ascii=False, indent=1) + "\n"
