"""What stands in a chart's place when the data do not allow it: the reason, never an empty chart."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from crmlib.figures import native, style
from crmlib.text import Words

MARGIN, HIGH = 0.1, 3.35  # inches


@style.styled
def notice(why: str, words: Words) -> Figure:
    """A quiet panel with the reason.

    Args:
        why: Text key below ``why.``, as ledgers carry it.
        words: Texts of one language.
    """
    figure, (width, height) = style.figure(), style.WIDE
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    shape: dict[str, Any] = {"boxstyle": "round,pad=0,rounding_size=0.06"}
    corner = (MARGIN, (height - HIGH) / 2)
    axes.add_patch(FancyBboxPatch(corner, width - 2 * MARGIN, HIGH, fc=style.GREY[1], ec=style.GREY[2], **shape))
    label = {"boxstyle": "round,pad=0.9", "fc": "white", "ec": style.GREY[3]}
    bold: dict[str, Any] = {"fontsize": 14, "weight": "bold", "color": style.INK, "linespacing": 1.6, "bbox": label}
    axes.text(width / 2, height / 2, words.fill(f"why.{why}"), ha="center", va="center", **bold)
    return native.attach(figure)
