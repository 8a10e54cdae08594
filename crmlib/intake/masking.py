"""What may be shown of a client's value in a message, a log or a report."""

from __future__ import annotations

import re

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
