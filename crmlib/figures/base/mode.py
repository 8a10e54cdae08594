"""12-month repurchase by month over the bands of the three business modes."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.base import Years
from crmlib.base.mode import HIGH, LOW
from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.text import Words

BANDS = (("acquisition", 0.0, LOW), ("hybrid", LOW, HIGH), ("retention", HIGH, 1.0))
STEP = 3  # months between tick labels


@style.styled
def mode(years: Years, words: Words) -> Figure:
    """The rate at each month end with its 95 % band; the band of the mode that it lies in is shaded.

    Args:
        years: The two years.
        words: Texts of one language.
    """
    found = years.mode
    why = years.growth.why or found.rate.why
    if why:
        return notice(f"base.{why}", words)
    figure = style.figure()
    axes = figure.subplots()
    x = list(range(len(found.series)))
    known = [one.value * 100 for one in found.series]
    for name, low, high in BANDS:
        label = words.fill(f"chart.base.mode.{name}")
        _band(axes, label, (low * 100, high * 100), known[-1], own=name == found.name)
    lows, highs = ([getattr(one, end) * 100 for one in found.series] for end in ("lower", "upper"))
    if len(x) > 1:
        axes.fill_between(x, lows, highs, color=style.ACCENT, alpha=0.2, lw=0)
        axes.plot(x, known, color=style.ACCENT, lw=2.4)
    else:
        axes.errorbar(x, known, [[known[0] - lows[0]], [highs[0] - known[0]]], color=style.ACCENT, lw=2)
    axes.plot(x[-1], known[-1], "o", ms=9, color=style.ACCENT, mec="white", mew=1.4)
    _last(axes, x[-1], known[-1], words.number(found.rate.value, "pct"))
    shown = [place for place in x if (len(x) - 1 - place) % STEP == 0]
    axes.set_xticks(shown, [f"{found.ends[place]:%Y-%m}" for place in shown])
    axes.set(ylim=(0, 100), xlim=(-0.5, max(len(x) - 1, 2) + 2.2))
    axes.set_yticks([0, 20, 40, 60, 80, 100])
    axes.yaxis.set_major_formatter("{x:.0f}%")
    return native.attach(figure)


def _band(axes: Axes, label: str, limits: tuple[float, float], rate: float, *, own: bool) -> None:
    axes.axhspan(*limits, color=style.GREY[2] if own else style.GREY[1], lw=0, zorder=0)
    axes.axhline(limits[0], color="white", lw=2, zorder=1)
    weight, colour = ("bold", style.INK) if own else ("normal", style.MUTED)
    low = own and rate > sum(limits) / 2  # clear of the line
    y, side = (limits[0] + 3, "bottom") if low else (limits[1] - 3, "top")
    axes.text(-0.35, y, label, va=side, ha="left", weight=weight, color=colour)


def _last(axes: Axes, x: float, y: float, text: str) -> None:
    axes.annotate(
        text, (x, y), xytext=(10, 0), textcoords="offset points", va="center", ha="left", fontsize=14, weight="bold",
        color=style.ACCENT,
    )  # fmt: skip
