"""The money bridge: a waterfall from the files' plain sum to the margin, and what is known of each part."""

from __future__ import annotations

from matplotlib.figure import Figure

from crmlib.figures import style
from crmlib.figures.intake import waterfall
from crmlib.figures.intake.rows import exact
from crmlib.figures.intake.waterfall import Bar
from crmlib.figures.table import Table
from crmlib.intake.bridge import PARTS, Bridge
from crmlib.intake.passport import Passport
from crmlib.text import Words

WITHOUT = (*PARTS, "repeated", "rules", "aside")  # a step of nothing that is not shown


@style.styled
def bridge(passport: Passport, words: Words) -> Figure:
    """Waterfall of the money.

    Args:
        passport: The intake.
        words: Texts of one language.
    """
    found, scale, currency = passport.bridge, passport.report.scale, passport.report.currency
    last = found.steps[-1].name
    return waterfall.drawn([
        Bar(words.fill(f"chart.intake.step.{step.name}"), words.money(step.amount / scale, currency), step.amount / scale,
            step.total, _colour(step.name, step.total, last))
        for step in found.steps if step.amount or step.name not in WITHOUT
    ])  # fmt: skip


def _colour(name: str, total: bool, last: str) -> str:
    if name == last:
        return style.ACCENT
    return style.INK if total else style.NEGATIVE if name == "aside" else style.GREY[4]


def bridge_table(passport: Passport, words: Words) -> Table:
    """Each part of the amounts: how much, and whether it is deducted, already out of the amounts, or not in the export."""
    found, report = passport.bridge, passport.report
    rows = [_part(found, name, report.scale, report.currency, words) for name in PARTS]
    header = [words.fill(f"table.intake.{name}", currency=report.currency) for name in ("part", "amount", "treatment")]
    return Table(header, rows, (), (1.0, 1.1, 1.4))


def _part(found: Bridge, name: str, scale: int, currency: str, words: Words) -> tuple[str, str, str]:
    amount = found.parts[name]
    shown = words.number(None, "int") if amount is None else exact(amount / scale, currency, words)
    return words.fill(f"chart.intake.step.{name}"), shown, words.fill(f"table.intake.state.{found.states[name]}")
