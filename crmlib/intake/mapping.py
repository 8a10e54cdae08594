"""Which column of the client's file is which of ours: as client.yaml says, by a known export's headers, or by our own names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crmlib import config_file
from crmlib.columns import MAPPED
from crmlib.config import Source, column_problems
from crmlib.errors import DataError, Problem
from crmlib.intake.files import printable
from crmlib.intake.headers import SHOWN, same

FITS = 0.6  # share of a known export's headers that a file must have to be taken for one
Tops = Sequence[Sequence[str]]


def resolved(source: Source, tops: Tops) -> Source:
    """A source with its mapping filled in, and without the optional columns that the file lacks.

    Args:
        source: The source in client.yaml.
        tops: The rows at the top of the file, under each way to divide it; one of them is the header.

    Raises:
        DataError: nothing is mapped, no known export fits, and the headers are not ours.
    """
    if not source.header or not tops:
        return source
    if not source.columns:
        source = _recognised(source, tops) or _by_our_names(source, tops)
    if not source.optional:
        return source
    names = max(({same(name) for name in top} for top in tops), key=lambda found: len(found & _wanted(source)))
    kept = {name: said for name, said in source.columns.items() if name not in source.optional or _there(said, names)}
    return source.model_copy(update={"columns": kept, "optional": ()})


def _wanted(source: Source) -> set[str]:
    return {same(name) for name in source.headers}


def _there(said: str | tuple[str, ...], names: set[str]) -> bool:
    return {same(name) for name in ([said] if isinstance(said, str) else said)} <= names


def known_export(table: str, tops: Tops) -> str | None:
    """The preset whose headers a file has; None where none fits.

    Args:
        table: Our table, "" for any.
        tops: The rows at the top of the file.
    """
    best: tuple[float, str] = (FITS, "")
    for name, preset in config_file.presets().items():
        if table in ("", preset["table"]):
            best = max(best, (max((_fit(top, preset) for top in tops), default=0.0), name))
    return best[1] or None


def _fit(top: Sequence[str], preset: Mapping[str, Any]) -> float:
    """The share of headers that a file and a preset have in common; 0 where a column that must be there is missing."""
    names, wanted = {same(name) for name in top}, {same(name) for name in preset["headers"]}
    needed = [said for name, said in preset["columns"].items() if name not in preset.get("optional", ())]
    listed = {same(one) for said in needed for one in ([said] if isinstance(said, str) else said)}
    return len(names & wanted) / len(wanted) if listed <= names else 0.0


def _recognised(source: Source, tops: Tops) -> Source | None:
    name = known_export(source.table, tops)
    if name is None:
        return None
    return Source.model_validate(config_file.completed(source.model_dump(exclude_unset=True), name))


def our_names(table: str, top: Sequence[str]) -> dict[str, str]:
    """Our columns that a header has under our own names (after NFKC, trimming and without capitals).

    Example:
        >>> our_names("referrals", ["Customer_ID", " referrer_id", "memo"])
        {'customer_id': 'Customer_ID', 'referrer_id': ' referrer_id'}
    """
    return {same(name).casefold(): name for name in top if same(name).casefold() in MAPPED[table]}


def _by_our_names(source: Source, tops: Tops) -> Source:
    top = max(tops, key=lambda top: len(our_names(source.table, top)))
    columns = our_names(source.table, top)
    problems = column_problems(source.table, columns, whole=True)
    if problems:
        found = ", ".join(printable(name) for name in max(tops, key=len)[:SHOWN])
        hint = "Say columns: or preset: in client.yaml (`crmlib intake` proposes them for a file that no source names)."
        what = f"its columns are not known: {'; '.join(problems)}"
        raise DataError(Problem(what, expected=f"our names, or a known export; the headers found: {found}", hint=hint))
    return source.model_copy(update={"columns": columns})
