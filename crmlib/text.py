"""Words: every text a client sees stands in ``templates/text/<language>/<topic>.toml`` and is filled from the ledger.

A placeholder is a ledger key with a format, ``{retention.f2_km.90d.lower:pct}``, or a plain local, ``{month}``.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crmlib import display
from crmlib.errors import CrmError
from crmlib.home import TEMPLATES
from crmlib.numbers.model import Ledger, Value, rounded
from crmlib.schema import LANGUAGES

PLACEHOLDER = re.compile(r"\{([\w.\-]+)(?::(\w+))?\}")
Text = str | tuple[str, ...]


@functools.cache
def catalogue(language: str, folder: Path = TEMPLATES / "text") -> Mapping[str, Text]:
    """All texts of one language: flat key -> text, or tuple of texts for an array.

    Raises:
        CrmError: an unknown language, or a key that two files define.
    """
    if language not in LANGUAGES:
        raise CrmError(f"language '{language}' is not one of {', '.join(LANGUAGES)}")
    texts: dict[str, Text] = {}
    for path in sorted((folder / language).glob("*.toml")):
        for key, text in _flat(tomllib.loads(path.read_text("utf-8"))).items():
            if key in texts:
                raise CrmError(f"{path.name} ({language}): text key '{key}' is defined twice")
            texts[key] = text
    return texts


def _flat(tree: Mapping[str, Any], prefix: str = "") -> dict[str, Text]:
    flat: dict[str, Text] = {}
    for name, value in tree.items():
        key = prefix + name
        if isinstance(value, dict):
            flat |= _flat(value, key + ".")
        else:
            flat[key] = tuple(value) if isinstance(value, list) else str(value)
    return flat


class Words:
    """One language's texts and number formats.

    Example:
        >>> words = Words("en")
        >>> words.number(0.4123, "pct"), words.money(12_000_000, "JPY")
        ('41.2%', '¥12.0m')
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.texts = catalogue(language)

    def __contains__(self, key: str) -> bool:
        return key in self.texts

    def raw(self, key: str) -> Text:
        """The unfilled text. A missing key raises: never a silent fallback to the other language."""
        if key not in self.texts:
            raise CrmError(f"text key '{key}' is missing in {self.language}")
        return self.texts[key]

    def fill(self, key: str, ledger: Ledger | None = None, **local: str) -> str:
        """One text with its placeholders filled from the ledger and from local labels."""
        text = self.raw(key)
        if not isinstance(text, str):
            raise CrmError(f"text key '{key}' is a list: use fill_all")
        return self.filled(text, ledger, local)

    def fill_all(self, key: str, ledger: Ledger | None = None, **local: str) -> tuple[str, ...]:
        """A list of texts, each filled."""
        text = self.raw(key)
        if isinstance(text, str):
            raise CrmError(f"text key '{key}' is not a list: use fill")
        return tuple(self.filled(one, ledger, local) for one in text)

    def fill_each(self, stem: str, *names: str) -> list[str]:
        """The texts of several names below one key, such as a table's header."""
        return [self.fill(f"{stem}.{name}") for name in names]

    def number(self, value: Value, form: str) -> str:
        """One value in a named format (see `display.FORMATS`), rounded as the ledger keeps it."""
        return display.shown(rounded(value), form, self.language)

    def money(self, value: Value, currency: str) -> str:
        """An amount in major units of a currency, in words of the language (万円, 億円; k, m, bn)."""
        return display.shown(rounded(value), "money", self.language, currency)

    def filled(self, text: str, ledger: Ledger | None = None, local: Mapping[str, str] | None = None) -> str:
        """A text that is in no catalogue, with its placeholders filled."""
        labels = local or {}

        def one(match: re.Match[str]) -> str:
            name, form = match[1], match[2]
            if form is None:
                return labels[name] if name in labels else _missing(name)
            if ledger is None:
                return _missing(name)
            return display.shown(ledger.part(name)[1], form, self.language, ledger.currency)

        return PLACEHOLDER.sub(one, text)


def _missing(name: str) -> str:
    raise CrmError(f"the text's placeholder '{name}' was given no value")
