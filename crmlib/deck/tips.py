"""What the HTML tells of a printed number: its definition, interval, n and ledger key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crmlib import display
from crmlib.deck import binding
from crmlib.deck.binding import Part, tokens
from crmlib.deck.collect import Collected
from crmlib.numbers.model import Ledger, Number
from crmlib.text import Words

FEWEST_DIGITS = 3  # of a cell's number that is sought beyond the slide's own: "12" could be any of many
FORMS = {"ratio": "dec2"}  # where the first of the usual ones says too little
Known = dict[str, int]
Forms = Mapping[str, set[Part]]


def told(parts: Collected, language: str) -> dict[str, Any]:
    """The tips of a deck as plain data: `said`, each number's lines; `known`, by slide and text the numbers in it.

    Args:
        parts: What `collect.collected` read.
        language: ja or en.
    """
    made = _Tips(parts, Words(language))
    return {"said": made.said, "known": made.known}


def of(told: Mapping[str, Any], slide: str, *parts: Sequence[str]) -> Known:
    """The numbers of a slide's text, or of a row's cells, given as lines."""
    known: Known = told["known"].get(slide, {}).get(_bare("".join(line for lines in parts for line in lines)), {})
    return known


class _Tips:
    """The tips of one language: `said` holds each number's lines, `known` what a slide's texts and rows show."""

    def __init__(self, parts: Collected, words: Words) -> None:
        self.words, self.ledger = words, parts.ledger
        self.said: list[list[str]] = []
        self.places: dict[str, int] = {}
        self.forms: Forms = binding.forms(parts.ledger, words.language)
        self.known = {slide["id"]: self._known(slide) for slide in parts.slides}

    def _known(self, slide: Mapping[str, Any]) -> dict[str, Known]:
        """What each text and each table row of the slide (without its spaces) shows: token -> number."""
        language = self.words.language
        texts = slide["texts"][language]
        own = binding.forms(_ledger(slide, self.ledger), language)
        written = set(tokens(*texts["literals"]))
        known = {
            _bare(text): self._texts(text, own, written) for text in (texts["title"], texts["yen"], *texts["points"])
        }
        home = slide["id"].partition(".")[0] + "."
        for table in slide["exhibits"][language]:
            literals = set(tokens(*table["literals"]))
            for row in table["rows"] if table["kind"] == "table" else ():
                known[_bare("".join(row))] = self._row(row, own, literals, home)
        return known

    def _texts(self, text: str, own: Forms, written: set[str]) -> Known:
        """A text's numbers are those that its template names; one that two of them would explain is left alone."""
        found = {token: _keys(own, token) for token in sorted(set(tokens(text)) - written)}
        return {token: self._place(keys[0]) for token, keys in found.items() if keys and self._same(keys)}

    def _row(self, row: Sequence[str], own: Forms, written: set[str], home: str) -> Known:
        """A row's numbers are often one number's parts, or of one family: what explains most of the row is meant."""
        shown = sorted(set(tokens(*row)) - written)
        found = {
            token: _keys(own, token) or [k for k in _keys(self.forms, token) if k.startswith(home)] for token in shown
        }
        votes = Counter(name for keys in found.values() for name in {n for key in keys for n in (key, _family(key))})
        known = {}
        for token, keys in found.items():
            strength = {key: (votes[_family(key)], votes[key]) for key in keys}
            best = [key for key in keys if strength[key] == max(strength.values())]
            sure = sum(map(str.isdigit, token)) >= FEWEST_DIGITS or (best and strength[best[0]][0] > 1)
            if best and sure and self._same(best):
                known[token] = self._place(best[0])
        return known

    def _same(self, keys: Sequence[str]) -> bool:
        """Whether the keys tell the same of the same thing."""
        return len({self.ledger[key] for key in keys}) == 1

    def _place(self, key: str) -> int:
        if key not in self.places:
            self.places[key] = len(self.said)
            self.said.append(list(self._lines(key, self.ledger[key])))
        return self.places[key]

    def _lines(self, key: str, number: Number) -> Iterator[str]:
        defined = f"definition.{number.definition}"
        yield self.words.fill(defined) if defined in self.words else ""
        yield self.words.fill("deck.tip.separator").join(self._facts(number))
        yield key

    def _facts(self, number: Number) -> Iterator[str]:
        if number.value is not None:
            yield self._shown(number.value, number)
        if number.lower is not None and number.upper is not None and number.level is not None:
            lower, upper = (self._shown(end, number) for end in (number.lower, number.upper))
            level = self.words.number(number.level, "pct0")
            yield self.words.fill("deck.tip.interval", level=level, lower=lower, upper=upper)
        if number.n is not None:
            yield self.words.fill("deck.tip.n", n=self.words.number(number.n, "int"))

    def _shown(self, value: Any, number: Number) -> str:
        usual = FORMS.get(number.unit) or binding.UNIT_FORMATS.get(number.unit, ("label",))[0]
        form = "label" if isinstance(value, str) else usual
        return display.shown(value, form, self.words.language, self.ledger.currency)


def marks(lines: Sequence[str], known: Known, language: str) -> list[list[tuple[str, int | None]]]:
    """Lines cut into pieces, each with the number that it is.

    Args:
        lines: A text broken into lines.
        known: Token -> number.
        language: ja or en; in English a space stood at each break.
    """
    gap = "" if language == "ja" else " "
    found = [(start, end, known[token]) for start, end, token in binding.spans(gap.join(lines)) if token in known]
    cut, begin = [], 0
    for line in lines:
        inside = [(s - begin, e - begin, i) for s, e, i in found if begin <= s and e <= begin + len(line)]
        cut.append(list(_pieces(line, inside)))
        begin += len(line) + len(gap)
    return cut


def _pieces(line: str, inside: Sequence[tuple[int, int, int]]) -> Iterator[tuple[str, int | None]]:
    at = 0
    for start, end, number in inside:
        yield line[at:start], None
        yield line[start:end], number
        at = end
    yield line[at:], None


def _ledger(slide: Mapping[str, Any], ledger: Ledger) -> Ledger:
    return Ledger((), ledger.currency, {key: ledger[key] for key in slide["numbers"]})


def _family(key: str) -> str:
    return key.rpartition(".")[0] + "."


def _keys(forms: Forms, token: str) -> list[str]:
    return sorted({key for key, _ in forms.get(token, ())})


def _bare(text: str) -> str:
    return "".join(text.split())
