"""Small tables beside the tier charts."""

from __future__ import annotations

from crmlib.figures.table import Table
from crmlib.figures.tiers.names import group_name, names, short
from crmlib.intervals import Estimate
from crmlib.numbers.model import Ledger
from crmlib.numbers.tiers import design
from crmlib.numbers.tiers.enter import key_of
from crmlib.programme.source import Source
from crmlib.text import Words
from crmlib.tiers import Design, Study
from crmlib.tiers.drivers import Driver

ROWS = 4  # that a table above three so-whats has room for


def stock_table(book: Ledger, chosen: Source, words: Words) -> Table:
    """Opening, came, went and closing stock of each tier, and who is near the next line."""
    columns = words.fill_each("table.tiers", "tier", "opening", "came", "went", "closing", "near")
    rows = []
    for tier, name in reversed(list(enumerate(names(chosen, words)))):
        key = key_of(tier, len(chosen.tiers))
        stock = [f"tiers.stock.{key}.{part}" for part in ("opening", "came", "went", "closing")]
        near = f"tiers.near.{key}.customers"
        cells = [
            words.number(book[cell].value, "int") if cell in book else words.number(None, "int")
            for cell in (*stock, near)
        ]
        rows.append([short(name), *cells])
    return Table(columns, rows[:ROWS], widths=(1.5, 0.9, 0.9, 0.9, 0.9, 1.0))


def driver_table(study: Study, words: Words) -> Table:
    """Odds of falling by group: the ends of each factor, reference first."""
    columns = words.fill_each("table.tiers", "group", "rate", "odds", "interval")
    found = study.drivers
    if not found.rows:
        return Table(columns[:1], [[words.fill(f"why.tiers.{found.why or 'too_few_falls'}")]])
    rows = [_driver(row, words) for row in _ends(found.rows)]
    return Table(columns, rows[: ROWS + 2], widths=(1.9, 0.75, 0.7, 1.15))


def _ends(rows: tuple[Driver, ...]) -> list[Driver]:
    """First and last group of each factor."""
    factors = dict.fromkeys(row.factor for row in rows)
    mine = [[row for row in rows if row.factor == factor] for factor in factors]
    return [row for groups in mine for row in (groups[0], groups[-1])]


def _driver(row: Driver, words: Words) -> list[str]:
    label = group_name(row, words)
    return [
        label,
        words.number(row.rate.value, "pct0"),
        words.number(row.odds.value, "dec2"),
        _limits(row.odds, "dec2", words),
    ]


def line_table(made: Design, chosen: Source, words: Words) -> Table:
    """Verdict on each line: bunching, jump of spend, jump of staying."""
    columns = words.fill_each("table.tiers", "line", "bunching", "jump", "stay", "verdict")
    called = names(chosen, words)
    rows: list[list[str]] = []
    for tier in sorted(made.works, reverse=True):
        found = made.works[tier]
        rows.append([
            short(called[tier], 10), _signed(found.bunching.missing, words), _signed(found.spend, words),
            _signed(found.stay, words), words.fill(f"label.tiers.{found.verdict}"),
        ])  # fmt: skip
    if not rows:
        return Table(columns[:1], [[words.fill("why.tiers.no_line")]])
    spoken = [
        place for place, tier in enumerate(sorted(made.works, reverse=True)) if made.works[tier] is design.highest(made)
    ]
    marked = [place for place in spoken if place < ROWS]  # the line of which the page's title speaks
    return Table(columns, rows[:ROWS], highlight=marked, widths=(1.25, 0.95, 0.95, 0.95, 1.15))


def scenario_table(made: Design, book: Ledger, words: Words) -> Table:
    """The highest line moved: who is in the tier, what benefits cost, the net against today."""
    columns = words.fill_each("table.tiers", "new_line", "customers", "cost", "net")
    if not made.plans:
        return _share_table(made, book, words)
    rows: list[list[str]] = []
    present = 0
    for one in made.plans[::2] if len(made.plans) > ROWS + 1 else made.plans:
        key = f"tiers.scenario.{one.name}"
        if one.thresholds == made.terms.thresholds:
            present = len(rows)
        cells = [words.money(book[f"{key}.{name}"].value, book.currency) for name in ("line", "cost", "net_yen")]
        rows.append([cells[0], words.number(book[f"{key}.customers"].value, "int"), *cells[1:]])
    return Table(columns, rows, highlight=(present,), widths=(1.1, 0.8, 1.1, 1.1))


def _share_table(made: Design, book: Ledger, words: Words) -> Table:
    columns = words.fill_each("table.tiers", "share", "more", "net")
    rows = []
    for one in made.shares:
        key = f"tiers.scenario.share_{round(100 * one.share)}"
        net = words.money(book[f"{key}.net_yen"].value, book.currency)
        rows.append([words.number(one.share, "pct0"), words.number(book[f"{key}.customers"].value, "int"), net])
    return Table(columns, rows)


def _signed(estimate: Estimate, words: Words) -> str:
    return words.number(estimate.value, "spct_sign")


def _limits(estimate: Estimate, form: str, words: Words) -> str:
    if estimate.why or not estimate.lower <= estimate.upper:
        return words.number(None, form)
    return f"{words.number(estimate.lower, form)}–{words.number(estimate.upper, form)}"
