"""Names of campaigns, versions and segments as they stand in ledger keys."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

RESERVED = frozenset({
    "call", "calls", "campaigns", "contrast", "design", "dose", "faults", "headline", "interaction", "issue", "items", "kept_window",
    "page", "payment", "phone", "qini", "responders", "segment", "state", "stop", "versions", "window",
})  # fmt: skip
LONGEST = 40


def key(name: str) -> str:
    """A name without dots, spaces and signs; letters of any script stay.

    NFKC, then each run of anything but letters, digits, ``-`` and ``_`` becomes ``_``; cut at 40 characters; a word that the
    ledger uses itself gets a ``_`` behind it; nothing left is ``none``.

    Example:
        >>> key("2024.Spring DM v2"), key("segment"), key("")
        ('2024_Spring_DM_v2', 'segment_', 'none')
    """
    plain = unicodedata.normalize("NFKC", name).strip()
    short = re.sub(r"[^\w\-]+", "_", plain).strip("_")[:LONGEST] or "none"
    return short + "_" if short in RESERVED else short


def keys(names: Iterable[str]) -> dict[str, str]:
    """Key of each name; names that come to the same key are numbered in their sorted order (``dm``, ``dm_2``).

    Example:
        >>> keys(["a.b", "a b"])
        {'a b': 'a_b', 'a.b': 'a_b_2'}
    """
    made: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(set(names)):
        wanted, number = key(name), 1
        while wanted in taken:
            number += 1
            wanted = f"{key(name)}_{number}"
        taken.add(wanted)
        made[name] = wanted
    return made
