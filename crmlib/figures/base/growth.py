"""From last year's sales to this year's: a waterfall of customers who came, stayed and went."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.base import Years
from crmlib.base.growth import Growth
from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.text import Words

STEPS = ("new", "back", "kept_frequency", "kept_value", "lost", "guests", "other")
OPTIONAL = ("guests", "other")  # left out when nothing is in them


@style.styled
def growth(years: Years, currency: str, words: Words) -> Figure:
    """Waterfall from last year to this year; each bar in money.

    Args:
        years: The two years.
        currency: ISO code.
        words: Texts of one language.
    """
    found = years.growth
    if found.why:
        return notice(f"base.{found.why}", words)
    figure = style.figure()
    axes = figure.subplots()
    steps = [name for name in STEPS if found.parts[name] or name not in OPTIONAL]
    scale, level = years.scale, found.sales_last / years.scale
    top = _total(axes, 0, level, words.money(level, currency), style.INK)
    for place, name in enumerate(steps, 1):
        change = found.parts[name] / scale
        axes.plot([place - 0.62, place + 0.32], [level, level], color=style.GREY[3], lw=1, zorder=1)
        _step(axes, place, (level, change), words.money(change, currency))
        level += change
        top = max(top, level, level - change)
    end = len(steps) + 1
    axes.plot([end - 0.62, end], [level, level], color=style.GREY[3], lw=1, zorder=1)
    _total(axes, end, level, words.money(level, currency), style.ACCENT)
    labels = [words.fill(f"chart.base.growth.{name}") for name in ("last", *steps, "this")]
    axes.set_xticks(range(end + 1), labels)
    axes.set(ylim=(min(0, _lowest(found, scale) * 1.08), top * 1.12 or 1), xlim=(-0.6, end + 0.6))
    axes.axhline(0, color=style.GREY[4], lw=1)
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)
    return native.attach(figure)


def _lowest(found: Growth, scale: int) -> float:
    level = lowest = float(found.sales_last)
    for name in STEPS:
        level += found.parts[name]
        lowest = min(lowest, level)
    return lowest / scale


def _total(axes: Axes, place: int, value: float, text: str, colour: str) -> float:
    axes.bar(place, value, width=0.64, color=colour)
    _label(axes, (place, max(value, 0)), text, colour)
    return value


def _step(axes: Axes, place: int, bar: tuple[float, float], text: str) -> None:
    level, change = bar
    colour = style.NEGATIVE if change < 0 else style.ACCENT_LIGHT
    axes.bar(place, change, bottom=level, width=0.64, color=colour, zorder=2)
    sign = "" if change <= 0 else "+"
    _label(axes, (place, max(level, level + change)), sign + text, style.NEGATIVE if change < 0 else style.ACCENT)


def _label(axes: Axes, at: tuple[float, float], text: str, colour: str) -> None:
    axes.annotate(
        text, at, xytext=(0, 4), textcoords="offset points", ha="center", va="bottom", weight="bold", color=colour
    )
