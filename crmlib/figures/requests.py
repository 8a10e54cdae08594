"""The data-request list as a table: the page that is missing, what it would show, what to send, what to log from now on."""

from __future__ import annotations

from collections.abc import Sequence

from crmlib.figures.table import Table
from crmlib.text import Words

COLUMNS = ("page", "shows", "send", "log")


def requests(asked: Sequence[tuple[str, str]], *, words: Words) -> Table:
    """One line per missing page.

    Args:
        asked: Page (a slide's id) and what would make it (a text key below ``request.send.``).
        words: Texts of one language.
    """
    rows = [
        [
            words.fill(f"request.page.{page}"),
            words.fill(f"request.shows.{page}"),
            words.fill(f"request.send.{wanted}"),
            words.fill(f"request.log.{wanted}"),
        ]
        for page, wanted in asked
    ]
    header = words.fill_each("table.requests", *COLUMNS)
    return Table(header, rows, widths=(1.5, 3, 3.4, 2.6), left=len(COLUMNS))
