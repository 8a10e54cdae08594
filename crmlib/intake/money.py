"""Money as people write it, to integer minor units; what could mean two things is refused with a reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

import numpy as np

from crmlib.intake.values import BLANK, IntColumn, Value, plain

SIGNS: Mapping[str, tuple[str, ...]] = {
    "¥": ("JPY", "CNY"), "\\": ("JPY",), "円": ("JPY",), "元": ("CNY",), "€": ("EUR",), "£": ("GBP",), "₩": ("KRW",),
    "$": ("USD", "TWD", "HKD", "SGD", "AUD", "CAD"),
}  # fmt: skip
PRICE_STEPS = 10_000  # unit prices are kept to 1/10,000 of a minor unit until they are multiplied
LIMIT = 10**12  # minor units; from here on an amount is a mistake (and a day would leave `summaries.orders.PACK`)
MINUS = "△▲−‐–—"
NUMBER = re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<fraction>[0-9]+))?")
SIGN = "[¥\\\\$€£₩]|[A-Z]{3}"
SHAPE = re.compile(
    rf"(?P<open>\()?(?P<minus>[-+{MINUS}])?\s*(?P<before>{SIGN})?\s*(?P<late>[-+{MINUS}])?\s*"
    r"(?P<number>[0-9,.]+)\s*(?P<after>円|元|[A-Z]{3})?(?P<dash>-)?(?P<close>\))?"
    r"(?P<tax>\s*(?:\(税(?:込)\)|税(?:込)))?"
)


def amount(text: str, currency: str, minor_units: int) -> Value:
    """One amount in minor units.

    Args:
        text: As the file has it.
        currency: The client's currency (ISO code); another one's sign is refused.
        minor_units: Minor units per major unit (yen 1, cents 100).

    Example:
        >>> amount("△1,234円", "JPY", 1)
        Value(value=-1234, reason='', repairs=('negative_mark', 'currency_sign', 'thousands'))
        >>> amount("1,20", "JPY", 1).reason
        'bad_grouping'
    """
    return _scaled(text, currency, minor_units)


def unit_price(text: str, currency: str, minor_units: int) -> Value:
    """One unit price, in 1/`PRICE_STEPS` of a minor unit."""
    value = _scaled(text, currency, minor_units, PRICE_STEPS)
    return value._replace(reason=value.reason.replace("amount", "price"))


def quantity(text: str) -> Value:
    """A number of pieces: whole, perhaps negative.

    Example:
        >>> quantity("-3").value, quantity("2.5").reason
        (-3, 'bad_quantity')
    """
    value = _scaled(text, "", 1)
    if value.reason and value.reason != BLANK:
        return Value(None, "bad_quantity")
    return value


def product(pieces: IntColumn, prices: IntColumn) -> tuple[np.ndarray, np.ndarray]:
    """Quantity times unit price.

    Returns:
        Amounts in minor units (0 where bad), and reasons: "", fraction_of_minor_unit or amount_too_large.
    """
    large = np.abs(pieces.values.astype(float)) * np.abs(prices.values) >= float(LIMIT * PRICE_STEPS)
    raw = np.where(large, 0, pieces.values) * prices.values
    amounts, fraction = raw // PRICE_STEPS, raw % PRICE_STEPS != 0
    reasons = np.where(large, "amount_too_large", np.where(fraction, "fraction_of_minor_unit", "")).astype(object)
    return np.where(fraction | large, 0, amounts), reasons


def _scaled(text: str, currency: str, minor_units: int, finer: int = 1) -> Value:
    """In minor units, or so many times finer."""
    normal, repairs = plain(text.replace("￥", "¥"))
    if not normal:
        return Value(None, BLANK)
    shape = SHAPE.fullmatch(normal)
    noted = any(unicodedata.category(character) == "No" for character in text)  # NFKC would make a digit of a footnote
    if (
        shape is None
        or noted
        or bool(shape["open"]) != bool(shape["close"])
        or not any(c.isdigit() for c in shape["number"])
    ):
        return Value(None, "bad_amount")
    number = NUMBER.fullmatch(shape["number"])
    reason = _reason(shape, number, currency)
    if reason or number is None:
        return Value(None, reason)
    steps = minor_units * finer
    exact = Decimal(shape["number"].replace(",", "")) * steps
    if exact != exact.to_integral_value():
        return Value(None, "fraction_of_minor_unit")
    if exact >= LIMIT * finer:
        return Value(None, "amount_too_large")
    negative = bool(shape["open"]) or (shape["minus"] or shape["late"] or "+") != "+"
    return Value(int(-exact if negative else exact), "", (*repairs, *_mended(shape, number, steps)))


def _reason(shape: re.Match[str], number: re.Match[str] | None, currency: str) -> str:
    signs = [SIGNS.get(sign, (sign,)) for sign in (shape["before"], shape["after"]) if sign]
    if any(currency not in sign for sign in signs):
        return "other_currency" if currency else "bad_amount"
    if sum(bool(shape[part]) for part in ("open", "minus", "late")) > 1:
        return "bad_amount"
    if shape["dash"] and (not signs or shape["open"] or shape["minus"] or shape["late"]):
        return "ambiguous_amount"  # 1,000- is minus a thousand for some, a closing stroke for others
    if number is None:
        return "bad_grouping" if "," in shape["number"] else "bad_amount"
    return ""


def _mended(shape: re.Match[str], number: re.Match[str], steps: int) -> tuple[str, ...]:
    marks = (shape["minus"] or "") + (shape["late"] or "") + (shape["open"] or "")
    kinds = {
        "negative_mark": any(mark in MINUS + "(" for mark in marks),
        "currency_sign": bool(shape["before"] or shape["after"] or shape["dash"]),
        "thousands": "," in number["whole"],
        "tax_mark": bool(shape["tax"]),
        "trailing_zeros": bool(number["fraction"]) and steps == 1,
    }
    return tuple(kind for kind, mended in kinds.items() if mended)
