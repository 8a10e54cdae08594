"""The identifiers of one client's customers, and where a text holds one of them.

What is searched, by rule (docs/intake.md): e-mails and telephone numbers whole; full names (family and given together,
three characters and more) and kana (four and more); addresses that hold a number; a family name alone only before an
honorific; customer ids of eight characters with a letter, of ten digits and more. A value that is also one of our own
words or stands in client.yaml is nobody's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crmlib.privacy import words
from crmlib.privacy.fold import digits, even, fold

PREFIX = 3  # characters under which a name or an address is looked up
LEAST = {"name": 3, "kana": 4, "address": 6}
TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]*")
MIXED_ID, DIGIT_ID = 8, 10


@dataclass
class Known:
    """One client's identifiers, each kind as it is looked up.

    Example:
        >>> known = Known()
        >>> known.add("name", ["山田 花子"])
        >>> known.found("担当は山田　花子です")
        Counter({'name': 1})
    """

    whole: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in ("email", "phone", "id")})
    family: set[str] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)
    lengths: dict[str, set[int]] = field(default_factory=dict)  # of the values that begin with a prefix

    def add(self, kind: str, values: Iterable[str]) -> None:
        """Add identifiers of one kind: email, phone, id, name, kana, address, or family (a family name alone)."""
        for value in values:
            self._one(kind, value)

    def _one(self, kind: str, value: str) -> None:
        text = fold(value)
        if kind == "phone":
            self.whole[kind] |= {number} if len(number := digits(value)) in (10, 11) else set()
        elif kind == "email":
            self.whole[kind] |= {text} if "@" in text else set()
        elif kind == "id":
            self.whole[kind] |= {text} if long_enough(text) else set()
        elif kind == "family":
            self.family |= {text} if text and not text.isascii() else set()
        elif len(text) >= LEAST[kind] and (kind != "address" or re.search(r"\d", text)):
            self.values[text] = kind
            self.lengths.setdefault(text[:PREFIX], set()).add(len(text))

    def drop(self, ours: str) -> None:
        """Forget the names that are words of this text (our own catalogues, client.yaml)."""
        text = fold(ours)
        common = {prefix for prefix in self.lengths if prefix in text}
        for value in [value for value in self.values if value[:PREFIX] in common and value in text]:
            del self.values[value]

    def found(self, text: str) -> Counter[str]:
        """How often a text holds an identifier, by kind."""
        return Counter(kind for kind, _, _ in self.places(fold(text)))

    def places(self, text: str) -> Iterable[tuple[str, int, int]]:
        """Kind, begin and end of each identifier in a folded text."""
        for match in words.pattern("email").finditer(text):
            if match[0].lower() in self.whole["email"]:
                yield "email", match.start(), match.end()
        for match in words.pattern("phone").finditer(text):
            if digits(match[0]) in self.whole["phone"]:
                yield "phone", match.start(), match.end()
        if self.whole["id"]:
            for match in TOKEN.finditer(text):
                if match[0] in self.whole["id"]:
                    yield "id", match.start(), match.end()
        yield from self._names(text)

    def _names(self, text: str) -> Iterable[tuple[str, int, int]]:
        end = 0
        for start in range(len(text) - PREFIX + 1):
            lengths = self.lengths.get(text[start : start + PREFIX], ())
            if start >= end:
                for length in sorted(lengths, reverse=True):
                    value = text[start : start + length]
                    if value in self.values and _stands(text, start, value):
                        end = start + length
                        yield self.values[value], start, end
                        break
        yield from self._addressed(text)

    def _addressed(self, text: str) -> Iterable[tuple[str, int, int]]:
        if not self.family:
            return
        for match in _honorific().finditer(text):
            before = text[max(0, match.start() - 5) : match.start()]
            length = next((n for n in range(min(5, len(before)), 0, -1) if before[-n:] in self.family), 0)
            if length:
                yield "name", match.start() - length, match.start()


def long_enough(number: str) -> bool:
    """Whether a customer id is long enough to be told from any other number of a report.

    Example:
        >>> long_enough("12345678"), long_enough("AB345678"), long_enough("1234567890")
        (False, True, True)
    """
    return len(number) >= (DIGIT_ID if number.isdigit() else MIXED_ID) and any(c.isdigit() for c in number)


def _stands(text: str, start: int, value: str) -> bool:
    """Whether a value that begins here stands by itself: a Latin name or one that ends in a digit not inside a longer word."""
    end = start + len(value)
    before, after = text[start - 1 : start], text[end : end + 1]
    inside = value[0].isascii() and before.isascii() and before.isalnum()
    return not (inside or (value[-1].isascii() and after.isascii() and after.isalnum()))


def _honorific() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, map(fold, words.honorifics()))))


def general(text: str) -> Mapping[str, int]:
    """What looks like personal data of anybody: e-mail, telephone, postcode with an address, address; external URLs.

    Example:
        >>> dict(general("call 090-1234-5678 or write to a@example.jp"))
        {'email pattern': 1, 'phone pattern': 1}
    """
    plain = even(text)
    found = {kind: sum(_counts(kind, match) for match in words.pattern(kind).finditer(plain)) for kind in words.KINDS}
    return {f"{kind} pattern" if kind != "url" else "external URL": n for kind, n in found.items() if n}


def _counts(kind: str, match: re.Match[str]) -> bool:
    if kind == "phone":
        return len(digits(match[0])) in (10, 11)
    if kind == "url":
        return match[0].split("//", 1)[1].lower() not in words.namespaces()
    return True
