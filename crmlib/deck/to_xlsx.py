"""The tables behind the deck as one workbook: contents, every number with its definition, each page's tables in each language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crmlib.deck.collect import Collected
from crmlib.display import MINUS, UNKNOWN
from crmlib.numbers.model import Number
from crmlib.spreadsheet import Cell, Sheet, xlsx
from crmlib.text import Words

PLAIN = re.compile(rf"([+{MINUS}]?)(?:[¥$€£])?(\d{{1,3}}(?:,\d{{3}})+|\d+)(\.\d+)?(%|\u5186)?")  # U+5186: yen
NUMBER_COLUMNS = ("key", "definition", "value", "lower", "upper", "level", "n", "unit", "why")


def render(parts: Collected, languages: Sequence[str]) -> bytes:
    """The workbook.

    Args:
        parts: What `collect.collected` read.
        languages: Languages of its texts, the first one first.
    """
    tables = [sheet for language in languages for sheet in _tables(parts, Words(language))]
    numbers = [_numbers(parts, Words(language)) for language in languages]
    listed = [*numbers, *(sheet for sheet, _ in tables)]
    titles = [*(one.name for one in numbers), *(title for _, title in tables)]
    return xlsx([_contents(listed, titles, Words(languages[0])), *listed])


def _contents(sheets: Sequence[Sheet], titles: Sequence[str], words: Words) -> Sheet:
    columns = [words.fill("deck.sheet.sheet"), words.fill("deck.sheet.title")]
    rows = [[sheet.name, title] for sheet, title in zip(sheets, titles, strict=True)]
    return Sheet(words.fill("deck.ui.contents"), columns, rows)


def _numbers(parts: Collected, words: Words) -> Sheet:
    columns = [words.fill(f"deck.sheet.{name}") for name in NUMBER_COLUMNS]
    rows = [_row(key, number, words) for key, number in parts.ledger.numbers.items()]
    formats = ["text", "text", *["number"] * 4, "int", "text", "text"]
    return Sheet(words.fill("deck.sheet.numbers"), columns, rows, formats)


def _row(key: str, number: Number, words: Words) -> list[Cell]:
    defined = f"definition.{number.definition}"
    why = f"why.{number.why}"
    return [
        key, words.fill(defined) if defined in words else "", number.value, number.lower, number.upper, number.level, number.n,
        number.unit, words.fill(why).replace("\n", " ") if number.why and why in words else number.why or None,
    ]  # fmt: skip


def _tables(parts: Collected, words: Words) -> Iterator[tuple[Sheet, str]]:
    """Each page's tables: a sheet of its own, cells as numbers where they are."""
    for place, slide in enumerate(parts.slides, 1):
        exhibits = [one for one in slide["exhibits"][words.language] if one["kind"] == "table"]
        for turn, exhibit in enumerate(exhibits):
            name = f"{words.language} {place:02d}{'b' if turn else ''} {slide['id'].partition('.')[2]}"
            yield _table(name, exhibit), slide["texts"][words.language]["title"]


def _table(name: str, exhibit: Mapping[str, Any]) -> Sheet:
    columns = [[typed(row[place]) for row in exhibit["rows"]] for place in range(len(exhibit["columns"]))]
    formats = [_format(cells) for cells in columns]
    rows = list(zip(*[[cell for cell, _ in cells] for cells in columns], strict=True))
    return Sheet(name, exhibit["columns"], rows, formats)


def typed(shown: str) -> tuple[Cell, str]:
    """A displayed cell as the number that it is, with the format's name; a text where it is none.

    Example:
        >>> typed("41.2%"), typed("1,234"), typed("2.1m"), typed("–")
        ((0.412, 'share'), (1234, 'int'), ('2.1m', 'text'), (None, ''))
    """
    if shown in ("", UNKNOWN):
        return None, ""
    match = PLAIN.fullmatch(shown)
    if match is None or re.fullmatch(r"(?:19|20)\d\d|0\d+", shown):  # a year and a code are no amounts
        return shown, "text"
    sign, whole, part, unit = match.groups()
    value = float(whole.replace(",", "") + (part or "")) * (-1 if sign == MINUS else 1)
    if unit == "%":
        return round(value / 100, 10), "share"
    return (value, "ratio") if part else (int(value), "int")


def _format(cells: Sequence[tuple[Cell, str]]) -> str:
    kinds = {kind for _, kind in cells if kind}
    return kinds.pop() if len(kinds) == 1 else "text" if "text" in kinds or not kinds else "number"
