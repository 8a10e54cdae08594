"""What other lines would cost and cover, and what more good customers would bring."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.text import Words
from crmlib.tiers import Design, Plan


@style.styled
def scenarios(made: Design, currency: str, scale: int, words: Words) -> Figure:
    """Frontier of benefit cost against covered sales, and the yearly net of 22, 25 and 30 % good customers.

    Args:
        made: The design.
        currency: ISO code.
        scale: Minor units per major unit.
        words: Texts of one language.
    """
    if made.terms.margin_rate is None or made.shares[0].net.why:
        return notice(f"tiers.{made.shares[0].net.why or 'no_margin_rate'}", words)
    figure = style.figure()
    if not made.plans:
        _shares(figure.subplots(), made, currency, scale, words)
        return native.attach(figure)
    left, right = figure.subplots(1, 2, width_ratios=[1.25, 1])
    _frontier(left, made, currency, scale, words)
    _shares(right, made, currency, scale, words)
    return native.attach(figure)


def _frontier(axes: Axes, made: Design, currency: str, scale: int, words: Words) -> None:
    def at(plans: tuple[Plan, ...]) -> tuple[list[float], list[float]]:
        return [one.cost / scale for one in plans], [one.covered * 100 for one in plans]

    axes.plot(*at(made.frontier), color=style.ACCENT_LIGHT, marker="o", ms=4, label=words.fill("chart.tiers.frontier"))
    axes.plot(*at(made.plans), ls="", marker="s", ms=5, color=style.GREY[4], label=words.fill("chart.tiers.top_line"))
    present = [one for one in made.plans if one.thresholds == made.terms.thresholds]
    for one in present:
        axes.plot(
            one.cost / scale,
            one.covered * 100,
            "o",
            ms=10,
            color=style.NEGATIVE,
            label=words.fill("chart.tiers.present"),
        )
    axes.set(xlabel=words.fill("chart.tiers.cost"), ylabel=words.fill("chart.tiers.covered"))
    axes.set_ylim(0, 105)
    axes.set_xlim(left=0)
    axes.xaxis.set_major_locator(MaxNLocator(3))
    axes.xaxis.set_major_formatter(lambda value, _: words.money(round(value), currency))
    axes.yaxis.set_major_formatter("{x:g}%")
    axes.grid(axis="y")
    axes.legend(loc="lower right", handletextpad=0.4, fontsize=9.5)


def _shares(axes: Axes, made: Design, currency: str, scale: int, words: Words) -> None:
    values = [one.net.value / scale for one in made.shares]
    low = [(one.net.value - one.net.lower) / scale for one in made.shares]
    high = [(one.net.upper - one.net.value) / scale for one in made.shares]
    colours = [style.ACCENT if value >= 0 else style.NEGATIVE for value in values]
    axes.bar(range(len(values)), values, width=0.55, color=colours)
    axes.errorbar(range(len(values)), values, yerr=[low, high], fmt="none", ecolor=style.INK, elinewidth=1.4, capsize=4)
    top = max(one.net.upper / scale for one in made.shares)
    for place, one in enumerate(made.shares):
        text = words.money(one.net.value / scale, currency)
        axes.text(place, max(one.net.upper, 0) / scale + top * 0.03, text, ha="center", weight="bold", color=style.INK)
    axes.set_xticks(range(len(values)), [words.number(one.share, "pct0") for one in made.shares])
    axes.set_ylim(min(0, *(one.net.lower / scale for one in made.shares)) * 1.1, max(top, 1) * 1.2)
    axes.axhline(0, color=style.GREY[4], lw=0.8)
    axes.set(xlabel=words.fill("chart.tiers.share"))
    axes.set_yticks([])
