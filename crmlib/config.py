"""The strict frozen model of client.yaml: what may be said, of which type, within which limits."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import zoneinfo
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
)

from crmlib.columns import MAPPED, REQUIRED
from crmlib.errors import did_you_mean
from crmlib.programme import Tiers
from crmlib.schema import MINOR_UNITS, TABLES


def _inside(pattern: str) -> str:
    parts = PurePosixPath(pattern).parts
    if not parts or "\\" in pattern or ":" in pattern or pattern.startswith(("/", "~")) or ".." in parts:
        raise ValueError(f"'{pattern}' is not a path inside the client's folder (relative, with /, without ..)")
    return pattern


def _currency(code: str) -> str:
    if code not in MINOR_UNITS:
        raise ValueError(f"'{code}' is not a known currency. {did_you_mean(code, list(MINOR_UNITS))}")
    return code


def _timezone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)  # the list of all of them takes a tenth of a second
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"'{name}' is not a time zone. {did_you_mean(name, sorted(zoneinfo.available_timezones()))}"
        ) from None
    return name


def _engine(url: str) -> str:
    if url != "duckdb://":
        raise ValueError(f"engine '{url}' is not available; use duckdb:// (it runs on this machine)")
    return url


def iso_day(value: Any) -> Any:
    """A day written YYYY-MM-DD, and no other way: pydantic itself would take 20250930 for seconds since 1970."""
    if isinstance(value, dt.date):
        return value
    written = re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)) is not None
    with contextlib.suppress(ValueError):
        if written:
            return dt.date.fromisoformat(value)
    raise ValueError(f"'{value}' is not a day of the calendar, written YYYY-MM-DD")


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


InsidePath = Annotated[str, AfterValidator(_inside)]
Day = Annotated[dt.date, BeforeValidator(iso_day)]
OneOrMore = BeforeValidator(_listed, json_schema_input_type=str | list[str])
Headers = str | tuple[str, ...]
FLAG = ("yes", "no")
PRICED = ("orders", "order_lines")
Rate = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BilingualName(_Strict):
    """A display name in both languages."""

    ja: Annotated[str, Field(min_length=1, max_length=100)]
    en: Annotated[str, Field(min_length=1, max_length=100)]


class Exclusion(_Strict):
    """A named rule that takes rows out: those whose column matches one of the patterns (* and ?)."""

    rule: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    column: str
    matches: Annotated[tuple[str, ...], OneOrMore, Field(min_length=1)]


class Status(_Strict):
    """What the client's words for an order's state mean; a word in none of the lists is a problem, never a guess."""

    completed: Annotated[tuple[str, ...], OneOrMore] = ()
    cancelled: Annotated[tuple[str, ...], OneOrMore] = ()
    returned: Annotated[tuple[str, ...], OneOrMore] = ()


class Source(_Strict):
    """One kind of file that the client sends."""

    table: Literal[TABLES]  # type: ignore[valid-type]
    files: Annotated[tuple[InsidePath, ...], OneOrMore, Field(min_length=1)]
    preset: str | None = None
    header: bool = True
    encoding: Literal["utf-8", "cp932", "utf-16"] | None = None
    delimiter: Literal[",", "tab", ";", "|", "whitespace"] | None = None
    sheet: Annotated[tuple[str, ...], OneOrMore] = ()
    columns: Annotated[Mapping[str, Headers], Field(validate_default=True)] = {}
    optional: Annotated[tuple[str, ...], OneOrMore] = ()
    dates: str | None = None
    timezone: Annotated[str, AfterValidator(_timezone)] | None = None
    unit: Literal[1, 1000, 10000, 1000000] = 1
    tax: Literal["included", "excluded"] = "included"
    line_tax: Literal["included", "excluded"] = "included"
    tax_rate: Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)] | None = None
    tax_rounding: Literal["down", "half_up", "up"] = "down"
    status: Status | None = None
    returns: Literal["exclude", "negate"] = "exclude"
    values: Mapping[str, Mapping[str, Annotated[tuple[str, ...], OneOrMore]]] = {}
    exclude: tuple[Exclusion, ...] = ()
    amount_per: Literal["row", "order"] | None = None
    row_key: Annotated[tuple[str, ...], OneOrMore] = ()

    @field_validator("unit", mode="before")
    @classmethod
    def _unit_is_a_number(cls, unit: Any) -> Any:
        return int(unit) if isinstance(unit, str) and unit.isdigit() else unit

    @field_validator("columns")
    @classmethod
    def _ours_are_mapped(cls, columns: Mapping[str, Headers], info: ValidationInfo) -> Mapping[str, Headers]:
        table = info.data.get("table", "orders")
        problems = column_problems(table, columns, whole=info.data.get("preset") is None and bool(columns))
        if problems:
            raise ValueError("; ".join(problems))
        return columns

    @field_validator("values")
    @classmethod
    def _words_are_ours(
        cls, values: Mapping[str, Mapping[str, tuple[str, ...]]], info: ValidationInfo
    ) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        known = MAPPED[info.data.get("table", "orders")]
        spoken = {name: FLAG if column.kind == "flag" else column.words for name, column in known.items()}
        spoken = {name: words for name, words in spoken.items() if words}
        problems = [
            f"'{name}' takes no words. {did_you_mean(name, list(spoken))}" for name in values if name not in spoken
        ]
        problems += [
            f"'{word}' is no word of {name}. {did_you_mean(word, spoken[name])}"
            for name, said in values.items()
            for word in said
            if name in spoken and word not in spoken[name]
        ]
        if problems:
            raise ValueError("; ".join(problems))
        return values

    @property
    def headers(self) -> list[str]:
        """Every header that columns name, each once."""
        listed = [said for told in self.columns.values() for said in ([told] if isinstance(told, str) else told)]
        return list(dict.fromkeys(listed))


def column_problems(table: str, columns: Mapping[str, Headers], *, whole: bool) -> list[str]:
    """What is wrong with a mapping: names that are not ours and, where it should be whole, what it lacks."""
    known = list(MAPPED[table])
    problems = [f"'{name}' is not ours. {did_you_mean(name, known)}" for name in columns if name not in known]
    if whole:
        missing = [" or ".join(group) for group in REQUIRED[table] if not set(group) & set(columns)]
        if table in PRICED and "amount" not in columns and not {"quantity", "unit_price"} <= set(columns):
            missing.append("amount (or quantity and unit_price)")
        problems += [f"{name} must be mapped to a column of the client's file" for name in missing]
    return problems


class Event(_Strict):
    """Something that happened to the business: a competitor, product trouble, a price; shown beside the control charts."""

    date: Day
    ja: Annotated[str, Field(min_length=1, max_length=40)]
    en: Annotated[str, Field(min_length=1, max_length=40)]


class Client(_Strict):
    """One client's configuration. Money rates are shares, dates are days in the client's time zone."""

    name: BilingualName
    currency: Annotated[str, AfterValidator(_currency)]
    timezone: Annotated[str, AfterValidator(_timezone)] = "Asia/Tokyo"
    as_of: Day
    fiscal_year_start: Annotated[int, Field(ge=1, le=12)] = 4
    engine: Annotated[str, AfterValidator(_engine)] = "duckdb://"
    sources: tuple[Source, ...] = ()
    margin_rate: Rate | None = None
    discount_rate: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 0.10
    holdout: Day | None = None
    guest_orders: Literal["quarantine", "accept"] = "quarantine"
    zero_amount: Literal["sample", "purchase"] = "sample"
    accept_quarantined: bool = False
    merges: InsidePath | None = None
    tiers: Tiers | None = None
    events: tuple[Event, ...] = ()
    _folder: Path = PrivateAttr(default=Path())

    @property
    def folder(self) -> Path:
        """The client's folder."""
        return self._folder

    @property
    def scale(self) -> int:
        """Minor units of the currency per major unit."""
        return MINOR_UNITS[self.currency]
