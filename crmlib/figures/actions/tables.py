"""Tables of the pages on actions."""

from __future__ import annotations

from crmlib.actions import Agenda, Saving, Stake
from crmlib.figures.actions.labels import owner, saved
from crmlib.figures.actions.tornado import largest
from crmlib.figures.table import Table
from crmlib.findings.agenda import standing
from crmlib.findings.model import Findings
from crmlib.numbers.model import Ledger
from crmlib.text import Words

TOP = 5
KPIS = {"f2": "pct", "loyal": "pct", "value": "money"}


def first_steps(found: Findings, ledger: Ledger, words: Words) -> Table:
    """The five largest findings with their first step; marked where they count."""
    rows = largest(found, ledger)[:TOP]
    cells = [(words.fill(f"finding.{one.id}.name"), words.fill(f"finding.{one.id}.step")) for one in rows]
    head = words.fill_each("table.actions", "finding", "first_step")
    sure = [place for place, one in enumerate(rows) if standing(one, ledger) in ("loss", "gain", "saved")]
    return Table(head, cells or [(words.fill("table.actions.none"), "")], sure, (1.0, 1.25), left=2, cut=True)


def decisions(agenda: Agenda, found: Findings, ledger: Ledger, words: Words) -> Table:
    """What to decide, stop and test: money, owner, first step, by when, what is watched, and the size of the test."""
    owners = {one.id: one.owner for one in found}
    rows = [_change(one, "decide", owners, (ledger, words)) for one in agenda.decide]
    rows += [_stop(place, one, owners, (ledger, words)) for place, one in enumerate(agenda.stop, 1)]
    rows += [_change(one, "test", owners, (ledger, words)) for one in agenda.test]
    head = words.fill_each("table.actions", "kind", "what", "yen", "owner", "first_step", "until", "kpi", "test")
    none = (words.fill("table.actions.none"), *[""] * (len(head) - 1))
    widths = (0.55, 1.25, 1.35, 0.8, 1.6, 0.85, 1.05, 1.3)
    return Table(head, rows or [none], range(len(agenda.decide)), widths, left=len(head))


def _change(one: Stake, kind: str, owners: dict[str, str], said: tuple[Ledger, Words]) -> tuple[str, ...]:
    ledger, words = said
    return (
        words.fill(f"chart.actions.{kind}"), words.fill(f"finding.{one.finding}.name"), _yen(f"actions.stake.{one.finding}", *said),
        words.fill(f"owner.{owners.get(one.finding, 'crm')}"), words.fill(f"finding.{one.finding}.step"),
        words.number(ledger["actions.soon" if kind == "decide" else "actions.check"].value, "date"),
        words.fill(f"kpi.actions.{one.lever}"), test_size(one.finding, ledger, words),
    )  # fmt: skip


def _stop(place: int, one: Saving, owners: dict[str, str], said: tuple[Ledger, Words]) -> tuple[str, ...]:
    ledger, words = said
    return (
        words.fill("chart.actions.stop"), saved(one, words), _yen(f"actions.stop.{place}.yen", *said), words.fill(f"owner.{owner(one, owners)}"),
        words.fill(f"saving.actions.{one.kind}"), words.number(ledger["actions.soon"].value, "date"),
        words.fill("kpi.actions.cost"), words.fill("table.actions.no_test"),
    )  # fmt: skip


def test_size(finding: str, ledger: Ledger, words: Words) -> str:
    """How many customers the next test has within the plan, and the smallest effect that it sees."""
    customers, mde = (ledger[f"actions.test_{what}.{finding}"] for what in ("customers", "mde"))
    if customers.value is None:
        return words.fill("table.actions.no_size")
    many, least = words.number(customers.value, "int"), words.number(mde.value, "spct")
    return words.fill("table.actions.size", customers=many, points=least)


def savings(agenda: Agenda, words: Words) -> Table:
    """The stop list: what it is, of which kind, and what is done."""
    rows = [
        (saved(one, words), words.fill(f"kind.actions.{one.kind}"), words.fill(f"saving.actions.{one.kind}"))
        for one in agenda.savings
    ]
    return Table(
        words.fill_each("table.actions", "what", "kind", "first_step"),
        rows or [(words.fill("table.actions.none"), "", "")],
        left=3,
    )


def kpis(ledger: Ledger, words: Words) -> Table:
    """Today's value of what is watched, with the limits within which a month says nothing."""
    rows = []
    for name, form in KPIS.items():
        key = f"base.chart.{name}"
        if f"{key}.now_level" not in ledger or ledger[f"{key}.now_level"].value is None:
            continue
        now, low, high = (ledger[f"{key}.{part}_level"].value for part in ("now", "low", "high"))
        shown = [
            words.money(one, ledger.currency) if form == "money" else words.number(one, form)
            for one in (now, low, high)
        ]
        rows.append(
            (
                words.fill(f"kpi.actions.{name}"),
                shown[0],
                words.fill("chart.actions.limits", low=shown[1], high=shown[2]),
            )
        )
    none = (words.fill("table.actions.no_kpi"), "", "")
    return Table(words.fill_each("table.actions", "kpi", "today", "limits"), rows or [none], (), (1.35, 0.8, 1.35))


def _yen(key: str, ledger: Ledger, words: Words) -> str:
    number = ledger[key]
    money = [words.money(part, ledger.currency) for part in (number.value, number.lower, number.upper)]
    return f"{money[0]} {words.fill('chart.actions.range', low=money[1], high=money[2])}"
