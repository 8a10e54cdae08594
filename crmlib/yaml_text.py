"""YAML read strictly: every scalar is text, every key has a line, duplicates, aliases and tags are refused.

PyYAML's own loader turns ``0123`` into 83, ``no`` into False, 12:30 into 750, keeps the last of two equal keys and
expands alias bombs; here only its parser is used and the meaning comes from the configuration's model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from crmlib.errors import ConfigError, Problem

Path = tuple[str | int, ...]
MAX_BYTES = 1_000_000  # a configuration is a page, not a book
NULLS = ("", "~", "null")


@dataclass(frozen=True)
class Document:
    """A parsed file: plain dicts, lists, texts and None, and the line of each of its places (1-based)."""

    tree: Any
    lines: Mapping[Path, int]

    def line(self, path: Path) -> int:
        """The line of a place, or of the nearest place above it that the file has."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse(text: str, name: str) -> Document:
    """Parse one YAML document.

    Args:
        text: The file's text.
        name: How the file is called in messages.

    Raises:
        ConfigError: syntax errors, duplicate keys, aliases, tags and non-text keys, all at once.
    """
    if len(text) > MAX_BYTES:
        raise ConfigError(Problem(f"is longer than {MAX_BYTES:,} characters", name, "a configuration of a page or two"))
    try:
        refused = _refused_tokens(text, name)
        root = yaml.compose(text, Loader=yaml.SafeLoader) if not refused else None
    except yaml.YAMLError as error:
        raise ConfigError(_syntax_problem(error, name)) from None
    if refused:
        raise ConfigError(refused)
    problems: list[Problem] = []
    lines: dict[Path, int] = {}
    tree = _plain(root, (), lines, problems, name)
    if problems:
        raise ConfigError(problems)
    return Document(tree, lines)


def _refused_tokens(text: str, name: str) -> list[Problem]:
    kinds = {yaml.AliasToken: "an alias (*name)", yaml.AnchorToken: "an anchor (&name)", yaml.TagToken: "a tag (!name)"}
    return [
        Problem(f"{kinds[type(token)]} is not allowed", f"{name} line {token.start_mark.line + 1}", "plain values")
        for token in yaml.scan(text, Loader=yaml.SafeLoader)
        if type(token) in kinds
    ]


def _syntax_problem(error: yaml.YAMLError, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    where = f"{name} line {mark.line + 1}, column {mark.column + 1}" if mark else name
    what = getattr(error, "problem", None) or "is not readable as YAML"
    return Problem(f"is not valid YAML: {what}", where, hint="Check indentation, colons and quotes on this line.")


def _plain(node: Any, path: Path, lines: dict[Path, int], problems: list[Problem], name: str) -> Any:
    if node is None:
        return {}
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return None if node.style is None and node.value.lower() in NULLS else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*path, i), lines, problems, name) for i, child in enumerate(node.value)]
    return _mapping(node, path, lines, problems, name)


def _mapping(node: Any, path: Path, lines: dict[Path, int], problems: list[Problem], name: str) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key_node, value_node in node.value:
        where = f"{name} line {key_node.start_mark.line + 1}"
        key = key_node.value
        if not isinstance(key_node, yaml.ScalarNode):
            problems.append(Problem("a key must be a plain word", where))
        elif key in tree:
            problems.append(Problem(f"'{key}' is given twice", where, hint=f"First in line {lines[(*path, key)]}."))
        else:
            tree[key] = _plain(value_node, (*path, key), lines, problems, name)
            lines[(*path, key)] = key_node.start_mark.line + 1
    return tree
