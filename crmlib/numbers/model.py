"""`Number` and `Ledger`: one home for every number that is printed anywhere."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from crmlib.errors import CrmError

if TYPE_CHECKING:
    from crmlib.intervals import Estimate

MIME = "application/vnd.crmlib.numbers+json"
UNITS = (
    "share", "points", "count", "money", "days", "weeks", "months", "ratio", "parameter", "log_likelihood", "date", "label",
)  # fmt: skip
LINES_SHOWN = 60  # of a ledger, in a notebook; the bundle holds all
SIGNIFICANT_DIGITS = 10  # parallel sums of floats may differ beyond these; integers are exact
PARTS = ("value", "lower", "upper", "n")

Value = float | int | str | None


@dataclass(frozen=True)
class Measure:
    """What a ledger key means.

    Args:
        pattern: The key, with braces for its varying parts: ``retention.f2_km.{days}d``.
        unit: One of `UNITS`.
        definition: Text key below ``definition.`` that says exactly what is measured.
    """

    pattern: str
    unit: str
    definition: str

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise CrmError(f"measure {self.pattern}: unit '{self.unit}' is not one of {', '.join(UNITS)}")

    def matches(self, key: str) -> bool:
        """Whether a ledger key is one of this measure's."""
        return _compiled(self.pattern).fullmatch(key) is not None


@dataclass(frozen=True)
class Number:
    """One printed number: value with interval, level, n, unit and definition; None with a `why` when unknowable."""

    value: Value
    unit: str
    lower: float | int | None = None
    upper: float | int | None = None
    level: float | None = None
    n: int | None = None
    definition: str = ""
    why: str = ""


_patterns: dict[str, re.Pattern[str]] = {}


def _compiled(pattern: str) -> re.Pattern[str]:
    if pattern not in _patterns:
        literal = re.split(r"\{\w+\}", pattern)
        _patterns[pattern] = re.compile("[^.]+".join(map(re.escape, literal)))
    return _patterns[pattern]


def rounded(value: Any) -> Value:
    """A value as the ledger keeps it: plain Python, floats to 10 significant digits, NaN and infinity as None.

    Example:
        >>> rounded(2 / 3), rounded(float("nan"))
        (0.6666666667, None)
    """
    if value is None or isinstance(value, str):
        return value
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CrmError(f"a ledger value is a number or a text, not {type(value).__name__}")
    if isinstance(value, int):
        return value
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}") if math.isfinite(value) else None


@dataclass
class Ledger:
    """Numbers under stable keys, in the order in which they were entered.

    Args:
        measures: What may be entered; a key that no measure matches is an error.
        currency: ISO code of money values (they are in major units).

    Example:
        >>> ledger = Ledger([Measure("retention.f2_km.{days}d", "share", "retention.f2_km")], "JPY")
        >>> ledger.add("retention.f2_km.90d", 0.4123, lower=0.40, upper=0.42, level=0.95, n=1200)
        >>> ledger["retention.f2_km.90d"].value
        0.4123
    """

    measures: Iterable[Measure] = ()
    currency: str = "JPY"
    numbers: dict[str, Number] = field(default_factory=dict)

    def add(self, key: str, value: Any, *, why: str = "", **parts: Any) -> None:
        """Enter a number.

        Args:
            key: Stable ledger key; must match a measure.
            value: Number or text; NaN and None are "unknowable" and need `why` (a text key below ``why.``).
            why: Why the value is unknowable; of a known value nothing is kept.
            **parts: lower, upper, level, n.

        Raises:
            CrmError: unknown key, key entered twice, or an unknowable value without a why.
        """
        matching = [m for m in self.measures if m.matches(key)]
        if not matching:
            raise CrmError(f"ledger key '{key}' matches no measure")
        measure = min(matching, key=lambda one: one.pattern.count("{"))  # the own name before a pattern that fits
        if key in self.numbers:
            raise CrmError(f"ledger key '{key}' is entered twice")
        kept = rounded(value)
        if kept is None and not why:
            raise CrmError(f"ledger key '{key}' is unknowable, but no why is given")
        bounds = {name: rounded(part) for name, part in parts.items()}
        reason = why if kept is None else ""
        self.numbers[key] = Number(kept, measure.unit, definition=measure.definition, why=reason, **bounds)  # type: ignore[arg-type]

    def estimate(self, key: str, found: Estimate, why: str) -> None:
        """Enter a result with its interval, level (where an end of the interval is known) and n.

        Args:
            key: Stable ledger key.
            found: The result.
            why: Text key of `found.why`, "" where the value is known.
        """
        bounded = math.isfinite(found.lower) or math.isfinite(found.upper)
        level = found.level if bounded else None
        self.add(key, found.value, why=why, lower=found.lower, upper=found.upper, level=level, n=found.n)

    def __getitem__(self, key: str) -> Number:
        if key not in self.numbers:
            raise CrmError(f"ledger key '{key}' is not in the ledger")
        return self.numbers[key]

    def __contains__(self, key: str) -> bool:
        return key in self.numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self.numbers)

    def part(self, reference: str) -> tuple[Number, Value]:
        """The number and the part that a reference such as ``retention.f2_km.90d.lower`` names."""
        if reference in self.numbers:
            return self.numbers[reference], self.numbers[reference].value
        key, _, name = reference.rpartition(".")
        if name not in PARTS:
            raise CrmError(f"ledger key '{reference}' is not in the ledger")
        number = self[key]
        return number, getattr(number, name)

    def to_json(self) -> dict[str, Any]:
        """What the notebook hands on: currency and numbers, plain JSON values."""
        return {"currency": self.currency, "numbers": {key: asdict(number) for key, number in self.numbers.items()}}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:  # noqa: ARG002
        rows = [f"{key}: {_shown(number)}" for key, number in self.numbers.items()]
        rows = [*rows[:LINES_SHOWN], f"... and {len(rows) - LINES_SHOWN} more"] if len(rows) > LINES_SHOWN else rows
        return {MIME: self.to_json(), "text/plain": "\n".join(rows)}


def from_json(data: Mapping[str, Any]) -> Ledger:
    """The ledger that `Ledger.to_json` wrote."""
    return Ledger((), data["currency"], {key: Number(**number) for key, number in data["numbers"].items()})


def merged(ledgers: Iterable[Ledger]) -> Ledger:
    """One ledger of several; a key that two of them enter is an error."""
    whole = Ledger()
    for ledger in ledgers:
        twice = whole.numbers.keys() & ledger.numbers.keys()
        if twice:
            raise CrmError(f"ledger keys entered by two diagnostics: {', '.join(sorted(twice))}")
        whole.currency = ledger.currency
        whole.numbers.update(ledger.numbers)
    return whole


def dumps(ledger: Ledger) -> str:
    """numbers.json: keys sorted, one number a line, the same bytes for the same numbers."""
    lines = [
        f"{json.dumps(key)}: {json.dumps(asdict(number), ensure_ascii=False)}"
        for key, number in sorted(ledger.numbers.items())
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _shown(number: Number) -> str:
    parts = [f"{number.value:.6g}" if isinstance(number.value, float) else str(number.value)]
    if number.lower is not None and number.upper is not None:
        parts.append(f"[{number.lower:.6g}, {number.upper:.6g}]")
    if number.n is not None:
        parts.append(f"n={number.n}")
    return " ".join([*parts, f"({number.why})"] if number.why else parts)
