"""What stopping saves: one bar per item with its interval."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from crmlib.actions import Agenda
from crmlib.figures import native, style
from crmlib.figures.actions.labels import saved
from crmlib.figures.notice import notice
from crmlib.text import Words

SHOWN = 8


@style.styled
def saving(agenda: Agenda, currency: str, words: Words) -> Figure:
    """Bars from zero, the largest first, with 95 % intervals.

    Args:
        agenda: With its savings.
        currency: ISO code.
        words: Texts of one language.
    """
    rows = agenda.savings[:SHOWN]
    if not rows:
        return notice("actions.nothing_to_stop", words)
    figure = style.figure()
    axes = figure.subplots()
    most = max(one.yen.upper for one in rows)
    for place, one in enumerate(rows):
        axes.barh(place, one.yen.value, height=0.56, color=style.NEGATIVE, zorder=3)
        axes.plot([one.yen.lower, one.yen.upper], [place, place], color=style.INK, lw=1.3, marker="|", ms=7, zorder=4)
        money = [words.money(part, currency) for part in (one.yen.value, one.yen.lower, one.yen.upper)]
        text = f"{money[0]}  {words.fill('chart.actions.range', low=money[1], high=money[2])}"
        where: dict[str, Any] = {"ha": "left", "va": "center", "color": style.INK}
        axes.text(one.yen.upper + most * 0.02, place, text, **where)
    axes.set(xlim=(0, most * 1.55), ylim=(max(len(rows), 4) - 0.4, -0.6))
    axes.set_yticks(range(len(rows)), [saved(one, words) for one in rows])
    axes.tick_params(axis="y", labelcolor=style.TEXT)
    axes.locator_params(axis="x", nbins=5)
    axes.xaxis.set_major_formatter(lambda x, _: words.money(x, currency) if x else "0")
    axes.grid(axis="x")
    return native.attach(figure)
