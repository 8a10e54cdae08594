"""The next test: the smallest effect that a holdout of each size can see, and what that is worth."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.figures.table import Table
from crmlib.lift import power
from crmlib.lift.studies import Study
from crmlib.text import Words

SHARES = np.arange(2, 51) / 100


@style.styled
def design(study: Study, words: Words) -> Figure:
    """Smallest visible effect by the share that is held out; the effect that pays for the contact as a line.

    Args:
        study: All results.
        words: Texts of one language.
    """
    plan = study.design
    if plan is None:
        return notice("lift.no_list", words)
    figure = style.figure()
    axes = figure.subplots()
    spread = np.sqrt(plan.baseline * (1 - plan.baseline) / plan.eligible)
    seen = np.array([power.smallest_visible(float(spread / np.sqrt(h * (1 - h)))) for h in SHARES]) * 100
    axes.plot(SHARES * 100, seen, color=style.ACCENT, lw=2.6)
    axes.plot(plan.holdout * 100, plan.mde * 100, "o", ms=10, color=style.ACCENT, mec="white", mew=1.4, zorder=5)
    axes.annotate(
        words.fill("chart.lift.visible", value=words.number(plan.mde, "spct")), (plan.holdout * 100, plan.mde * 100),
        xytext=(12, 8), textcoords="offset points", va="bottom", weight="bold", fontsize=12, color=style.ACCENT,
    )  # fmt: skip
    top = float(seen.max())
    if np.isfinite(plan.worth):
        top = max(top, min(plan.worth * 100, 3 * top))
        if plan.worth * 100 <= top:
            axes.axhline(plan.worth * 100, color=style.NEGATIVE, lw=1.4, ls=(0, (4, 3)))
            axes.annotate(
                words.fill("chart.lift.pays"), (50, plan.worth * 100), xytext=(0, 4), textcoords="offset points", ha="right",
                va="bottom", color=style.NEGATIVE,
            )  # fmt: skip
    axes.set(xlim=(0, 51), ylim=(0, top * 1.15), xlabel=words.fill("chart.lift.holdout_share"))
    axes.xaxis.set_major_formatter("{x:.0f}%")
    axes.yaxis.set_major_locator(MaxNLocator(6))
    axes.yaxis.set_major_formatter(lambda y, _: words.number(y / 100, "spct"))
    axes.grid(axis="y")
    return native.attach(figure)


def design_table(study: Study, words: Words) -> Table:
    """Customers on the list, holdout, smallest visible effect in points and in money, days."""
    header = [words.fill("table.lift.design"), words.fill("table.lift.value")]
    plan = study.design
    if plan is None:
        return Table(header, [(words.fill("table.lift.no_list"), "")])
    known = {
        name: value if np.isfinite(value) else None
        for name, value in (("mde_yen", plan.mde_yen), ("worth", plan.worth))
    }
    rows = [
        ("eligible", words.number(plan.eligible, "int")),
        ("baseline", words.number(plan.baseline, "pct")),
        ("held_out", words.number(plan.control, "int")),
        ("mde", words.number(plan.mde, "spct")),
        ("mde_yen", words.money(known["mde_yen"], study.economy.currency)),
        ("worth", words.number(known["worth"], "spct")),
        ("needed", words.number(plan.needed or None, "int")),
        ("duration", words.number(plan.duration, "int")),
    ]
    return Table(header, [(words.fill(f"table.lift.{name}"), value) for name, value in rows], (3,), (1.9, 1.0))
