"""What may be shown of a client's value in a message, a log or a report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

MOST_WORDS = 40  # distinct words of a status or a code
SHOWN = 24  # characters of a masked value
# What names a person in free text: e-mail, URL, telephone and other long numbers, postal code, a name before its title.
DIRECT = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "<email>"),
    (re.compile(r"https?://\S+"), "<url>"),
    (re.compile(r"〒?\s*\b[0-9]{3}-[0-9]{4}\b(?!-)"), "<postcode>"),
    (re.compile(r"(?<![0-9])0[0-9]{1,4}[-( )]*[0-9]{1,4}[-( )]*[0-9]{3,4}(?![0-9])"), "<phone>"),
    (re.compile(r"[0-9]{7,}"), "<number>"),
    (re.compile(r"[\u3400-\u9fff々ヶ\u30a0-\u30ff]{1,8}(?=\s?(?:様|さ(?:ま)|氏)(?![\u3040-\u309f]))"), "<name>"),
)


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


def text(words: str) -> str:
    """Free text without what names a person directly.

    Example:
        >>> text("a.b@example.jp, 03-1234-5678")
        '<email>, <phone>'
    """
    for pattern, mark in DIRECT:
        words = pattern.sub(mark, words)
    return words


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
