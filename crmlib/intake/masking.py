"""What may be shown of a client's value in a message, a log or a report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

MOST_WORDS = 40  # distinct words of a status or a code
SHOWN = 24  # characters of a masked value


def masked(value: str) -> str:
    """The shape of a value: digits become 9, letters x; nobody is recognised by it.

    Example:
        >>> masked("山田 0123-ab")
        'xx 9999-xx'
    """
    shape = re.sub(r"\d", "9", "".join(c if c.isprintable() else "?" for c in value))
    shape = re.sub(r"[^\W\d_]", "x", shape)
    return shape if len(shape) <= SHOWN else shape[: SHOWN - 1] + "…"


def label(word: str) -> str:
    """A status word as it may be listed: a short word as it is, anything that could name a person masked."""
    personal = len(word) > SHOWN or "@" in word or sum(c.isdigit() for c in word) > 4
    return masked(word) if personal else masked(word) if not word.isprintable() else word or "(blank)"


def labels(words: Mapping[str, int]) -> dict[str, int]:
    """Counted words as they may be listed; where there are more than a status can have, they are something else: shapes.

    Example:
        >>> labels({"発送": 2, "03-1234-5678": 1})
        {'99-9999-9999': 1, '発送': 2}
    """
    shown = label if len(words) <= MOST_WORDS else masked
    found: Counter[str] = Counter()
    for word, count in words.items():
        found[shown(word)] += count
    return dict(sorted(found.items()))
