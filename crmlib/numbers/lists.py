"""The action lists in the ledger: sizes, expected yen, holdouts, and the numbers that their typical reasons name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from crmlib.lists import COMPLAINT_DAYS, HOLDOUT, REST_DAYS, WINDOW, ActionList, Lists
from crmlib.numbers.model import Ledger, Measure
from crmlib.retention.results import short

# of a list's typical reason: which numbers its words name
FACTS: Mapping[str, tuple[str, ...]] = {
    "protect": ("days", "rhythm", "product"), "subscriber": ("number", "product"), "second_order": ("days", "product"),
    "next_need": ("days", "rhythm", "product"), "near_tier": ("money", "tier"), "semi_loyal": ("money", "number"),
    "win_back": ("days", "product"),
}  # fmt: skip
UNITS = {"days": "days", "rhythm": "days", "money": "money", "number": "count", "product": "label", "tier": "label"}
OUT = ("silent", "asked", "complaint", "rest", "elsewhere")
MEASURES = (
    Measure("actions.list.{list}.customers", "count", "actions.list.customers"),
    Measure("actions.list.{list}.yen", "money", "actions.list.yen"),
    Measure("actions.list.{list}.holdout", "count", "actions.list.holdout"),
    Measure("actions.list.{list}.baseline", "share", "actions.list.baseline"),
    Measure("actions.list.{list}.smallest", "points", "actions.list.smallest"),
    *(Measure(f"actions.list.{{list}}.{name}", unit, "actions.list.typical") for name, unit in UNITS.items()),
    Measure("actions.lists.customers", "count", "actions.lists.customers"),
    Measure("actions.lists.count", "count", "actions.lists.count"),
    Measure("actions.lists.holdout", "count", "actions.list.holdout"),
    Measure("actions.lists.yen", "money", "actions.lists.yen"),
    *(Measure(f"actions.lists.{name}", "count", f"actions.lists.{name}") for name in OUT),
    Measure("actions.lists.share", "share", "actions.lists.share"),
    Measure("actions.lists.window", "days", "actions.lists.window"),
    Measure("actions.lists.rest_days", "days", "actions.lists.rest_days"),
    Measure("actions.lists.complaint_days", "days", "actions.lists.complaint_days"),
    Measure("actions.lists.first", "label", "actions.lists.first"),
    Measure("actions.lists.state", "label", "actions.lists.state"),
)


def ledger(lists: Lists, currency: str) -> Ledger:
    """All numbers of the lists.

    Args:
        lists: The client's lists.
        currency: ISO code.
    """
    book = Ledger(MEASURES, currency)
    for one in lists.lists:
        _enter(book, one, lists)
    filled = [one for one in lists.lists if one.customers]
    book.add("actions.lists.customers", sum(one.customers for one in filled))
    book.add("actions.lists.count", len(filled))
    book.add("actions.lists.holdout", sum(one.holdout for one in filled))
    told = [one.yen for one in filled if np.isfinite(one.yen)]
    book.add("actions.lists.yen", sum(told) if told else None, why="lists.nobody")
    for name in OUT:
        book.add(f"actions.lists.{name}", lists.left_out[name])
    for name, value in (
        ("share", HOLDOUT),
        ("window", WINDOW),
        ("rest_days", REST_DAYS),
        ("complaint_days", COMPLAINT_DAYS),
    ):
        book.add(f"actions.lists.{name}", value)
    largest = max(filled, key=lambda one: np.nan_to_num(one.yen, nan=-1.0), default=None)
    book.add("actions.lists.first", largest.name if largest else "none")
    book.add("actions.lists.state", "made" if told else "few" if filled else "empty")
    return book


def _enter(book: Ledger, one: ActionList, lists: Lists) -> None:
    stem = f"actions.list.{one.name}"
    book.add(f"{stem}.customers", one.customers)
    book.add(f"{stem}.holdout", one.holdout)
    for name, value, reason in (
        ("yen", one.yen, "few"), ("baseline", one.baseline, "nobody"), ("smallest", one.smallest, "too_small"),
    ):  # fmt: skip
        book.add(f"{stem}.{name}", value, why=one.why or f"lists.{reason}", n=one.customers)
    for name in FACTS[one.name] if one.example else ():
        _fact(book, f"{stem}.{name}", _said(name, one.example, lists))


def _fact(book: Ledger, key: str, value: Any) -> None:
    if value is not None:
        book.add(key, value)


def _said(name: str, example: Mapping[str, Any], lists: Lists) -> Any:
    """A number or name of a typical reason; None where its words name none."""
    if name == "product":
        return short(lists.products.get(str(example["product_id"]), "")) or None
    if name == "tier":
        number = example.get("number", -1)
        return lists.tiers[number] if 0 <= number < len(lists.tiers) else None
    value = example.get(name)
    return value / lists.scale if name == "money" and value is not None else value
