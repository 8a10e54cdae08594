"""The words of templates/simulate, encoded for one layout."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from crmlib.home import TEMPLATES
from crmlib.simulate.export import columns
from crmlib.simulate.export.columns import Column

FOLDER = TEMPLATES / "simulate"
ENCODINGS = {"eccube4": "cp932", "plain": "utf-8"}


@lru_cache(maxsize=4)
def read(name: str) -> dict[str, Any]:
    """One file of words."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Lexicon:
    """Words by name, encoded."""

    layout: str

    @property
    def encoding(self) -> str:
        """The encoding of the layout's files."""
        return ENCODINGS[self.layout]

    @cached_property
    def text(self) -> dict[str, Any]:
        """The words as they stand in words.toml."""
        return read("words")

    def listed(self, name: str) -> tuple[str, ...]:
        """A list of words by name; `bodies` are all texts of all topics for all products."""
        if name == "bodies":
            products = [product.split(":")[0] for product in self.text["products"]]
            bodies = [body for topic in self.text["topics"] for body in topic["bodies"]]
            return tuple(body.replace("{product}", product) for body in bodies for product in products)
        return tuple(self.text[name])

    def encoded(self, texts: tuple[str, ...]) -> Column:
        """Texts as a dictionary column; ("@name",) stands for the list of that name."""
        found = self.listed(texts[0][1:]) if len(texts) == 1 and texts[0].startswith("@") else texts
        return columns.words(found, self.encoding)

    def pair(self, name: str, part: int) -> Column:
        """One side of a list of `first:second` words."""
        return columns.words([word.split(":")[part] for word in self.text[name]], self.encoding)

    def constant(self, text: str) -> Column:
        """The same text on every row."""
        return columns.constant(text, self.encoding)

    @cached_property
    def statuses(self) -> Column:
        """Words of the order states 0..9 of EC-CUBE (unused numbers are blank)."""
        known = read("eccube4")["statuses"]
        return columns.words([known.get(str(number), "") for number in range(10)], self.encoding)
