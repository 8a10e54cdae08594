"""First products by what their customers bring: shrunken means with intervals, and how sure the order is."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from crmlib.figures import native, style
from crmlib.figures.names import shortened
from crmlib.figures.notice import notice
from crmlib.figures.table import Table
from crmlib.ltv.entry import Entry
from crmlib.ltv.study import Beginnings
from crmlib.text import Words

COLUMNS = (58, 130)  # points right of the chart
ROWS, CELLS, LONGEST = 8, 5, 14  # products; cells of the table; characters of a name


@style.styled
def entry(begun: Beginnings, currency: str, words: Words) -> Figure:
    """One row per first product: interval, mean, number of customers, probability of being the best.

    Args:
        begun: how customers began.
        currency: ISO code.
        words: Texts of one language.
    """
    compared = begun.entries
    if compared.why:
        return notice(compared.why, words)
    rows = compared.entries[:ROWS]
    figure = style.figure()
    axes = figure.subplots()
    for y, one in enumerate(rows):
        ink = style.ACCENT if one.name == compared.best else style.GREY[4]  # grey for whom nothing tells apart
        _row(axes, y, one, ink, words)
        axes.annotate(
            words.money(one.shrunk.value, currency), (one.shrunk.value, y), xytext=(0, 7), textcoords="offset points",
            ha="center", va="bottom", color=style.INK,
        )  # fmt: skip
    low, high = min(one.shrunk.lower for one in rows), max(one.shrunk.upper for one in rows)
    axes.set(ylim=(len(rows) - 0.4, -0.9), xlim=(max(low - 0.12 * (high - low), 0), high + 0.04 * (high - low)))
    axes.set_yticks(range(len(rows)), [shortened(begun.names.get(one.name, one.name), LONGEST) for one in rows])
    axes.tick_params(axis="y", labelcolor=style.INK)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: words.money(v, currency)))
    axes.set_xlabel(words.fill(f"chart.ltv.entry_{begun.basis}", months=words.number(compared.step, "int")))
    axes.grid(axis="x")
    for place, name, side in ((COLUMNS[1], "p_best", "right"), (COLUMNS[0], "entry_n", "right")):
        _beside(axes, place, -0.65, words.fill(f"chart.ltv.{name}"), {"color": style.MUTED, "ha": side})
    return native.attach(figure)


def _row(axes: Axes, y: int, one: Entry, ink: str, words: Words) -> None:
    axes.plot([one.shrunk.lower, one.shrunk.upper], [y, y], color=ink, lw=2.4)
    axes.plot(one.shrunk.value, y, "o", color=ink, ms=8, mec="white", mew=1.3)
    _beside(axes, COLUMNS[0], y, words.number(one.customers, "int"), {"color": style.TEXT, "ha": "right"})
    bold = {"color": style.INK, "ha": "right", "weight": "bold"}
    _beside(axes, COLUMNS[1], y, words.number(one.p_best, "pct0"), bold)


def _beside(axes: Axes, x: float, y: float, text: str, look: dict[str, Any]) -> None:
    axes.annotate(
        text, (1, y), xycoords=("axes fraction", "data"), xytext=(x, 0), textcoords="offset points", va="center",
        annotation_clip=False, **look,
    )  # fmt: skip


def cell_table(begun: Beginnings, currency: str, words: Words) -> Table:
    """The best combinations of product, medium and offer with the probability that each is the best."""
    rows = []
    for one in begun.cells.entries[:CELLS]:
        product, medium, offer = one.name.split(" | ")
        named = [shortened(part, LONGEST) for part in (begun.names.get(product, product), medium)]
        shown = words.fill("table.ltv.by").join([*named, words.fill(f"chart.ltv.offer_{offer}")])
        rows.append([shown, words.money(one.shrunk.value, currency), words.number(one.p_best, "pct0")])
    if not rows:
        rows = [[words.fill("table.ltv.no_cells"), words.number(None, "int"), words.number(None, "int")]]
    columns = words.fill_each("table.ltv", "cell", "cell_mean", "cell_best")
    return Table(columns, rows, widths=(2.6, 1, 0.75))
