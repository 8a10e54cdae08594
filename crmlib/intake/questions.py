"""The question sheet: what is unclear in the data, with its evidence. No evidence, no question.

Each rule looks at one finding of the intake; words stand in the text catalogue under ``question.intake.<id>``.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from crmlib.config import Client
from crmlib.intake import tie_out
from crmlib.intake.fates import EXCLUDED, QUARANTINED
from crmlib.intake.files import printable
from crmlib.intake.passport import Passport
from crmlib.schema import CANCEL_WORDS, RETURN_WORDS

MANY = 3  # words, months, days named one by one; the others are in the counts
REASONS_ASKED = 8
NOTABLE = 0.10  # share of the rows from which something that is allowed is asked about all the same
BURST_ROWS, BURST_OF_DAY, BURST_TIMES = 20, 0.5, 3.0
REQUESTED = ("customers", "order_lines", "products", "contacts", "interactions", "costs", "monthly_sales")
TAX_RATIOS = (1.07, 1.11)


@dataclass(frozen=True)
class Question:
    """One question to the client.

    Attributes:
        id: Text key below ``question.intake.``.
        count: How many rows, months or pairs it is about.
        base: Out of how many; 0 where a share says nothing.
        subject: Text key of what it is about (a reason, a table), or "".
        example: A masked example, the same in both languages.
        money: Minor units at stake; None where there are none.
    """

    id: str
    count: int
    base: int = 0
    subject: str = ""
    example: str = ""
    money: int | None = None

    @property
    def share(self) -> float | None:
        """Count over base; None without a base."""
        return self.count / self.base if self.base else None


@dataclass(frozen=True)
class Oddities:
    """What the database found odd: `summaries.oddities.amounts` and `.bursts`."""

    amounts: pd.DataFrame
    bursts: pd.DataFrame

    def count(self, name: str) -> int:
        """One of the counts."""
        return int(self.amounts[name].iloc[0])


def questions(client: Client, passport: Passport, odd: Oddities) -> tuple[Question, ...]:
    """All questions, in the order in which they should be answered.

    Args:
        client: What was declared: what is declared is not asked.
        passport: What the pages rest on.
        odd: What the database found odd.
    """
    rules: tuple[Callable[[], Iterator[Question]], ...] = (
        lambda: _words(passport),
        lambda: _set_aside(client.folder, passport),
        lambda: _excluded(passport),
        lambda: _amounts(client, odd),
        lambda: _bursts(odd),
        lambda: _months(passport),
        lambda: _books(passport),
        lambda: _parts(passport),
        lambda: _identity(passport),
        lambda: _absent(passport),
    )
    return tuple(question for rule in rules for question in rule())


def _words(passport: Passport) -> Iterator[Question]:
    """Statuses and other words that client.yaml does not explain."""
    statuses = Counter(passport.report.unknown_statuses)
    for word, count in statuses.most_common(MANY):
        back = passport.report.negative_statuses.get(word, 0) > count / 2
        yield Question(
            "status_return" if back else _status(word), count, passport.report.orders.rows_read, example=word
        )
    for column, found in passport.report.unknown_words.items():
        table, _, name = column.partition(".")
        rows = passport.report.tables[table].rows_read
        word = next(iter(dict(Counter(found).most_common(1))))
        yield Question("word", sum(found.values()), rows, f"table.intake.name.{table}", f"{name}: {word}")


def _status(word: str) -> str:
    text = word.casefold()
    looks = {"status_return": RETURN_WORDS, "status_cancel": CANCEL_WORDS}
    return next((name for name, known in looks.items() if any(part in text for part in known)), "status")


def _set_aside(folder: Path, passport: Passport) -> Iterator[Question]:
    """One question for each reason for which rows were set aside."""
    first = examples(folder)
    found = [one for one in passport.report.details if one.what == QUARANTINED and one.code != "unknown_status"]
    for one in sorted(found, key=lambda one: -one.rows)[:REASONS_ASKED]:
        rows = passport.report.tables[one.table].rows_read
        subject, example = f"chart.intake.reason.{one.code}", first.get(one.code, "")
        yield Question("set_aside", one.rows, rows, subject, example, one.amount or None)


def examples(folder: Path) -> Mapping[str, str]:
    """The first row of each reason: file, line and the masked value, from quarantine/*.csv."""
    first: dict[str, str] = {}
    for path in sorted((folder / "quarantine").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                shape = f" {row['value']}" if row["value"] else ""
                first.setdefault(row["reason"], printable(f"{Path(row['file']).name}:{row['line']}{shape}"))
    return first


def _excluded(passport: Passport) -> Iterator[Question]:
    """Orders after as_of, and rows that came twice."""
    rows = passport.report.orders.rows_read
    for one in passport.report.details:
        if one.table == "orders" and one.what == EXCLUDED and one.code in ("after_as_of", "exact_duplicate"):
            yield Question(one.code, one.rows, rows, example=passport.report.as_of, money=one.amount)


def _amounts(client: Client, odd: Oddities) -> Iterator[Question]:
    """Amounts of nothing and below nothing, and sales to nobody."""
    rows = odd.count("rows")
    zero, negative, guests = (odd.count(name) for name in ("zero", "negative", "guests"))
    if zero and ("zero_amount" not in client.model_fields_set or zero > NOTABLE * rows):
        yield Question("zero", zero, rows)
    if negative and all(source.returns == "exclude" for source in client.sources):
        yield Question("negative", negative, rows, money=odd.count("negative_amount"))
    if guests > NOTABLE * rows:
        yield Question("guests", guests, rows)


def _bursts(odd: Oddities) -> Iterator[Question]:
    """Days on which one amount makes up most of unusually many orders."""
    found = odd.bursts
    hit = (found["times"] >= BURST_ROWS) & (found["times"] >= BURST_OF_DAY * found["on_day"])
    hit &= found["on_day"] >= BURST_TIMES * found["usual"]
    for one in found[hit].head(MANY).to_dict("records"):
        day = pd.Timestamp(one["order_date"]).date().isoformat()
        yield Question("burst", int(one["times"]), int(one["on_day"]), example=day, money=int(one["amount"]))


def _months(passport: Passport) -> Iterator[Question]:
    sales = passport.sales
    if sales.empty:
        first = sales.months[int(np.flatnonzero(sales.rows == 0)[0])]
        yield Question("gap", sales.empty, len(sales.months), example=first)
    elif sales.state == "stale":
        yield Question("stale", (sales.as_of - sales.last).days, example=sales.last.isoformat())


def _books(passport: Passport) -> Iterator[Question]:
    """Where the client's own figures and the data part."""
    found = passport.tie_out
    months = len(found.months)
    if months and _taxed(passport):
        yield Question("books_tax", months, months)
        return
    for place in [place for place in tie_out.worst(found, MANY) if found.gaps[place]]:
        month = found.months[place].isoformat()[:7]
        yield Question("books_gap", 1, example=month, money=int(found.unexplained[place]))
    if found.late_cancels:
        late = int((np.cumsum(-found.difference("cancels")) > 0).sum())
        yield Question("late_cancels", late, months, money=found.late_cancels)
    if found.only_books:
        yield Question("only_books", len(found.only_books), example=found.only_books[0].isoformat()[:7])
    if found.only_data:
        yield Question("only_data", len(found.only_data), example=found.only_data[0].isoformat()[:7])


def _taxed(passport: Passport) -> bool:
    """Whether the data exceed the books by about the consumption tax in every month."""
    books, data = (getattr(passport.tie_out, side)["net"].to_numpy(float) for side in ("books", "data"))
    ratios = data / np.where(books == 0, np.nan, books)
    return bool(np.nanmin(ratios) > TAX_RATIOS[0] and np.nanmax(ratios) < TAX_RATIOS[1]) if len(ratios) else False


def _parts(passport: Passport) -> Iterator[Question]:
    if passport.bridge.checked is False:
        yield Question("parts", passport.report.orders.rows_used)


def _identity(passport: Passport) -> Iterator[Question]:
    pairs = passport.merging.candidates.pairs
    if len(pairs):
        evidence = str(pairs["evidence"].mode()[0])
        yield Question("identity", len(pairs), passport.merging.candidates.persons, example=evidence)


def _absent(passport: Passport) -> Iterator[Question]:
    """Tables that unlock pages and were not sent."""
    for table in REQUESTED:
        if table in passport.scorecard.wanted:
            yield Question("absent", 0, subject=f"table.intake.name.{table}")
