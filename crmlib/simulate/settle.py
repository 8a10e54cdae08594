"""Orders as the shop's books have them: order items, shipping, discount, points, tax, total, status, numbers.

total = sum over items of quantity * (price + tax of the price, rounded half up) + shipping - discount - points, as EC-CUBE
adds it up (PurchaseFlow::calculateTotal). The total is within a few yen of the amount that the model drew.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from crmlib.simulate.draft import CANCELLED, GUEST, RETURNED, SAMPLE, SUBSCRIPTION, Draft, Orders
from crmlib.simulate.streams import Bools, Floats, Ints, Key

SHIPPING, FREE_FROM = 550, 3000
TAX_RATES = np.array(
    [8] * 14 + [10] * 10
)  # by product: food supplements at the reduced rate, cosmetics at the full one
NEW, CANCEL, WORKING, SHIPPED, PAID, RETURN = 1, 3, 4, 5, 6, 9  # EC-CUBE's mtb_order_status
PAYMENTS = (0.46, 0.26, 0.18, 0.10)  # card, cash on delivery, convenience store, bank transfer
LATE_DAYS = 10  # a dirty export also holds orders of the days after as_of


@dataclass(frozen=True)
class Lines:
    """One entry per order item that is a product, sorted by order."""

    order: Ints
    product: Ints
    price: Ints  # of a piece, without tax
    quantity: Ints
    rate: Ints  # tax, per cent

    def __len__(self) -> int:
        return self.order.size


@dataclass(frozen=True)
class Books:
    """One entry per order, sorted by time; its number is its place + 1. `customer` is who the shop thinks it is."""

    customer: Ints
    day: Ints
    second: Ints
    source: npt.NDArray[np.int8]
    uid: npt.NDArray[np.uint64]
    subtotal: Ints
    shipping: Ints
    discount: Ints
    points: Ints
    tax: Ints
    total: Ints
    status: Ints
    payment: Ints
    product: Ints
    late: Bools

    def __len__(self) -> int:
        return self.customer.size

    @property
    def valid(self) -> Bools:
        """Neither cancelled nor returned nor after as_of."""
        return ~self.late & (self.status != CANCEL) & (self.status != RETURN)

    @property
    def registered(self) -> Bools:
        """Valid purchases of registered customers: what is left after the usual exclusions (samples too)."""
        return self.valid & (self.source != GUEST) & (self.source != SAMPLE)

    def where(self, chosen: npt.NDArray[np.generic]) -> Books:
        """Some of them."""
        return Books(*(getattr(self, column.name)[chosen] for column in fields(self)))


def settle(draft: Draft, orders: Orders) -> tuple[Books, Lines]:
    """Sort the orders by time, split them into items and add up."""
    key = draft.key("settle")
    second = 21_600 + key.child("second").integer(orders.uid, 64_000)
    order = np.argsort(orders.day * 86_400 + second, kind="stable")
    orders, second = orders.where(order), second[order]
    shipping, discount, points = _charges(key, orders)
    goods = np.maximum(orders.amount - shipping + discount + points, 0)
    lines = _lines(key, orders, goods)
    unit_tax = (lines.price * lines.rate + 50) // 100
    count = len(orders)
    subtotal = _sum(lines.order, (lines.price + unit_tax) * lines.quantity, count)
    books = Books(
        customer=orders.customer, day=orders.day, second=second, source=orders.source, uid=orders.uid,
        subtotal=subtotal, shipping=shipping, discount=discount, points=points,
        tax=_sum(lines.order, unit_tax * lines.quantity, count),
        total=subtotal + shipping - discount - points,
        status=_status(key, orders, draft.clock.days),
        payment=key.child("payment").choice(orders.customer, PAYMENTS).astype(np.int64),
        product=orders.product.astype(np.int64), late=orders.day >= draft.clock.days,
    )  # fmt: skip
    return books, lines


def _sum(group: Ints, value: Ints, size: int) -> Ints:
    return np.bincount(group, value, minlength=size).astype(np.int64)  # exact: far below 2^53


def _charges(key: Key, orders: Orders) -> tuple[Ints, Ints, Ints]:
    plain = (orders.source != SUBSCRIPTION) & (orders.source != SAMPLE)
    pays = plain & (orders.amount < FREE_FROM) & (orders.amount >= 1200)
    roomy = plain & (orders.amount >= 2000)
    cut = roomy & key.child("discount").happens(orders.uid, 0.03)
    uses = roomy & key.child("points").happens(orders.uid, 0.03)
    discount = np.where(cut, np.round(orders.amount * 0.005) * 10, 0).astype(np.int64)
    points = np.where(uses, 100 + key.child("used").integer(orders.uid, 401), 0)
    return np.where(pays, SHIPPING, 0), discount, points


def _lines(key: Key, orders: Orders, goods: Floats) -> Lines:
    two = (orders.source != SUBSCRIPTION) & (goods > 3000) & key.child("two").happens(orders.uid, 0.12)
    row = np.repeat(np.arange(len(orders)), 1 + two)
    second = np.zeros(row.size, bool)
    second[1:] = row[1:] == row[:-1]
    names = orders.uid[row]
    share = np.where(two, 0.35 + 0.3 * key.child("share").uniform(orders.uid), 1.0)
    share = np.where(second, 1 - share[row], share[row])
    other = (orders.product[row] + 1 + key.child("other").integer(names, 23)) % 24
    product = np.where(second, other, orders.product[row]).astype(np.int64)
    pieces = 1 + key.child("pieces").choice(names, (0.80, 0.15, 0.05)).astype(np.int64)
    quantity = np.where(orders.source[row] == SUBSCRIPTION, 1, pieces)
    rate = TAX_RATES[product]
    part = goods[row] * share
    price = np.round(part / quantity / (1 + rate / 100)).astype(np.int64)
    return Lines(row, product, np.where(part > 0, np.maximum(price, 1), 0), quantity, rate)


def _status(key: Key, orders: Orders, days: int) -> Ints:
    fresh = orders.day >= days - 3
    newest = np.array([NEW, WORKING, PAID])[key.child("status").integer(orders.uid, 3)]
    status = np.where(fresh, newest, SHIPPED)
    return np.where(orders.source == CANCELLED, CANCEL, np.where(orders.source == RETURNED, RETURN, status))
