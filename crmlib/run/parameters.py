"""What may be passed to a notebook: the literals of its parameters cell, with the same names and types."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat

from crmlib.errors import ConfigError, Problem, did_you_mean

Parameters = Mapping[str, Any]


def declared(notebook: Path) -> dict[str, Any]:
    """Names and default values of a notebook's parameters cell.

    Raises:
        ConfigError: no cell is tagged ``parameters``, or it holds anything but plain literals.
    """
    cells = nbformat.read(notebook, as_version=4).cells
    cell = next((cell for cell in cells if "parameters" in cell.metadata.get("tags", [])), None)
    if cell is None:
        raise ConfigError(Problem("has no cell tagged 'parameters'", notebook.name))
    return {name: value for statement in ast.parse(cell.source).body for name, value in [_literal(statement, notebook)]}


def _literal(statement: ast.stmt, notebook: Path) -> tuple[str, Any]:
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        try:
            return statement.targets[0].id, ast.literal_eval(statement.value)
        except ValueError:
            pass
    raise ConfigError(Problem(f"parameters cell: '{ast.unparse(statement)}' is not a plain literal", notebook.name))


def parsed(settings: Sequence[str], notebooks: Mapping[str, Path]) -> dict[str, dict[str, Any]]:
    """``--set DIAGNOSTIC.NAME=VALUE`` settings, checked against the notebooks.

    Args:
        settings: Texts such as ``retention.f2_days=[60, 120]``.
        notebooks: Diagnostic -> its notebook.

    Returns:
        Diagnostic -> parameter -> value.

    Raises:
        ConfigError: every misspelt name and wrong type at once.
    """
    chosen: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    for setting in settings:
        target, equals, text = setting.partition("=")
        diagnostic, _, name = target.strip().partition(".")
        if not equals or diagnostic not in notebooks:
            expected = f"DIAGNOSTIC.NAME=VALUE with one of {', '.join(notebooks)}"
            problems.append(Problem(f"--set '{setting}' is not understood", expected=expected))
            continue
        known = declared(notebooks[diagnostic])
        value = _value(text)
        problem = _mismatch(f"{diagnostic}.{name}", name, value, known)
        if problem:
            problems.append(problem)
        else:
            chosen.setdefault(diagnostic, {})[name] = value
    if problems:
        raise ConfigError(problems)
    return chosen


def _value(text: str) -> Any:
    try:
        return ast.literal_eval(text.strip())
    except (ValueError, SyntaxError):
        return text.strip()


def _mismatch(full_name: str, name: str, value: Any, known: Mapping[str, Any]) -> Problem | None:
    if name not in known:
        return Problem(f"'{full_name}' is not a parameter of the notebook", hint=did_you_mean(name, list(known)))
    wanted = type(known[name])
    if type(value) is not wanted and not (wanted is float and type(value) is int):
        what = f"'{full_name}' is given as {type(value).__name__}"
        return Problem(what, expected=f"{wanted.__name__}, e.g. {known[name]!r}")
    return None
