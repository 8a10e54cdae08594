"""Which column of a file is which of ours: headers match after NFKC and trimming, and only exactly once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

from crmlib.errors import DataError, Problem, did_you_mean
from crmlib.intake.files import printable
from crmlib.intake.masking import masked

MAX_COLUMNS = 2_000
SHOWN = 80  # headers in a message
DATA = re.compile(r"[0-9][0-9/:.,\- ]{2,}|.*@.*")  # a number, a date or an e-mail address is no header
INVISIBLE = "\N{ZERO WIDTH NO-BREAK SPACE}\N{ZERO WIDTH SPACE}"


def same(header: str) -> str:
    """A header as it is compared.

    Example:
        >>> same(" 受注住所１ ")
        '受注住所1'
    """
    return unicodedata.normalize("NFKC", header).strip(INVISIBLE).strip()


def positions(header: Sequence[str], wanted: Iterable[str], where: str) -> Mapping[str, int]:
    """Where each wanted column stands in a file.

    Args:
        header: The file's headers.
        wanted: Headers as client.yaml writes them.
        where: The file's name, for messages.

    Returns:
        Wanted header -> index into `header`.

    Raises:
        DataError: all wanted headers that are missing or there twice, with the headers found.
    """
    names = [same(name) for name in header]
    problems = [_problem(name, names, where) for name in wanted if names.count(same(name)) != 1]
    if len(names) > MAX_COLUMNS:
        problems = [Problem(f"has {len(names):,} columns", where, f"at most {MAX_COLUMNS:,}")]
    if problems:
        raise DataError(problems)
    return {name: names.index(same(name)) for name in wanted}


def all_there(header: Sequence[str], wanted: Iterable[str]) -> bool:
    """Whether every wanted column is among the headers."""
    return {same(name) for name in wanted} <= {same(name) for name in header}


def _problem(name: str, names: Sequence[str], where: str) -> Problem:
    if same(name) in names:
        places = ", ".join(str(i + 1) for i, other in enumerate(names) if other == same(name))
        hint = "Rename one of them in the file, or map another column."
        return Problem(f"column '{name}' is there more than once (columns {places})", where, hint=hint)
    what = f"column '{name}' is missing"
    if any(DATA.fullmatch(other) for other in names):  # the first line may be somebody's purchase: only its shape
        return Problem(what, where, f"a header line; the first line looks like data: {_listed(names, masked)}")
    near = did_you_mean(name, names)
    hint = near if near.startswith("Did") else ""  # without a near one the headers would stand there twice
    return Problem(what, where, f"one of the headers found: {_listed(names, printable)}", hint)


def _listed(names: Sequence[str], shown: Callable[[str], str]) -> str:
    return ", ".join(shown(name) or "(blank)" for name in names[:SHOWN])
