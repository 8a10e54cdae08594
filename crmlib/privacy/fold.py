"""Text as it is compared: NFKC, small letters, hiragana as katakana, dashes alike, blanks inside Japanese left out."""

from __future__ import annotations

import re
import unicodedata

KANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
LONG = 0x30FC  # the prolonged sound mark: a dash beside a digit, a letter of a word elsewhere
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－ｰ"), "-")
TABLE = KANA | DASHES
BLANKS = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")
MARK = re.compile("(?<=[0-9])" + chr(LONG) + "(?=[0-9])")
NOT_DIGITS = re.compile(r"[^0-9]")


def even(text: str) -> str:
    """A text as patterns read it: NFKC, dashes alike; as long as its NFKC form.

    Example:
        >>> even("０９０ー１２３４")
        '090-1234'
    """
    return MARK.sub("-", unicodedata.normalize("NFKC", text).translate(DASHES))


def fold(text: str) -> str:
    """Any text, so that the spellings of one name are equal.

    Example:
        >>> fold("山田　花子 Ａ-1") == fold("山田花子 a−1"), fold("やまだ") == fold("ﾔﾏﾀﾞ")
        (True, True)
    """
    if text.isascii():
        return text.lower().strip()
    normal = unicodedata.normalize("NFKC", text).lower().translate(TABLE)
    return BLANKS.sub("", MARK.sub("-", normal)).strip()


def digits(text: str) -> str:
    """The digits of a telephone number or a postcode; +81 is the 0 that it stands for.

    Example:
        >>> digits("＋81 (0)90-1234-5678"), digits("090 1234 5678")
        ('09012345678', '09012345678')
    """
    plain = (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()
    found = NOT_DIGITS.sub("", plain)
    if plain.startswith("+81") or (found.startswith("81") and len(found) >= 11 and not found.startswith("0")):
        return "0" + found[2:].lstrip("0")
    return found
