"""Why a customer is written to, in words that he would use himself: every message answers "why do I get this?"."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from crmlib.text import Words


def phrased(
    row: Mapping[str, Any], names: tuple[Mapping[str, str], Sequence[str]], money: Callable[[float], str], words: Words
) -> str:
    """The reason of one row of a list.

    Args:
        row: list, variant and the facts that its text names: days, rhythm, money (minor units), number, product_id.
        names: The client's word for each product, and the names of the tiers, low to high.
        money: How an amount in minor units is written.
        words: Texts of one language.
    """
    products, tiers = names
    key = f"list.actions.{row['list']}.reason"
    variant = f"{key}_{row.get('variant')}"
    facts = {name: words.number(_whole(row.get(name)), "int") for name in ("days", "rhythm", "number")}
    facts["money"] = money(float(_whole(row.get("money")) or 0))
    facts["product"] = products.get(str(row.get("product_id")), "") or words.fill("list.actions.usual")
    number = _whole(row.get("number"))
    facts["tier"] = (
        tiers[number] if number is not None and 0 <= number < len(tiers) else words.fill("list.actions.next_tier")
    )
    return words.fill(variant if variant in words else key, None, **facts)


def _whole(value: Any) -> int | None:
    return None if value is None or pd.isna(value) else int(value)
