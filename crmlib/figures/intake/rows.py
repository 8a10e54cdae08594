"""The row ledger as a waterfall, and its table."""

from __future__ import annotations

from matplotlib.figure import Figure

from crmlib.figures import style
from crmlib.figures.intake import waterfall
from crmlib.figures.intake.waterfall import Bar
from crmlib.figures.table import Table
from crmlib.intake import IntakeReport
from crmlib.numbers.intake import KINDS, largest
from crmlib.schema import MINOR_UNITS
from crmlib.text import Words


@style.styled
def ledger(report: IntakeReport, words: Words) -> Figure:
    """Waterfall of rows: read, less each rule and each reason, what is used.

    Args:
        report: The intake report.
        words: Texts of one language.
    """
    whole = report.orders
    rules = [(rule_name(code, words), n, style.GREY[4]) for code, n in largest(whole.exclusions).items()]
    reasons = [
        (words.fill(f"chart.intake.reason.{code}"), n, style.NEGATIVE) for code, n in largest(whole.reasons).items()
    ]
    out = [
        *(rules or [(words.fill("chart.intake.excluded"), 0, style.GREY[4])]),
        *(reasons or [(words.fill("chart.intake.quarantined"), 0, style.NEGATIVE)]),
    ]
    ends = [(words.fill(f"chart.intake.{end}"), getattr(whole, f"rows_{end}")) for end in ("read", "used")]
    (first, read), (last, used) = ends
    return waterfall.drawn([
        Bar(first, words.number(read, "int"), read, True, style.INK),
        *(Bar(name, words.number(count, "int"), -count, False, colour) for name, count, colour in out),
        Bar(last, words.number(used, "int"), used, True, style.ACCENT),
    ])  # fmt: skip


def rule_name(code: str, words: Words) -> str:
    """A rule's name: ours in the reader's language, the client's own as client.yaml has it."""
    return words.fill(f"chart.intake.rule.{code}") if f"chart.intake.rule.{code}" in words else code


def ledger_table(report: IntakeReport, words: Words) -> Table:
    """Rows and money: read, used, set aside, excluded."""
    rows = [
        (
            words.fill(f"chart.intake.{kind}"),
            words.number(getattr(report.orders, f"rows_{kind}"), "int"),
            exact(getattr(report.orders, f"amount_{kind}") / report.scale, report.currency, words),
        )
        for kind in KINDS
    ]
    header = [words.fill(f"table.intake.{name}", currency=report.currency) for name in ("kind", "rows", "amount")]
    return Table(header, rows, (KINDS.index("used"),), (1.1, 1.0, 1.1))


def exact(amount: float, currency: str, words: Words) -> str:
    """An amount to the last minor unit, as books have it."""
    return words.number(amount, "int" if MINOR_UNITS[currency] == 1 else "dec2")
