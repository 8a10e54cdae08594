"""Who of a list is held out, drawn by lot, and what the holdout can show."""

from __future__ import annotations

import datetime as dt
import zlib

import numpy as np
import pandas as pd

from crmlib.lift import draw
from crmlib.lift.power import smallest_visible
from crmlib.lists.model import HOLDOUT, SMALL_GROUP, WINDOW, ActionList

YEAR = 365
FACTS = ["days", "rhythm", "money", "number"]


def seed_of(name: str, as_of: dt.date) -> int:
    """The lots' seed: another one for each list and day, the same whenever the list is made again."""
    return zlib.crc32(f"{name} {as_of.isoformat()}".encode())


def drawn(rows: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """The rows with stratum (high or low: the upper and the lower half of the list by expected yen) and arm.

    Lots are drawn by pseudonym and seed alone, so that behaviour plays no part in them.

    Args:
        rows: customer_id, list, yen.
        as_of: Last day of the data.
    """
    middle = rows.groupby("list")["yen"].transform("median")
    named = rows.assign(stratum=np.where(rows["yen"] >= middle, "high", "low"))
    arms = [
        draw(part, HOLDOUT, seed_of(str(name), as_of))[["customer_id", "arm"]]
        for name, part in named.groupby("list", sort=True)
    ]
    if not arms:
        return named.assign(arm=pd.Series(dtype=object))
    return named.merge(pd.concat(arms), "left", "customer_id").sort_values("customer_id").reset_index(drop=True)


def summary(name: str, rows: pd.DataFrame, scale: int, why: str) -> ActionList:
    """A list's size, expected yen, holdout and what this can show.

    Args:
        name: The list.
        rows: Its rows.
        scale: Minor units per major unit.
        why: Text key of why nobody could be on it, "" where somebody could.
    """
    size, held = len(rows), int((rows["arm"] == "control").sum())
    few = size < SMALL_GROUP
    share = float(np.minimum(rows["year"].to_numpy(float) * WINDOW / YEAR, 1.0).mean()) if size else np.nan
    yen = float("nan") if few else int(rows["yen"].sum()) / scale
    reason = why if not size else "lists.few" if few else ""
    return ActionList(name, size, yen, held, share, smallest(size, held, share), {} if few else example(rows), reason)


def smallest(size: int, held: int, share: float) -> float:
    """Smallest effect on the share of buyers that a list's holdout finds with 80 % power; NaN where none below 100 points.

    Example:
        >>> round(smallest(1000, 100, 0.1), 4)
        0.0886
    """
    if not held or held == size:
        return float("nan")
    found = smallest_visible(float(np.sqrt(share * (1 - share) * (1 / held + 1 / (size - held)))))
    return found if 0 < found < 1 else float("nan")


def example(rows: pd.DataFrame) -> dict[str, object]:
    """What a typical reason of a list says: its most frequent words and product, and the middle of the numbers in them."""
    kinds = rows.groupby(["variant", "product_id"]).size().sort_index().sort_values(ascending=False, kind="stable")
    variant, product = kinds.index[0]
    same = rows[(rows["variant"] == variant) & (rows["product_id"] == product)]
    middle = same[FACTS].astype("float64").quantile(0.5, interpolation="lower")
    numbers = {name: int(value) for name, value in middle.items() if np.isfinite(value)}
    return {"variant": variant, "product_id": product, **numbers}
