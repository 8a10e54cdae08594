"""The numbers that a reader sees in a deck's HTML, read without any of the deck's own code."""

from __future__ import annotations

import re
from html.parser import HTMLParser

SKIPPED = ("style", "script", "title", "nav", "footer", "desc")
NUMBER = re.compile(r"(?<![\w.,/-])[−+]?[¥$]?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(%|億|万|bn|m|k)?(?![\w./-]|,\d)")
SCALE = {"%": 0.01, "億": 1e8, "万": 1e4, "bn": 1e9, "m": 1e6, "k": 1e3, None: 1.0}


class _Walker(HTMLParser):
    """Collects text outside of skipped elements and of axis ticks (groups whose id names an xtick or ytick)."""

    def __init__(self):
        super().__init__()
        self.open, self.texts = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "link", "br", "wbr", "img", "path", "use", "rect", "line", "circle", "col"):
            tick = tag == "g" and "data-tick" in dict(attrs)
            self.open.append((tag, bool(tick) or tag in SKIPPED))

    def handle_endtag(self, tag):
        while self.open and any(name == tag for name, _ in self.open):
            if self.open.pop()[0] == tag:
                return

    def handle_data(self, data):
        if data.strip() and not any(skipped for _, skipped in self.open):
            self.texts.append(data.strip())


def measured(html):
    """(token, value, half a unit of its last digit) of each number that looks measured: with decimals, a unit or a comma."""
    walker = _Walker()
    walker.feed(html)
    for text in walker.texts:
        for match in NUMBER.finditer(text):
            whole, fraction, unit = match.groups()
            if fraction or unit or "," in whole:
                value = float(whole.replace(",", "") + (fraction or "")) * SCALE[unit]
                yield match[0], value, 0.5 * 10.0 ** -len((fraction or ".")[1:]) * SCALE[unit]


def known_values(numbers):
    """Every value, bound and n of numbers.json, as magnitudes."""
    for entry in numbers.values():
        for part in ("value", "lower", "upper", "n", "level"):
            if isinstance(entry[part], int | float):
                yield abs(entry[part])
