"""Candidate duplicates: persons who share a telephone, an e-mail, or a name and an address; judged by printed rules.

Blocking: only persons with an equal key are compared, so a million persons are a few sorts. Rules rather than learnt
weights: each pair goes to the client with its reasons in words, and the same file gives the same list on every machine.

- sure: the same person by name (equal kana; equal names where a kana is missing) and the same telephone, e-mail or address.
- possible: the same telephone or e-mail, and a name that is nearly the same (kana one letter apart, or names equal where
  the kana differ).
- else a household (telephone or address shared, names differ): counted, never a candidate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

LARGEST = 20  # persons that share one key; more share a filler (the shop's own number), not a person
SURE, POSSIBLE, HOUSEHOLD = "sure", "possible", "household"
SHARED = ("phone", "email", "address")


@dataclass(frozen=True)
class Candidates:
    """Pairs of customers who may be one person.

    Attributes:
        pairs: customer_a < customer_b (pseudonyms), level (sure, possible), evidence such as "kana+phone".
        persons: Persons compared.
        households: Pairs that share a telephone, e-mail or address under different names.
        skipped: Keys that more than `LARGEST` persons share and that were not followed, by kind of key.
    """

    pairs: pd.DataFrame
    persons: int
    households: int
    skipped: dict[str, int]

    def groups(self) -> pd.DataFrame:
        """What merging the sure pairs would do: customer_id -> merged_id, the smallest of the group."""
        sure = self.pairs[self.pairs["level"] == SURE]
        ids, codes = np.unique(sure[["customer_a", "customer_b"]].to_numpy().ravel(), return_inverse=True)
        left, right = codes.reshape(-1, 2).T if len(sure) else (np.empty(0, int), np.empty(0, int))
        links = coo_array((np.ones(len(sure)), (left, right)), shape=(len(ids), len(ids)))
        label = connected_components(links, directed=False)[1] if len(ids) else np.empty(0, int)
        groups = pd.DataFrame({"customer_id": ids.astype(np.int64), "group": label})
        groups["merged_id"] = groups.groupby("group")["customer_id"].transform("min").astype(np.int64)
        return groups.loc[groups["customer_id"] != groups["merged_id"], ["customer_id", "merged_id"]]


def candidates(keys: pd.DataFrame, ids: pd.Series) -> Candidates:
    """Compare persons.

    Args:
        keys: `keys.of` the persons.
        ids: Their customer ids (pseudonyms), one row each.
    """
    rows = keys.reset_index(drop=True)
    skipped: dict[str, int] = {}
    blocks = [*(rows[name] for name in ("phone", "email")), *_named_addresses(rows)]
    found = [_together(block, str(name), skipped) for block, name in zip(blocks, (*SHARED, "address"), strict=True)]
    left, right = np.unique(np.concatenate(found), axis=0).T
    same = {name: _equal(rows[name], left, right) for name in rows.columns}
    level = _levels(rows, same, (left, right))
    evidence = _evidence(same)
    chosen = level != HOUSEHOLD
    numbers = ids.to_numpy(np.int64)
    ends = np.sort(np.stack([numbers[left[chosen]], numbers[right[chosen]]], axis=1), axis=1)
    pairs = pd.DataFrame({
        "customer_a": ends[:, 0], "customer_b": ends[:, 1], "level": level[chosen], "evidence": evidence[chosen],
    })  # fmt: skip
    pairs = pairs.sort_values(["level", "customer_a", "customer_b"], ascending=[False, True, True], ignore_index=True)
    return Candidates(pairs, len(rows), int((~chosen).sum()), skipped)


def _named_addresses(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Blocks of an address together with a kana, and with a name."""
    both = [(rows["address"] != "") & (rows[name] != "") for name in ("kana", "name")]
    first, second = (
        (rows["address"] + "|" + rows[name]).where(mask, "") for name, mask in zip(("kana", "name"), both, strict=True)
    )
    return first, second


def _together(block: pd.Series, name: str, skipped: dict[str, int]) -> np.ndarray:
    """All pairs of rows within each block, as an array of two columns, the smaller row first."""
    kept = block[block != ""]
    size = kept.map(kept.value_counts()) if len(kept) else kept
    crowded = int(kept[size > LARGEST].nunique()) if len(kept) else 0
    if crowded:
        skipped[name] = skipped.get(name, 0) + crowded
    kept = kept[(size > 1) & (size <= LARGEST)].astype(str) if len(kept) else kept
    side = pd.DataFrame({"key": kept.to_numpy(), "row": kept.index.to_numpy(np.int64)})
    both = side.merge(side, on="key")
    pairs = both.loc[both["row_x"] < both["row_y"], ["row_x", "row_y"]]
    return pairs.to_numpy(np.int64).reshape(-1, 2)


def _equal(column: pd.Series, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    values = column.to_numpy(object)
    return (values[left] == values[right]) & (values[left] != "")


def _levels(rows: pd.DataFrame, same: dict[str, np.ndarray], ends: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    left, right = ends
    kana = rows["kana"].to_numpy(object)
    unread = (kana[left] == "") | (kana[right] == "")
    named = same["kana"] | (same["name"] & unread)
    near = same["name"] | _near(kana, left, right, ~named)
    shared = same["phone"] | same["email"] | same["address"]
    possible = ~named & near & (same["phone"] | same["email"])
    return np.where(named & shared, SURE, np.where(possible, POSSIBLE, HOUSEHOLD))


def _near(texts: np.ndarray, left: np.ndarray, right: np.ndarray, asked: np.ndarray) -> np.ndarray:
    near = np.zeros(len(left), bool)
    for place in np.flatnonzero(asked):
        near[place] = one_apart(texts[left[place]], texts[right[place]])
    return near


def one_apart(one: str, other: str) -> bool:
    """Whether two texts of four letters and more differ in one letter: replaced, left out or put in.

    Example:
        >>> one_apart("yamada", "yamade"), one_apart("yamada", "yamadas"), one_apart("yamada", "yama")
        (True, True, False)
    """
    if min(len(one), len(other)) < 4 or abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return (
        one[start + 1 :] == other[start + 1 :] or one[start + 1 :] == other[start:] or one[start:] == other[start + 1 :]
    )


def _evidence(same: dict[str, np.ndarray]) -> np.ndarray:
    listed = np.array([""] * len(next(iter(same.values()))), object)
    for name, mask in same.items():
        listed[mask] = [f"{text}+{name}" if text else name for text in listed[mask]]
    return listed
