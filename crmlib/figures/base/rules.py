"""The rule of each class as it is applied, printed; other rule sets beside it; what the cuts decide."""

from __future__ import annotations

from crmlib.base import Whole
from crmlib.base.cpm import CLASSES
from crmlib.base.rfm import RANKS
from crmlib.figures.table import Table
from crmlib.text import Words

CUTS = ("lapse", "young", "settled", "amount")
COLUMNS = 6


def rules_table(whole: Whole, currency: str, words: Words) -> Table:
    """Class, its rule in words with the cuts in use, customers and their share."""
    found = whole.portfolio
    cuts = {name: words.number(getattr(found.cuts, name), "int") for name in ("lapse", "young", "settled")}
    cuts["amount"] = words.money(found.cuts.amount / whole.scale, currency)
    rows = []
    for name in CLASSES:
        status, _, level = name.partition("_")
        rule = "".join(words.fill(f"rule.base.{part}", None, **cuts) for part in (level, status))
        share = None if not whole.customers else found.share(name).value
        rows.append(
            (
                words.fill(f"class.base.{name}"),
                rule,
                words.number(found.customers[name], "int"),
                words.number(share, "pct"),
            )
        )
    header = words.fill_each("table.base", "class", "rule", "customers", "share")
    return Table(header, rows, (), (1.15, 4.6, 0.8, 0.8), left=2)


def cuts_table(whole: Whole, currency: str, words: Words) -> Table:
    """Each cut as published and as the data suggest, and the share of customers that a fifth more or less moves."""
    used, found, rows = whole.portfolio.cuts, whole.sensitivity, []
    for name in CUTS:
        values = [getattr(cuts, name) for cuts in (used, found.suggestion)]
        money = name == "amount"
        shown = [words.money(v / whole.scale, currency) if money else words.number(v, "int") for v in values]
        moved = max(found.lower[name], found.upper[name]) if whole.customers else None
        rows.append((words.fill(f"table.base.cut_{name}"), *shown, words.number(moved, "pct")))
    header = words.fill_each("table.base", "cut", "used", "suggested", "moved")
    return Table(header, rows, (), (1.3, 0.95, 0.95, 0.8))


def sets_table(whole: Whole, words: Words) -> Table:
    """Customers by rank under the other published rule sets and under RFM."""
    rows = []
    for rule in ("kozuchi", "rakuraku"):
        ranks = dict(whole.rules[rule])
        if rule == "rakuraku":
            ranks = {"prospect": whole.samples, **ranks}
        rows.append(
            _row(
                words.fill(f"table.base.rule_{rule}"),
                {words.fill(f"rank.base.{k}"): n for k, n in ranks.items()},
                words,
            )
        )
    for preset, found in whole.rfm.items():
        rows.append(_row(words.fill(f"table.base.rfm_{preset}"), {name: found.ranks[name] for name in RANKS}, words))
    header = [words.fill("table.base.rule_set"), *[""] * COLUMNS]
    return Table(header, rows, (), (1.7, *[1.0] * COLUMNS))


def _row(label: str, ranks: dict[str, int], words: Words) -> tuple[str, ...]:
    cells = [words.fill("chart.base.rank", name=name, n=words.number(n, "int")) for name, n in ranks.items()]
    return (label, *cells, *[""] * (COLUMNS - len(cells)))
