"""One slide laid out for one language: every line, size and position in points; what does not fit is an error."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from crmlib.deck import grid, lines, tables
from crmlib.deck.slide import APPENDIX
from crmlib.errors import DataError, PageError
from crmlib.text import Words

Page = dict[str, Any]
BRACKETS = re.compile(r"[(\uff08:\uff1a]")


def pages(slide: Mapping[str, Any], words: Words) -> list[Page]:
    """The page of a slide; an appendix slide's table may need several.

    Raises:
        DataError: Title, panel, bar, chart or table do not fit; names the slide.
    """
    language, texts = words.language, slide["texts"][words.language]
    page: Page = {key: texts[key] for key in ("title", "section", "notes")}
    page |= {"id": slide["id"], "layout": slide["layout"], "appendix": slide["section"] == APPENDIX}
    page["topic"] = _topic(texts)
    page["chapter"] = texts.get("chapter", texts["section"])
    page["title_lines"] = _title(texts["title"], slide["id"], language)
    page["foot"] = _foot(texts, words)
    page["bottom"] = grid.FOOT_BOTTOM - len(page["foot"]) * grid.FOOT_LEAD - grid.FOOT_GAP
    exhibits = slide["exhibits"][language]
    if slide["layout"] == "right":
        page["panel"] = _panel(exhibits[1:], texts, page, words)
        limit, bottom = grid.CHART_WIDTH, page["bottom"]
    else:
        page["bar"] = _bar(texts["points"], page, words)
        limit, bottom = grid.WIDTH, page["bar"]["top"] - grid.FOOT_GAP if page["bar"] else page["bottom"]
    main = _exhibit(exhibits[0], texts, language, (limit, bottom - grid.BODY_TOP), page)
    return [{**page, "main": part, "part": number} for number, part in enumerate(main, 1)]


def _topic(texts: Mapping[str, Any]) -> str:
    """What the page is about in a few words: its exhibit's heading or its title, without what stands in brackets."""
    named = [BRACKETS.split(text)[0].strip() for text in (texts["heads"][0], texts["title"]) if text]
    return min(filter(None, named), key=len, default=texts["title"])


def _title(text: str, slide: str, language: str) -> list[str]:
    return lines.title(text, language, slide, limit=grid.TITLE_WIDTH, size=grid.TITLE_SIZE)


def _foot(texts: Mapping[str, Any], words: Words) -> list[str]:
    return [
        line
        for name in ("definition", "source")
        for line in lines.wrapped(texts[name], words.language, grid.FOOT_WIDTH, grid.FOOT_SIZE)
    ]


def _exhibit(
    exhibit: Mapping[str, Any], texts: Mapping[str, Any], language: str, room: tuple[float, float], page: Page
) -> list[dict[str, Any]]:
    head = {"head": texts["heads"][0]}
    if exhibit["kind"] == "table":
        return [{**head, **part} for part in _main_table(exhibit, language, room, page)]
    width, height = exhibit["width"] * grid.INCH, exhibit["height"] * grid.INCH
    if width > room[0] + 1 or height > room[1] + 1:
        _too_big(page, language, f"the chart is {width:.0f} x {height:.0f} pt", f"{room[0]:.0f} x {room[1]:.0f} pt fit")
    figure = {**head, "kind": "figure", "svg": exhibit["svg"], "width": width, "height": height, "alt": texts["alt"]}
    return [figure | ({"native": exhibit["native"]} if "native" in exhibit else {})]


def _main_table(
    exhibit: Mapping[str, Any], language: str, room: tuple[float, float], page: Page
) -> list[dict[str, Any]]:
    for density in grid.TABLE_DENSITIES:
        table = tables.laid_out(exhibit, language, room[0], density)
        if table["height"] <= room[1]:
            return [table]
    cut = tables.pages(table, room[1])
    if not page["appendix"] and not exhibit["cut"]:
        _too_big(page, language, f"the table is {table['height']:.0f} pt high", f"{room[1]:.0f} pt fit")
    if max(part["height"] for part in cut) > room[1]:
        _too_big(page, language, "a row of the table is higher than a page", f"{room[1]:.0f} pt fit")
    return cut[:1] if exhibit["cut"] else cut


def _panel(second: Sequence[Mapping[str, Any]], texts: Mapping[str, Any], page: Page, words: Words) -> dict[str, Any]:
    """So-whats in the largest size that fits, a small table above them, the money at stake below."""
    yen, room = _yen(texts["yen"], words), page["bottom"] - grid.HEAD_TOP
    spoken = 2 * grid.PANEL_INSET + grid.PANEL_HEAD
    if yen:
        spoken += grid.YEN_GAP + grid.YEN_HEAD + len(yen) * grid.YEN_LEAD
    least = float("inf")
    for table in _panel_tables(second, texts, page, words.language):
        above = table["height"] + grid.BODY_TOP - grid.HEAD_TOP + grid.TABLE_GAP if table else 0.0
        for size in grid.POINT_SIZES:
            points = _points(texts["points"], words.language, size)
            needed = above + spoken + _height(points, size)
            least = min(least, needed)
            if needed <= room:
                place = {"top": grid.HEAD_TOP + above, "height": room - above}
                return {"table": table, "yen": yen, "points": points, "size": size, **place}
    if second and second[0]["cut"] and len(second[0]["rows"]) > 1:
        return _panel([_shorter(second[0])], texts, page, words)
    return _too_big(page, words.language, f"the right panel is {least:.0f} pt high", f"{room:.0f} pt fit")


def _shorter(table: Mapping[str, Any]) -> dict[str, Any]:
    """Without the last row."""
    rows = table["rows"][:-1]
    return {**table, "rows": rows, "highlight": [row for row in table["highlight"] if row < len(rows)]}


def _points(points: Sequence[str], language: str, size: float) -> list[list[str]]:
    limit = grid.PANEL_WIDTH - 2 * grid.PANEL_INSET - grid.BULLET
    return [lines.wrapped(point, language, limit, size) for point in points]


def _height(points: Sequence[Sequence[str]], size: float) -> float:
    return sum(map(len, points)) * size * grid.POINT_LEAD + max(len(points) - 1, 0) * size * grid.POINT_GAP


def _yen(text: str, words: Words) -> list[str]:
    limit = grid.PANEL_WIDTH - 2 * grid.PANEL_INSET
    return lines.wrapped(text, words.language, limit, grid.YEN_SIZE, bold=True) if text else []


def _panel_tables(
    second: Sequence[Mapping[str, Any]], texts: Mapping[str, Any], page: Page, language: str
) -> list[dict[str, Any] | None]:
    """The small table in each density, those with the fewest broken cells first; or none."""
    if not second:
        return [None]
    if second[0]["kind"] != "table":
        raise DataError(f"slide {page['id']} ({language}): the second exhibit must be a table")
    sized = [tables.laid_out(second[0], language, grid.PANEL_WIDTH, density) for density in grid.PANEL_DENSITIES]
    return [{**table, "head": texts["heads"][1]} for table in sorted(sized, key=_lines)]


def _lines(table: Mapping[str, Any]) -> int:
    return sum(max(map(len, row["cells"])) for row in (table["header"], *table["rows"]))


def _bar(points: Sequence[str], page: Page, words: Words) -> dict[str, Any] | None:
    """So-whats below an exhibit that takes the whole width."""
    if not points:
        return None
    limit = grid.WIDTH - grid.BAR_LABEL - 2 * grid.BAR_INSET - grid.BULLET
    size = grid.BAR_SIZES[0]
    wrapped = [lines.wrapped(point, words.language, limit, size) for point in points]
    height = 2 * grid.BAR_INSET + sum(len(p) for p in wrapped) * size * grid.BAR_LEAD + (len(points) - 1) * grid.BAR_GAP
    return {"points": wrapped, "size": size, "height": height, "top": page["bottom"] - height}


def _too_big(page: Page, language: str, what: str, room: str) -> Any:
    raise PageError(page["id"], f"slide {page['id']} ({language}): {what}, {room}")
