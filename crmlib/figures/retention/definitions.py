"""The definition explorer as a table: the same data under each published definition."""

from __future__ import annotations

from collections.abc import Sequence

from crmlib.figures.retention.tables import limits
from crmlib.figures.table import Table
from crmlib.retention import Definition
from crmlib.text import Words


def definitions_table(definitions: Sequence[Definition], words: Words) -> Table:
    """Name, value, interval, n and use of each definition of F2 and of the active base; the headline is marked.

    Args:
        definitions: In the order of the page.
        words: Texts of one language.
    """
    shown = [one for one in definitions if one.family != "continuation"]
    columns = words.fill_each("table.retention", "definition", "value", "interval", "n", "who")
    rows = [
        (
            *_row(one, words),
            words.number(one.value.n or None, "int"),
            words.fill("table.retention.headline") if one.headline else words.fill(f"table.retention.of.{one.id}"),
        )
        for one in shown
    ]
    return Table(columns, rows, [i for i, one in enumerate(shown) if one.headline], (3.5, 0.75, 1.2, 0.75, 2.1))


def continuation_table(definitions: Sequence[Definition], words: Words) -> Table:
    """The definitions of the continuation of subscriptions."""
    shown = [one for one in definitions if one.family == "continuation"]
    columns = words.fill_each("table.retention", "continuation", "value", "interval")
    marked = [i for i, one in enumerate(shown) if one.headline]
    return Table(columns, [_row(one, words) for one in shown], marked, (1.8, 0.75, 1.2))


def _row(one: Definition, words: Words) -> tuple[str, str, str]:
    value = words.number(one.value.value, "pct")
    return words.fill(f"table.retention.by.{one.id}"), value, limits(one.value, "pct", words)
