"""Version against version, by group of customers."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crmlib.figures import native, style
from crmlib.figures.lift.labels import effect_colour, level
from crmlib.figures.names import cut
from crmlib.figures.notice import notice
from crmlib.intervals import Estimate
from crmlib.lift import choices
from crmlib.lift.studies import Study
from crmlib.text import Words

NAME = 22


@style.styled
def versions(study: Study, words: Words) -> Figure:
    """Difference of the newer version's purchases and the older one's: all customers on top, then each group.

    Args:
        study: All results.
        words: Texts of one language.
    """
    one = choices.contrast(study)
    if one is None:
        return notice("lift.no_versions", words)
    rows = [(words.fill("chart.lift.everybody"), one.effect.ate)]
    rows += [(level(one.dimension, name, words), effect) for name, effect in one.groups.items()]
    figure = style.figure()
    axes = figure.subplots()
    limit = max(max(abs(effect.lower), abs(effect.upper)) for _, effect in rows) * 100
    for place, (_, effect) in enumerate(rows):
        _row(axes, place, effect, words)
    axes.axvline(0, color=style.GREY[4], lw=1.0, zorder=0)
    axes.set(ylim=(len(rows) - 0.4, -1.0), xlim=(-1.12 * limit, 1.12 * limit), xlabel=words.fill("chart.lift.points"))
    axes.set_yticks(range(len(rows)), [cut(name, NAME) for name, _ in rows])
    axes.tick_params(axis="y", labelcolor=style.TEXT)
    axes.xaxis.set_major_formatter(lambda x, _: words.number(x / 100, "spct").replace(".0", ""))
    axes.grid(axis="x")
    for side, version, ha in ((-0.6, one.pair[1], "center"), (0.6, one.pair[0], "center")):
        text = words.fill("chart.lift.better", version=cut(version, 18))
        axes.text(side * limit, -0.72, text, ha=ha, va="center", color=style.MUTED)
    return native.attach(figure)


def _row(axes: Axes, place: int, effect: Estimate, words: Words) -> None:
    colour = effect_colour(effect)
    axes.plot([effect.lower * 100, effect.upper * 100], [place, place], color=colour, lw=2.4)
    axes.plot(effect.value * 100, place, "o", ms=9, color=colour, zorder=4)
    text = words.number(effect.value, "spct")
    axes.annotate(
        text, (effect.value * 100, place), xytext=(0, 9), textcoords="offset points", ha="center", va="bottom",
        weight="bold", fontsize=12, color=style.TEXT if colour == style.GREY[4] else colour,
    )  # fmt: skip
