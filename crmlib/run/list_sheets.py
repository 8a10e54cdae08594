"""The action lists as sheets: a row per customer, and a first sheet that says what they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmlib import reasons
from crmlib.intake import identify
from crmlib.lists import COMPLAINT_DAYS, HOLDOUT, REST_DAYS, Lists
from crmlib.spreadsheet import Cell, Sheet
from crmlib.text import Words

PERSONAL = ("name", "kana", "email", "phone", "address")


@dataclass(frozen=True)
class Who:
    """Who the pseudonyms are; nothing unless identifiers were asked for.

    Args:
        numbers: The client's own number by pseudonym.
        persons: What the customer files say of them.
    """

    numbers: Mapping[int, str] = field(default_factory=dict)
    persons: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns about persons that any file has filled."""
        return tuple(name for name in PERSONAL if any(row.get(name) for row in self.persons.values()))

    def cells(self, customer: int) -> list[str]:
        """Number (or pseudonym) and what is known of the person."""
        person = self.persons.get(customer, {})
        return [self.numbers.get(customer, identify.code(customer)), *(person.get(name, "") for name in self.columns)]


def sheet(name: str, lists: Lists, of: tuple[Who, str], words: Words) -> Sheet:
    """One list: those to be contacted first, then those held out, each by expected yen.

    Args:
        name: The list.
        lists: All lists.
        of: Who the customers are, and the currency.
        words: Texts of one language.
    """
    who, currency = of
    heads = ["customer_id", *who.columns, "list", "what", "channel", "due", "yen", "reason", "arm"]
    kinds = ["date" if head == "due" else "money" if head == "yen" else "text" for head in heads]
    said = [words.fill(f"list.actions.{name}.{part}") for part in ("label", "what", "channel")]
    arms = {arm: words.fill(f"list.actions.{arm}") for arm in ("treated", "control")}
    rows: list[Sequence[Cell]] = []
    mine = lists.rows[lists.rows["list"] == name]
    mine = mine.sort_values(["arm", "yen", "customer_id"], ascending=[False, False, True])
    for row in ({str(key): value for key, value in one.items()} for one in mine.to_dict("records")):
        yen = row["yen"] // lists.scale if lists.scale == 1 else row["yen"] / lists.scale
        reason = reasons.phrased(row, (lists.products, lists.tiers), _money(lists, currency, words), words)
        rows.append([*who.cells(int(row["customer_id"])), *said, row["due"].date(), yen, reason, arms[row["arm"]]])
    columns = [words.fill(f"list.actions.column.{head}", None, currency=currency) for head in heads]
    return Sheet(said[0], columns, rows, kinds)


def about(lists: Lists, names: Sequence[str], of: tuple[Who, str, int], words: Words) -> Sheet:
    """What the lists are, how they were made, and how they may be used.

    Args:
        lists: All lists.
        names: Those that are written.
        of: Who the customers are, the currency, and how many characters the CSV lacks.
        words: Texts of one language.
    """
    who, _, replaced = of
    rows = [(_text("as_of", words), words.number(lists.as_of.isoformat(), "date"))]
    for name in names:
        one, label = lists.of(name), words.fill(f"list.actions.{name}.label")
        sized = {"customers": _count(one.customers, words), "holdout": _count(one.holdout, words)}
        sized["smallest"] = words.number(one.smallest, "spct")
        rows.append((_text("size", words, list=label), _text("sized", words, **sized)))
        rows.append((_text("basis", words, list=label), words.fill(f"list.actions.{name}.basis")))
    left = {key: _count(value, words) for key, value in lists.left_out.items()}
    left |= {"complaint_days": _count(COMPLAINT_DAYS, words), "rest_days": _count(REST_DAYS, words)}
    left["share"] = words.number(HOLDOUT, "pct0")
    rows += [
        (_text(part, words), _text(f"{part}_text", words, **left))
        for part in ("one_list", "holdout", "left_out", "yen")
    ]
    if replaced:
        rows.append((_text("replaced", words), _text("replaced_text", words, n=_count(replaced, words))))
    rows.append((_text("personal", words), _text("personal_yes" if who.numbers else "personal_no", words)))
    return Sheet(_text("sheet", words), [_text("item", words), _text("value", words)], rows)


def _text(part: str, words: Words, **local: str) -> str:
    return words.fill(f"list.actions.about.{part}", None, **local)


def _count(value: int, words: Words) -> str:
    return words.number(value, "int")


def _money(lists: Lists, currency: str, words: Words) -> Any:
    return lambda minor: words.money(minor / lists.scale, currency)
