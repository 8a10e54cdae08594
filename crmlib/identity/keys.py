"""What persons are compared by: name, kana, e-mail, telephone and address in one spelling each, "" where there is none."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping

import pandas as pd

from crmlib.privacy import words
from crmlib.privacy.fold import digits, fold

SIGNS = re.compile(r"[^0-9a-z\u3040-\u30fa\u30fc-\u30ff\u3400-\u9fff]")
LEAST_ADDRESS = 6
COLUMNS = ("name", "kana", "email", "phone", "address")


def of(persons: pd.DataFrame) -> pd.DataFrame:
    """The keys of persons.

    Args:
        persons: Any of the columns name, kana, email, phone, address as the client wrote them; None or "" where empty.

    Returns:
        One row per person in the same order, all of `COLUMNS`.
    """
    made = {name: _converted(persons[name], WAYS[name]) if name in persons else "" for name in COLUMNS}
    return pd.DataFrame(made, index=persons.index)


def _converted(column: pd.Series, way: Callable[[str], str]) -> pd.Series:
    texts = column.fillna("").astype(str)
    known = {text: way(text) for text in texts.unique()}
    return texts.map(known)


def letters(text: str) -> str:
    """A name or its reading without blanks and signs.

    Example:
        >>> letters("山田・ 花子"), letters("Yamada, Hanako")
        ('山田花子', 'yamadahanako')
    """
    return SIGNS.sub("", fold(text))


def email(text: str) -> str:
    """An e-mail address; what follows a + before the @ is the owner's own label.

    Example:
        >>> email("Hana+shop@Example.JP ")
        'hana@example.jp'
    """
    local, at, domain = fold(text).partition("@")
    return f"{local.partition('+')[0]}@{domain}" if at and local and domain else ""


def phone(text: str) -> str:
    """A telephone number's ten or eleven digits; "" for one that is filled in for form's sake (all digits alike)."""
    number = digits(text)
    return number if len(number) in (10, 11) and len(set(number)) > 2 else ""


def address(text: str) -> str:
    """An address with a house number: signs left out, blocks divided by a dash.

    Example:
        >>> address("見本市緑町 二丁目１１番地３号") == address("見本市緑町2-11-3")
        True
    """
    divided = words.blocks().sub("-", fold(text).replace(" ", ""))
    plain = _kanji_number().sub(lambda match: str(_number(match[0])), divided)
    plain = re.sub("-+", "-", plain).strip("-")
    return plain if len(plain) >= LEAST_ADDRESS and any(c.isdigit() for c in plain) else ""


@functools.cache
def _kanji_number() -> re.Pattern[str]:
    known, ten = words.numerals()
    return re.compile(f"[{''.join(known)}{ten}]+(?=-)")


def _number(signs: str) -> int:
    """A number up to 99 in kanji."""
    known, ten = words.numerals()
    before, sign, after = signs.partition(ten)
    if not sign:
        return known[before[-1]]
    return 10 * (known[before[-1]] if before else 1) + known.get(after[:1], 0)


WAYS: Mapping[str, Callable[[str], str]] = {
    "name": letters, "kana": letters, "email": email, "phone": phone, "address": address,
}  # fmt: skip
