"""Numbers of products; product names are labels, keys count ranks."""

from __future__ import annotations

from crmlib.base import Goods
from crmlib.numbers.base.entering import estimate, number
from crmlib.numbers.model import Ledger, Measure

SHOWN = 10  # first products and pairs entered

MEASURES = (
    Measure("base.products.state", "label", "base.state"),
    Measure("base.entry.state", "label", "base.state"),
    Measure("base.price_mix.{part}", "money", "base.price_mix"),
    Measure("base.entry.gap", "points", "base.entry.gap"),
    Measure("base.entry.yen", "money", "base.entry.yen"),
    Measure("base.entry.{rank}.product", "label", "base.entry.product"),
    Measure("base.entry.{rank}.n", "count", "base.entry.n"),
    Measure("base.entry.{rank}.raw", "share", "base.entry.raw"),
    Measure("base.entry.{rank}.shrunk", "share", "base.entry.shrunk"),
    Measure("base.entry.{rank}.amount", "money", "base.entry.amount"),
    Measure("base.entry.{rank}.best", "share", "base.entry.best"),
    Measure("base.next.real", "count", "base.next.real"),
    Measure("base.next.tested", "count", "base.next.tested"),
    Measure("base.next.{rank}.pair", "label", "base.next.pair"),
    Measure("base.next.{rank}.n", "count", "base.next.n"),
    Measure("base.next.{rank}.bought", "count", "base.next.bought"),
    Measure("base.next.{rank}.rate", "share", "base.next.rate"),
    Measure("base.next.{rank}.lift", "points", "base.next.lift"),
    Measure("base.next.{rank}.q", "parameter", "base.next.q"),
    Measure("base.own.{rank}.pair", "label", "base.own.pair"),
    Measure("base.own.{rank}.{segment}", "count", "base.own.segment"),
    Measure("base.tail.products", "count", "base.tail.products"),
    Measure("base.tail.head", "count", "base.tail.head"),
    Measure("base.tail.idle", "count", "base.tail.idle"),
    Measure("base.tail.share", "share", "base.tail.share"),
)


def enter(book: Ledger, goods: Goods) -> None:
    """Enter products, best first."""
    real = [pair for pair in goods.following if pair.real]
    book.add("base.products.state", goods.why or ("pairs" if real else "no_pairs"))
    book.add("base.entry.state", goods.why or goods.entry.why or "known")
    for name, value in goods.price_mix.parts.items():
        book.add(f"base.price_mix.{name}", value / goods.scale)
    _entries(book, goods)
    _pairs(book, goods)
    tail = goods.tail
    for name, count in (("products", tail.products), ("head", tail.head), ("idle", tail.idle)):
        book.add(f"base.tail.{name}", count)
    number(book, "base.tail.share", tail.tail_share, "no_lines")


def _entries(book: Ledger, goods: Goods) -> None:
    estimate(book, "base.entry.gap", goods.entry.gap)
    estimate(book, "base.entry.yen", goods.entry.yen)
    for rank, one in enumerate(goods.entry.products[:SHOWN], 1):
        book.add(f"base.entry.{rank}.product", goods.name(one.product))
        book.add(f"base.entry.{rank}.n", one.n)
        for key, value in (("raw", one.raw), ("shrunk", one.shrunk), ("amount", one.amount)):
            estimate(book, f"base.entry.{rank}.{key}", value)
        book.add(f"base.entry.{rank}.best", one.best)


def _pairs(book: Ledger, goods: Goods) -> None:
    book.add("base.next.tested", len(goods.following))
    book.add("base.next.real", sum(pair.real for pair in goods.following))
    for rank, pair in enumerate(goods.following[:SHOWN], 1):
        book.add(f"base.next.{rank}.pair", f"{goods.name(pair.product)} → {goods.name(pair.following)}")
        book.add(f"base.next.{rank}.n", pair.n)
        book.add(f"base.next.{rank}.bought", pair.bought)
        estimate(book, f"base.next.{rank}.rate", pair.rate)
        estimate(book, f"base.next.{rank}.lift", pair.lift)
        number(book, f"base.next.{rank}.q", pair.q)
    for rank, own in enumerate(goods.ownership, 1):
        book.add(f"base.own.{rank}.pair", f"{goods.name(own.first)} / {goods.name(own.second)}")
        for segment in ("only_first", "only_second", "both", "neither"):
            book.add(f"base.own.{rank}.{segment}", getattr(own, segment))
