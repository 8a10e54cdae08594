"""The page in points (960 x 540), shared by both renderers: what is measured here is what HTML and PDF print."""

from __future__ import annotations

PAGE = (960.0, 540.0)
MARGIN = 36.0
WIDTH = PAGE[0] - 2 * MARGIN
INCH = 72.0

TITLE_SIZE, TITLE_LEAD = 22.0, 27.0
TITLE_WIDTH = 38 * TITLE_SIZE  # 38 full-width characters
HEAD_TOP, HEAD_SIZE, HEAD_LEAD = 105.0, 11.5, 15.0
BODY_TOP = 125.0
FOOT_BOTTOM, FOOT_SIZE, FOOT_LEAD, FOOT_GAP = 524.0, 9.0, 12.5, 8.0
FOOT_WIDTH = WIDTH - 60.0  # the page number stands to the right of it

CHART_WIDTH, GUTTER = 579.6, 20.4
PANEL_WIDTH = WIDTH - CHART_WIDTH - GUTTER
PANEL_INSET = 14.0
POINT_SIZES = (14.0, 13.0, 12.0, 11.5, 11.0, 10.5)  # the largest that fits; never below body size
POINT_LEAD, POINT_GAP, BULLET = 1.5, 0.75, 14.0  # leading and gap in em of the point's size; bullet's indent
PANEL_HEAD = 24.0
BAR_SIZES, BAR_LEAD, BAR_GAP, BAR_INSET, BAR_LABEL = (12.0, 11.5, 11.0, 10.5), 1.4, 3.0, 7.0, 76.0
YEN_SIZE, YEN_LEAD, YEN_HEAD, YEN_GAP = 12.0, 17.0, 17.0, 10.0

# size and padding above and below a cell: the airiest that fits; paddings and leadings are whole CSS pixels (0.75 pt),
# because a browser rounds the height of a table's row to them
TABLE_DENSITIES = (
    (14.0, 11.25), (13.0, 9.0), (12.5, 6.75), (12.0, 5.25), (11.5, 4.5), (11.0, 3.75), (10.5, 3.0), (10.5, 2.25),
)  # fmt: skip
PANEL_DENSITIES = ((11.5, 5.25), (11.0, 4.5), (10.5, 3.75), (10.5, 2.25))
TABLE_LEAD, CELL_X, TABLE_GAP = 1.35, 5.0, 14.0

LIST_TOP, LIST_HEAD, LIST_BOTTOM = 112.0, 14.25, 508.0  # summary and contents
LIST_DENSITIES = (
    (15.0, 12.0),
    (14.0, 9.75),
    (13.0, 8.25),
    (13.0, 6.0),
    (12.5, 4.5),
    (12.0, 3.0),
    (11.5, 2.25),
    (10.5, 1.5),
)
LIST_LEAD = 1.4
SECTION_WIDTH, PAGE_WIDTH = 165.0, 36.0


def leading(size: float, factor: float) -> float:
    """Line height in points, in whole CSS pixels.

    Example:
        >>> leading(10.5, 1.35)
        14.25
    """
    return round(size * factor / 0.75) * 0.75


def as_dict() -> dict[str, float]:
    """The measures that the templates need, in points."""
    return {name.lower(): value for name, value in globals().items() if name.isupper() and isinstance(value, float)}
