"""The pages that could not be printed, as a table: which, and why."""

from __future__ import annotations

from collections.abc import Sequence

from crmlib.figures.table import Table
from crmlib.text import Words


def left_out(pages: Sequence[tuple[str, str]], *, words: Words) -> Table:
    """One line per page.

    Args:
        pages: The slide's id and why it is left out (a text key below ``left_out.why.``).
        words: Texts of one language.
    """
    header = words.fill_each("table.left_out", "page", "topic", "why")
    rows = [[page, _topic(page, words), words.fill(f"left_out.why.{why}")] for page, why in pages]
    return Table(header, rows, widths=(2, 2, 5), left=3)


def _topic(page: str, words: Words) -> str:
    key = f"deck.chapter.{page.partition('.')[0]}"
    return words.fill(key) if key in words else ""
