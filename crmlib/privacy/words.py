"""templates/privacy.toml: headers of personal columns and patterns of personal data, compiled once."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from crmlib.home import TEMPLATES

FILE = "privacy.toml"
PARTS = re.compile(r"[\s_\-()\[\]{}<>/.:*]")
KINDS = ("email", "phone", "postcode", "address", "url")


@functools.cache
def _tree() -> Mapping[str, Any]:
    return tomllib.loads((TEMPLATES / FILE).read_text("utf-8"))


def plain(header: str) -> str:
    """A header as it is compared: NFKC, small letters, without blanks, brackets and dashes.

    Example:
        >>> plain("E-Mail （PC）")
        'emailpc'
    """
    return PARTS.sub("", unicodedata.normalize("NFKC", header).lower())


@functools.cache
def kind_of(header: str) -> str:
    """What a column with this header says of a person: email, phone, name, kana, town ...; "" if nothing."""
    text = plain(header)
    for kind, known in _tree()["headers"].items():
        if text in known.get("equals", ()) or any(text.endswith(plain(word)) for word in known["words"]):
            return str(kind)
    return ""


@functools.cache
def pattern(kind: str) -> re.Pattern[str]:
    """The pattern of one kind of personal data, for text after NFKC."""
    return re.compile(_tree()["patterns"][kind])


@functools.cache
def honorifics() -> Sequence[str]:
    """What follows a family name that stands alone."""
    return tuple(_tree()["honorifics"]["words"])


@functools.cache
def titled() -> tuple[re.Pattern[str], frozenset[str]]:
    """A name before a title, and what stands there without being one."""
    told = _tree()["honorifics"]
    return re.compile(told["titled"]), frozenset(told["nobody"])


@functools.cache
def namespaces() -> frozenset[str]:
    """Hosts that name a format and are never loaded."""
    return frozenset(_tree()["namespaces"]["words"])


@functools.cache
def blocks() -> re.Pattern[str]:
    """What divides the numbers of a Japanese block address."""
    return re.compile("|".join(map(re.escape, _tree()["addresses"]["blocks"])))


@functools.cache
def numerals() -> tuple[Mapping[str, int], str]:
    """The kanji of 1 to 9 with their values, and that of ten."""
    told = _tree()["addresses"]
    return {sign: value for value, sign in enumerate(told["numerals"], 1)}, str(told["ten"])
