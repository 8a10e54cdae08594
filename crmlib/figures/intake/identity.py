"""Candidate duplicates: by which evidence, and what merging them would change."""

from __future__ import annotations

from matplotlib.figure import Figure

from crmlib.figures import native, style
from crmlib.figures.notice import notice
from crmlib.figures.table import Table
from crmlib.intake.passport import MergeEffect
from crmlib.numbers.intake.books import identity_state
from crmlib.text import Words

SHOWN = 8  # kinds of evidence
WHY = {"absent": "intake.identity_absent", "none": "intake.identity_none"}


@style.styled
def identity(merging: MergeEffect, words: Words) -> Figure:
    """Bars of the pairs by what they share; pairs that need a look light.

    Args:
        merging: The candidates and their effect.
        words: Texts of one language.
    """
    state = identity_state(merging)
    if state != "found":
        return notice(WHY[state], words)
    pairs = merging.candidates.pairs
    sizes = pairs.groupby(["evidence", "level"]).size().reset_index(name="pairs")
    counts = sizes.sort_values(["pairs", "evidence"], ascending=[False, True]).head(SHOWN)
    figure = style.figure()
    axes = figure.subplots()
    for place, (level, count) in enumerate(zip(counts["level"], counts["pairs"], strict=True)):
        axes.barh(place, count, height=0.56, color=style.ACCENT if level == "sure" else style.ACCENT_LIGHT)
        axes.annotate(
            words.number(int(count), "int"), (count, place), xytext=(5, 0), textcoords="offset points", va="center",
            weight="bold", color=style.INK,
        )  # fmt: skip
    names = [shared(evidence, words) for evidence in counts["evidence"]]
    axes.set_yticks(range(len(names)), names)
    axes.set(ylim=(max(len(names), 5) - 0.4, -0.6), xlim=(0, counts["pairs"].max() * 1.12))
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    return native.attach(figure)


def shared(evidence: str, words: Words) -> str:
    """What a pair shares, in words."""
    joint = words.fill("table.intake.plus")
    return joint.join(words.fill(f"chart.intake.shared.{key}") for key in evidence.split("+"))


def identity_table(merging: MergeEffect, words: Words) -> Table:
    """Customers and second purchases as they are numbered, and with the sure pairs merged."""
    shares = [k / n if n else None for k, n in zip(merging.converted, merging.matured, strict=True)]
    customers = [words.number(count, "int") for count in merging.customers]
    rows = [
        (words.fill("table.intake.customers"), *customers),
        (words.fill("table.intake.f2"), *(words.number(share, "pct") for share in shares)),
        (words.fill("table.intake.matured"), *(words.number(count, "int") for count in merging.matured)),
    ]
    header = words.fill_each("table.intake", "figure", "as_is", "merged")
    return Table(header, rows, (1,), (1.3, 1.0, 1.0))
