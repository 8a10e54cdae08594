"""Files that are generated from the code and committed: `python make.py docs` writes them, a test compares them."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from pathlib import Path

from crmlib.config_file import json_schema
from crmlib.home import CLIENT_DATA, ROOT, TEMPLATES
from crmlib.numbers.model import Measure
from crmlib.schema import DIAGNOSTICS
from crmlib.text import Words

NUMBERS_HEAD = """# The numbers

Every number that a deck shows stands in `numbers.json` of its run under one of these keys. Generated from the code by `make docs`.

Each entry: `value`, `unit`, `lower` and `upper` (confidence interval at `level`), `n`, `definition`; a value that cannot be known is
`null` with a `why`. Shares lie in [0, 1]; money is in major units of the client's currency (yen, dollars); floats are rounded to 10
significant digits. Words in braces vary.
"""


def measures() -> dict[str, tuple[Measure, ...]]:
    """What each diagnostic, and the deck itself, may enter in the ledger."""
    return {name: importlib.import_module(f"crmlib.numbers.{name}").MEASURES for name in (*DIAGNOSTICS, "deck")}


def generated() -> Mapping[Path, str]:
    """Path -> content of every generated file."""
    schemas = (TEMPLATES / "client", CLIENT_DATA / "sample")
    return {ROOT / "docs" / "numbers.md": numbers_page()} | {
        folder / "client.schema.json": json_schema() for folder in schemas
    }


def numbers_page() -> str:
    """docs/numbers.md: a table per diagnostic with key, unit and definition."""
    words = Words("en")
    parts = [NUMBERS_HEAD]
    for name, known in measures().items():
        parts.append(f"\n## {name}\n\n| key | unit | definition |\n|---|---|---|\n")
        parts += [f"| `{m.pattern}` | {m.unit} | {_line(words.raw(f'definition.{m.definition}'))} |\n" for m in known]
    return "".join(parts)


def _line(text: object) -> str:
    return re.sub(r"\s+", " ", str(text)).replace("|", "\\|")


if __name__ == "__main__":
    for path, content in generated().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, "utf-8", newline="\n")
