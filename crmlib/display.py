"""How a value is printed: one function per format, the same rules in texts, tables and charts."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping

from crmlib.errors import CrmError

Value = float | int | str | None
UNKNOWN = "–"  # an unknowable value is a dash in both languages, never 0
MINUS = "\N{MINUS SIGN}"
SYMBOLS: Mapping[str, str] = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "CNY": "CN¥", "KRW": "₩"}
YEN_WORDS: Mapping[str, str] = {"JPY": "円"}
# from this amount on, shown in this unit, with these decimals and this word; a step starts where rounding reaches it
YEN_STEPS = ((99_995_000.0, 1e8, 1, "億"), (99_999.5, 1e4, 0, "万"), (0.0, 1.0, 0, ""))
WESTERN_STEPS = ((999_950_000.0, 1e9, 1, "bn"), (999_500.0, 1e6, 1, "m"), (999.5, 1.0, 0, ""))


def _fixed(digits: int, scale: float = 1.0, suffix: str = "") -> Callable[[float], str]:
    return lambda value: f"{value * scale:,.{digits}f}{suffix}".replace("-", MINUS)


def _signed(digits: int, scale: float = 1.0, suffix: str = "") -> Callable[[float], str]:
    def form(value: float) -> str:
        text = f"{abs(value) * scale:,.{digits}f}"
        sign = "" if not any(c in "123456789" for c in text) else "+" if value > 0 else MINUS
        return sign + text + suffix

    return form


FORMATS: Mapping[str, Callable[[float], str]] = {
    "pct": _fixed(1, 100, "%"),
    "pct0": _fixed(0, 100, "%"),
    "int": _fixed(0),
    "dec1": _fixed(1),
    "dec2": _fixed(2),
    "dec3": _fixed(3),
    "spct": _signed(1, 100),  # signed points: the word "points" stands in the text
    "spct_sign": _signed(1, 100, "%"),
    "sint": _signed(0),
}


def shown(value: Value, form: str, language: str, currency: str = "JPY") -> str:
    """A value as the reader sees it.

    Args:
        value: Number, ISO date, label; None and what is not finite are unknowable, shown as a dash.
        form: A key of `FORMATS`, or money, date, label.
        language: ja or en.
        currency: ISO code for money.

    Example:
        >>> shown(123_456_789, "money", "ja"), shown(-0.0123, "spct", "en"), shown("1997-09-30", "date", "ja")
        ('1.2億円', '−1.2', '1997年9月30日')
    """
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return UNKNOWN
    if form == "label":
        return str(value)
    if form == "date":
        return _date(str(value), language)
    if isinstance(value, str):
        raise CrmError(f"the text '{value}' cannot be shown as '{form}'")
    if form == "money":
        return _money(float(value), language, currency)
    if form not in FORMATS:
        raise CrmError(f"format '{form}' is not one of {', '.join([*FORMATS, 'money', 'date', 'label'])}")
    return FORMATS[form](value)


def _date(value: str, language: str) -> str:
    day = dt.date.fromisoformat(value)
    return f"{day.year}年{day.month}月{day.day}日" if language == "ja" else day.isoformat()


def _money(value: float, language: str, currency: str) -> str:
    in_yen = language == "ja" and currency in YEN_WORDS
    fraction = 0 if currency in ("JPY", "KRW") else 2
    steps = YEN_STEPS if in_yen else (*WESTERN_STEPS, (0.0, 1.0, fraction, ""))
    _, unit, digits, word = next(step for step in steps if abs(value) >= step[0])
    text = f"{abs(value) / unit:,.{digits}f}{word}"
    symbol, suffix = ("", YEN_WORDS[currency]) if in_yen else (SYMBOLS.get(currency, currency + " "), "")
    return (MINUS if value < 0 else "") + symbol + text + suffix
