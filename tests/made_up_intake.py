"""A made-up intake: report, sales, money, books, records, duplicates, as the pages need them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from crmlib import intake
from crmlib.identity import Candidates
from crmlib.intake import Balance, FileReport, IntakeReport, MonthlySales, Passport
from crmlib.intake.account import COMPONENTS
from crmlib.schema import STORE

CLEAN = Balance(rows_read=6, rows_used=6, amount_read=1234500, amount_used=1234500)
AS_OF = dt.date(2024, 12, 31)


def report(totals: Balance = CLEAN, currency: str = "JPY", **more: object) -> IntakeReport:
    files = [FileReport("raw/a.csv", "orders", "0", "cp932", ",", "", totals)]
    return IntakeReport("2024-12-31", currency, files, totals, [], {}, totals.rows_used, "0", "0", **more)


def sales(months: int = 14, orders: int = 3) -> MonthlySales:
    labels = tuple(f"{2023 + i // 12}-{i % 12 + 1:02d}" for i in range(months))
    amounts = np.arange(months, 0, -1) * 1000.0
    dates = (dt.date(2023, 1, 1), dt.date(2024, 2, 20), dt.date(2024, 2, 20))
    return MonthlySales(labels, amounts, np.ones(months, int), *dates, 2, orders, 0)


def money(*rows: tuple[str, str, str, int], **parts: int) -> pd.DataFrame:
    """Rows (month, fate, code, amount); the parts stand on the first."""
    listed = rows or (("2024-01-01", "used", "", 1_234_500),)
    frame = pd.DataFrame(listed, columns=["month", "fate", "code", "amount"])
    for name in COMPONENTS:
        frame[name] = [parts[name], *[0] * (len(frame) - 1)] if name in parts else None
    return frame


def books(*rows: tuple[str, int]) -> pd.DataFrame:
    """Months with gross sales, nothing cancelled or returned."""
    frame = pd.DataFrame(rows, columns=["month", "gross_sales"]).assign(cancels=0, returns=0)
    return frame.assign(net_sales=frame["gross_sales"])


def facts(**rows: int) -> pd.DataFrame:
    """What the database would count: every row joined and filled; tables that are not named are absent."""
    first, last = pd.Timestamp(2023, 1, 1), pd.Timestamp(2024, 12, 1)
    listed = []
    for name in STORE:
        count = rows.get(name, 0)
        dates = {"first": first if count else None, "last": last if count else None}
        listed.append(
            {
                "table": name,
                "rows": count,
                "people": count,
                "joined": count,
                "base": count,
                "cells": count,
                "missing": 0,
            }
            | dates
        )
    return pd.DataFrame(listed)


def pairs(*evidence: str, level: str = "sure", persons: int = 100) -> Candidates:
    listed = [(2 * i, 2 * i + 1, level, shared) for i, shared in enumerate(evidence)]
    columns = ["customer_a", "customer_b", "level", "evidence"]
    return Candidates(pd.DataFrame(listed, columns=columns), persons, 3, {})


def counts(customers: int = 90, matured: int = 50, converted: int = 20) -> pd.DataFrame:
    return pd.DataFrame({"customers": [customers], "matured": [matured], "converted": [converted]})


def split(customers: int = 0, amount: int = 0) -> pd.DataFrame:
    return pd.DataFrame({"customers": [customers], "amount": [amount]})


def passport(**parts: object) -> Passport:
    """A passport; any of report, sales, money, margin, books, facts, pairs, before, after can be given."""
    account = parts.get("money", money())
    found = parts.get("pairs", pairs())
    return Passport(
        parts.get("report", report()),
        parts.get("sales", sales()),
        intake.money_bridge(account, parts.get("margin", 0.45)),
        intake.compare_books(account, parts.get("books", books()), AS_OF),
        intake.score_records(parts.get("facts", facts(orders=6))),
        intake.merge_effect(
            found, parts.get("before", counts()), parts.get("after", counts()), parts.get("second", split())
        ),
    )


def odd(zero: int = 0, negative: int = 0, guests: int = 0, bursts: tuple = ()) -> intake.Oddities:
    counted = {"rows": 100, "zero": zero, "negative": negative, "negative_amount": -5 * negative, "guests": guests}
    columns = ["order_date", "amount", "times", "on_day", "usual"]
    return intake.Oddities(pd.DataFrame([counted]), pd.DataFrame(list(bursts), columns=columns))
