"""What stands in a chart's place when the data do not allow it: the reason, never an empty chart."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from crmlib.figures import style
from crmlib.text import Words


def notice(why: str, words: Words) -> Figure:
    """A quiet panel with the reason.

    Args:
        why: Text key below ``why.retention.``.
        words: Texts of one language.
    """
    figure = style.figure()
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, style.WIDE[0]), ylim=(0, style.WIDE[1]))
    axes.axis("off")
    box = FancyBboxPatch(
        (0.1, 0.6),
        7.85,
        3.35,
        boxstyle="round,pad=0,rounding_size=0.06",
        fc=style.GREY[1],
        ec=style.GREY[2],
    )
    axes.add_patch(box)
    label = {"boxstyle": "round,pad=0.9", "fc": "white", "ec": style.GREY[3]}
    text = words.fill(f"why.retention.{why}")
    axes.text(4.025, 2.28, text, ha="center", va="center", fontsize=14, weight="bold", color=style.INK, bbox=label)
    return figure
