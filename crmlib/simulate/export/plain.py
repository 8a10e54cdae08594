"""Orders in a plain layout: orders.csv with one row per order, order_lines.csv with one per product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from crmlib.simulate.build import Client
from crmlib.simulate.export import columns, dirt, persons
from crmlib.simulate.export.columns import BLANK, Column, number, take
from crmlib.simulate.export.lexicon import Lexicon
from crmlib.simulate.export.times import Times
from crmlib.simulate.settle import CANCEL, RETURN, SHIPPED, Books
from crmlib.simulate.streams import Ints

CHUNK = 200_000
HEADER = (
    "order_id", "customer_id", "order_date", "amount", "status", "subtotal", "shipping", "discount", "points", "tax",
    "payment", "product_id", "note",
)  # fmt: skip
LINE_HEADER = ("order_id", "line", "product_id", "unit_price", "quantity", "tax_rate")
STATUSES = {CANCEL: "cancelled", RETURN: "returned", SHIPPED: "shipped"}
PAYMENTS = ("card", "cash_on_delivery", "convenience_store", "bank_transfer")


@dataclass(frozen=True)
class OrderFile:
    """All that orders.csv is written from."""

    client: Client
    who: persons.Persons
    lexicon: Lexicon
    kind: Ints  # of dirt, by order

    def chunks(self) -> Iterator[memoryview | bytes]:
        """The file, header first."""
        yield (",".join(HEADER) + "\n").encode()
        times = Times(self.client.draft.clock)
        for start in range(0, len(self.client.books), CHUNK):
            yield columns.body(self._chunk(start, times))
        if self.client.draft.options.dirt > 0:
            total = f"{self.lexicon.text['total_row']},,,{int(self.client.books.total.sum())}"
            yield (total + "," * (len(HEADER) - 4) + "\n").encode(self.lexicon.encoding)

    def _chunk(self, start: int, times: Times) -> Column:
        place = np.arange(start, min(start + CHUNK, len(self.client.books)))
        books, kind = self.client.books.where(place), self.kind[place]
        text = {
            "number": number(place + 1), "customer": self.who.ids.take(pa.array(books.customer)),
            "date": times.day(books.day), "amount": number(books.total), "note": BLANK,
        }  # fmt: skip
        rows = [_row(dirt.spoil(text, kind, self.lexicon), books)]
        order = np.arange(place.size)
        if np.isin(kind, dirt.COPIES).any():
            test = {
                "number": number(len(self.client.books) + place + 1),
                "note": self.lexicon.constant(self.lexicon.text["test_name"]),
            }
            rows += [_row({**text, "amount": number(books.total + 100)}, books), _row({**text, **test}, books)]
            for copy, variant in ((dirt.EXACT, 0), (dirt.CONFLICT, 1), (dirt.TEST, 2)):
                order = np.concatenate([order, np.flatnonzero(kind == copy) + variant * place.size])
            order = order[np.argsort(order % place.size, kind="stable")]
        return pa.concat_arrays(rows).take(pa.array(order))


def _row(text: dict[str, Column], books: Books) -> Column:
    words = columns.words([STATUSES.get(code, "new") for code in range(10)], "ascii")
    end = columns.join([text["note"], columns.constant("\n", "ascii")], b"")
    return columns.join([
        text["number"], text["customer"], text["date"], text["amount"], take(words, books.status),
        number(books.subtotal), number(books.shipping), number(books.discount), number(books.points), number(books.tax),
        take(columns.words(PAYMENTS, "ascii"), books.payment), number(books.product + 1), end,
    ])  # fmt: skip


def lines(client: Client) -> Iterator[memoryview | bytes]:
    """order_lines.csv, header first."""
    yield (",".join(LINE_HEADER) + "\n").encode()
    order = client.lines.order
    turn = np.arange(order.size) - np.searchsorted(order, order) + 1
    for start in range(0, order.size, CHUNK):
        part = slice(start, start + CHUNK)
        taken = (order + 1, turn, client.lines.product + 1, client.lines.price, client.lines.quantity)
        end = columns.join([number(client.lines.rate[part]), columns.constant("\n", "ascii")], b"")
        yield columns.body(columns.join([*(number(column[part]) for column in taken), end]))
