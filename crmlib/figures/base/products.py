"""Who owns which of two products: A only, both, B only; what each segment should hear."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.base import Goods
from crmlib.base.products import Ownership
from crmlib.figures import native, style
from crmlib.figures.names import shortened
from crmlib.figures.notice import notice
from crmlib.text import Words

SEGMENTS = ("only_first", "both", "only_second")
COLOURS = (style.ACCENT_LIGHT, style.ACCENT, style.GREY[3])


@style.styled
def ownership(goods: Goods, words: Words) -> Figure:
    """A bar of three segments for each pair of the most bought products, with the message of each segment.

    Args:
        goods: Products.
        words: Texts of one language.
    """
    if goods.why or not goods.ownership:
        return notice(f"base.{goods.why or 'one_product'}", words)
    figure = style.figure()
    axes = figure.subplots()
    for place, own in enumerate(goods.ownership):
        _pair(axes, place, own, (goods.name(own.first), goods.name(own.second)), words)
    axes.set(xlim=(0, 100), ylim=(len(goods.ownership) - 0.42, -0.62))
    axes.axis("off")
    return native.attach(figure)


def _pair(axes: Axes, place: int, own: Ownership, names: tuple[str, str], words: Words) -> None:
    counts = [getattr(own, name) for name in SEGMENTS]
    total, left = sum(counts) or 1, 0.0
    a, b = map(shortened, names)
    axes.text(0, place - 0.4, words.fill("chart.base.pair", first=a, second=b), va="center", ha="left", weight="bold", color=style.INK)  # fmt: skip
    for name, count, colour in zip(SEGMENTS, counts, COLOURS, strict=True):
        width = 100 * count / total
        axes.barh(place - 0.08, width, left=left, height=0.34, color=colour, edgecolor="white")
        if width > 8:
            ink = "white" if name == "both" else style.INK
            axes.text(left + width / 2, place - 0.08, words.number(count, "int"), va="center", ha="center", weight="bold", color=ink)  # fmt: skip
        left += width
    messages = own.messages
    for name, x, align in (("only_first", 0, "left"), ("both", 50, "center"), ("only_second", 100, "right")):
        text = words.fill(f"message.base.{messages[name]}", first=a, second=b)
        axes.text(
            x,
            place + 0.22,
            words.fill(f"chart.base.{name}", first=a, second=b),
            va="center",
            ha=align,
            color=style.TEXT,
        )
        axes.text(x, place + 0.38, text, va="center", ha=align, color=style.MUTED)
