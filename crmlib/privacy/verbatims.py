"""Free text without persons: names of this client's customers, telephones, e-mails, postcodes and addresses masked."""

from __future__ import annotations

import re
import unicodedata

from crmlib.privacy import words
from crmlib.privacy.fold import DASHES, KANA, MARK, digits, even
from crmlib.privacy.known import Known

PATTERNS = ("email", "phone", "postcode", "address")
BLANK = re.compile(r"\s")


def masked(text: str, known: Known) -> str:
    """A text after NFKC, with [name], [phone], [email], [address] and so on in place of what names somebody.

    Args:
        text: What a customer said or wrote, or what was noted.
        known: The client's identifiers; without any, only the general patterns and names before a title are masked.

    Example:
        >>> known = Known()
        >>> known.add("name", ["山田 花子"])
        >>> masked("山田　花子です。090-1234-5678まで", known)
        '[name]です。[phone]まで'
    """
    normal = unicodedata.normalize("NFKC", text)
    folded, origin = _folded(normal)
    spans = [(origin[begin], origin[end - 1] + 1, kind) for kind, begin, end in known.places(folded)]
    for kind in PATTERNS:
        spans += [(m.start(), m.end(), kind) for m in words.pattern(kind).finditer(even(normal)) if _counts(kind, m[0])]
    name, nobody = words.titled()
    spans += [(m.start(), m.end(), "name") for m in name.finditer(normal) if not m[0].endswith(tuple(nobody))]
    return _replaced(normal, spans)


def _folded(normal: str) -> tuple[str, list[int]]:
    """The text as it is compared, and where each of its characters stands in the text."""
    kept: list[str] = []
    origin: list[int] = []
    for place, character in enumerate(normal):
        around = normal[max(0, place - 1) : place] + normal[place + 1 : place + 2]
        if BLANK.match(character) and (not around.isascii() or BLANK.search(around)):
            continue
        code = ord(character.lower()) if len(character.lower()) == 1 else ord(character)
        kept.append(str(DASHES.get(code, chr(KANA.get(code, code)))))
        origin.append(place)
    return MARK.sub("-", "".join(kept)), origin


def _counts(kind: str, found: str) -> bool:
    return kind != "phone" or len(digits(found)) in (10, 11)


def _replaced(text: str, spans: list[tuple[int, int, str]]) -> str:
    """The text with the spans replaced, the longest first where they overlap."""
    parts: list[str] = []
    end = 0
    for begin, stop, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if stop <= end:
            continue
        parts += [text[end : max(begin, end)], f"[{kind}]"]
        end = stop
    return "".join([*parts, text[end:]])
