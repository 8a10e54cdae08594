"""Subscriptions: who is left by shipment, what interrupts them first, and what the models project."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.figures.retention.leak import cells
from crmlib.figures.table import Table
from crmlib.numbers.retention.subscription import PROJECTED, SHOWN
from crmlib.retention import Subscriptions
from crmlib.text import Words

SHOWN_STEPS = 4
TONES = {"cancel": style.NEGATIVE, "pause": style.GREY[4], "skip": style.GREY[3], "going": style.ACCENT}


@style.styled
def subscription(found: Subscriptions, words: Words) -> Figure:
    """Left: share left by shipment, in both units. Right: what comes first (Aalen-Johansen), stacked.

    Args:
        found: The client's subscriptions.
        words: Texts of one language.
    """
    if found.why:
        return notice(f"retention.{found.why}", words)
    figure = style.figure()
    left, right = figure.subplots(1, 2, width_ratios=[1.15, 1.0])
    last = min(found.applications.readable, SHOWN)
    _survival(left, found, last, words)
    _stack(right, found, min(last, found.interruptions.turns), words)
    for axes in (left, right):
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.yaxis.set_major_formatter("{x:.0f}%")
        axes.set_ylim(0, 102)
        axes.grid(axis="y")
        axes.set_xlabel(words.fill("chart.retention.shipment"))
    return native.attach(figure)


def _survival(axes: Axes, found: Subscriptions, last: int, words: Words) -> None:
    shipments = np.arange(1, last + 2)
    shares = [found.applications.share(n) for n in range(last + 1)]
    value, low, high = (np.array([getattr(s, part) for s in shares]) * 100 for part in ("value", "lower", "upper"))
    axes.fill_between(shipments, low, high, color=style.ACCENT, alpha=0.16, lw=0)
    axes.plot(shipments, value, "o-", color=style.ACCENT, ms=5, label=words.fill("chart.retention.application"))
    people = [found.customers.share(n) for n in range(min(last, found.customers.readable) + 1)]
    axes.plot(shipments[: len(people)], [s.value * 100 for s in people], "s--", color=style.INK, ms=4, lw=1.4,
              label=words.fill("chart.retention.customer"))  # fmt: skip
    axes.set_xticks(shipments[:: 1 if last < 8 else 2])
    axes.set_title(words.fill("chart.retention.left"), fontsize=10.5, loc="left", color=style.MUTED)
    axes.legend(loc="upper right")


def _stack(axes: Axes, found: Subscriptions, last: int, words: Words) -> None:
    ended = found.interruptions
    turns = np.arange(1, last + 1)
    parts = {"going": ended.going, **{name: ended.incidence[name] for name in ("skip", "pause", "cancel")}}
    bottom = np.zeros(last)
    for name, values in parts.items():
        height = values[1 : last + 1] * 100
        axes.bar(
            turns, height, bottom=bottom, width=0.8, color=TONES[name], label=words.fill(f"chart.retention.{name}")
        )
        bottom = bottom + height
    axes.set_xticks(turns[:: 1 if last < 8 else 2])
    axes.set_title(words.fill("chart.retention.first"), fontsize=10.5, loc="left", color=style.MUTED)
    axes.legend(
        loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=4, handlelength=1.0, handletextpad=0.4, columnspacing=0.9
    )


def subscription_table(found: Subscriptions, words: Words) -> Table:
    """Renewed at each of the first steps, of those who faced it."""
    columns = words.fill_each("table.retention", "step", "renewed", "interval", "n")
    last = 0 if found.why else min(found.applications.readable, SHOWN_STEPS)
    rows = []
    for n in range(1, last + 1):
        step = found.applications.step(n)
        label = words.fill("table.retention.renewal", n=words.number(n, "int"), m=words.number(n + 1, "int"))
        rows.append((label, *cells(step, "pct", words), words.number(step.n, "int")))
    return Table(columns, rows or [(words.number(None, "int"),) * 4], (0,), (1.1, 0.8, 1.4, 0.8), cut=True)


@style.styled
def projection(found: Subscriptions, words: Words) -> Figure:
    """Counted shares and the projection of the model in use, with its band; a constant rate of loss for contrast.

    Args:
        found: The client's subscriptions.
        words: Texts of one language.
    """
    used = found.projection.used
    if found.why or used.why:
        return notice(f"retention.{found.why}" if found.why else used.why, words)
    figure = style.figure()
    axes = figure.subplots()
    seen = min(found.applications.readable, PROJECTED)
    shipments = np.arange(1, PROJECTED + 1)
    shares = [used.survival(n) for n in range(PROJECTED)]
    value, low, high = (np.array([getattr(s, part) for s in shares]) * 100 for part in ("value", "lower", "upper"))
    low, high = np.where(np.isfinite(low), low, 100.0), np.where(np.isfinite(high), high, 100.0)
    axes.axvspan(seen + 1, PROJECTED + 0.5, color=style.GREY[1], lw=0, zorder=0)
    axes.fill_between(shipments, low, high, color=style.ACCENT, alpha=0.16, lw=0)
    axes.plot(shipments, value, color=style.ACCENT, label=words.fill(f"chart.retention.{used.model}"))
    counted = [found.applications.share(n).value * 100 for n in range(seen + 1)]
    axes.plot(
        np.arange(1, len(counted) + 1), counted, "o", color=style.INK, ms=5, label=words.fill("chart.retention.counted")
    )
    constant = 100 * found.applications.step(1).value ** np.arange(PROJECTED)
    axes.plot(
        shipments, constant, color=style.GREY[4], lw=1.4, ls=(0, (4, 3)), label=words.fill("chart.retention.constant")
    )
    axes.set(xlim=(0.5, PROJECTED + 0.5), ylim=(0, 102), xlabel=words.fill("chart.retention.shipment"))
    axes.set_xticks([1, *range(4, PROJECTED + 1, 4)])
    axes.yaxis.set_major_formatter("{x:.0f}%")
    axes.grid(axis="y")
    axes.legend(loc="upper right")
    return native.attach(figure)


def model_table(found: Subscriptions, words: Words) -> Table:
    """Parameters of both models with their intervals."""
    columns = words.fill_each("table.retention", "parameter", "value", "interval")
    rows = []
    for model, names in ((found.projection.sbg, ("alpha", "beta")), (found.projection.bdw, ("alpha", "beta", "c"))):
        rows += [
            (f"{words.fill(f'chart.retention.{model.model}')} {words.fill(f'table.retention.{name}')}",
             *cells(model.parameter(name), "dec3", words))
            for name in names
        ]  # fmt: skip
    return Table(columns, rows, (), (1.5, 0.8, 1.3))
