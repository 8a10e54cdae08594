"""Number formats of Excel that show the very words that a chart has, or none."""

from __future__ import annotations

import re
from collections.abc import Sequence

WORD = re.compile(
    r"(?P<sign>[+\u2212-]?)(?P<before>[^\d+\u2212-]*)(?P<digits>\d[\d,]*)(?P<rest>\.\d+)?(?P<after>[^\d]*)"
)
SCALES = {1.0: "", 1e3: ",", 1e6: ",,", 1e9: ",,,"}


def code(values: Sequence[float], words: Sequence[str]) -> str:
    """The number format that turns the values into the words; empty when there is none.

    Example:
        >>> code([0, 20, 40], ["0%", "20%", "40%"])
        '0"%";"\u2212"0"%";"0%"'
        >>> code([1.5e6, 2e6], ["\u00a51.5m", "\u00a52.0m"])
        '"\u00a5"0.0,,"m";"\u2212\u00a5"0.0,,"m";"0"'
        >>> code([1, 2], ["one", "two"])
        ''
    """
    pairs = [(value, word) for value, word in zip(values, words, strict=True) if word]
    zeros = {word for value, word in pairs if value == 0}
    rest = [(value, WORD.fullmatch(word)) for value, word in pairs if value != 0]
    if not rest or len(zeros) > 1 or any(match is None for _, match in rest):
        return ""
    found = [(value, match) for value, match in rest if match]
    if _as_they_are(found):
        return f"General{_said(found[0][1]['after'])}"
    looks = {(m["before"], m["after"], len(m["rest"] or "")) for _, m in found}
    scale = _scale(found)
    if len(looks) != 1 or scale not in SCALES:
        return ""
    before, after, decimals = looks.pop()
    grouped = any("," in m["digits"] for _, m in found)
    body = "#,##0" if grouped else "0"
    body += ("." + "0" * (decimals - 1) if decimals else "") + SCALES[scale]
    plus = "+" if any(m["sign"] == "+" for _, m in found) else ""
    zero = zeros.pop() if zeros else "0"
    return f"{_said(plus + before)}{body}{_said(after)};{_said(chr(0x2212) + before)}{body}{_said(after)};{_said(zero)}"


def _as_they_are(found: Sequence[tuple[float, re.Match[str]]]) -> bool:
    """Whether numbers of unlike decimals are written in full, with the same word behind."""
    mixed = len({len(m["rest"] or "") for _, m in found}) > 1 and len({m["after"] for _, m in found}) == 1
    return mixed and all(
        not m["before"] and not m["sign"] and f"{value:g}" == m["digits"] + (m["rest"] or "") for value, m in found
    )


def _said(text: str) -> str:
    return '"' + text.replace('"', "") + '"' if text else ""


def _scale(found: Sequence[tuple[float, re.Match[str]]]) -> float:
    """How many of the values' units the written number counts; 0 when that differs or a sign is wrong."""
    for scale in SCALES:
        if all(_fits(value / scale, match) for value, match in found):
            return scale
    return 0.0


def _fits(value: float, match: re.Match[str]) -> bool:
    rest = match["rest"] or ""
    shown = float(match["digits"].replace(",", "") + rest)
    half = 0.5 * 10.0 ** -max(len(rest) - 1, 0)
    right = (value < 0) == (match["sign"] in ("\u2212", "-")) or shown == 0
    return right and abs(abs(value) - shown) <= half * (1 + 1e-6) + 1e-9
