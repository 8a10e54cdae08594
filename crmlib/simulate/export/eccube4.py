"""Orders as EC-CUBE 4.3 exports them: 70 columns, one row per order item, the order's fields repeated on each.

Source: EC-CUBE 4.3, dtb_csv.csv (headers and order; 送料 twice), CsvExportService (fputcsv: LF, quotes where a field holds
a space), PurchaseFlow (totals). A shipping, discount or point row stands where there is such a charge.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from crmlib.simulate.build import Client
from crmlib.simulate.export import columns, dirt, persons
from crmlib.simulate.export.columns import BLANK, Column, constant, number, take
from crmlib.simulate.export.lexicon import Lexicon, read
from crmlib.simulate.export.times import Times
from crmlib.simulate.settle import RETURN, SHIPPED, Books
from crmlib.simulate.streams import Ints

CHUNK = 40_000  # orders
PRODUCT, SHIPPING, DISCOUNT, POINT = 1, 2, 4, 6  # 明細区分


def rows_per_order(client: Client) -> Ints:
    """How many rows each order has."""
    books = client.books
    items = np.bincount(client.lines.order, minlength=len(books))
    return items + (books.shipping > 0) + (books.discount > 0) + (books.points > 0)


@dataclass(frozen=True)
class _Items:
    """Rows of a chunk: order (within the chunk), type, product or -1, price, quantity, tax rate."""

    order: Ints
    kind: Ints
    product: Ints
    price: Ints
    quantity: Ints
    rate: Ints


@dataclass(frozen=True)
class OrderFile:
    """All that the order file is written from."""

    client: Client
    who: persons.Persons
    lexicon: Lexicon
    kind: Ints  # of dirt, by order

    def chunks(self) -> Iterator[memoryview | bytes]:
        """The file, header first; chunks are made by two threads and come in order."""
        yield (",".join(read("eccube4")["order"]) + "\n").encode(self.lexicon.encoding)
        starts = range(0, len(self.client.books), CHUNK)
        with ThreadPoolExecutor(2) as pool:
            waiting = []
            for start in starts:
                waiting.append(pool.submit(self._chunk, start))
                if len(waiting) > 2:
                    yield columns.body(waiting.pop(0).result())
            yield from (columns.body(one.result()) for one in waiting)
        if self.client.draft.options.dirt > 0:
            yield self._total_row()

    def _total_row(self) -> bytes:
        fields = [""] * 70
        fields[0], fields[26] = self.lexicon.text["total_row"], str(int(self.client.books.total.sum()))
        return (",".join(fields) + "\n").encode(self.lexicon.encoding)

    @cached_property
    def _first_row(self) -> Ints:
        return np.concatenate([[0], np.cumsum(rows_per_order(self.client))])

    @cached_property
    def _first_line(self) -> Ints:
        return np.searchsorted(self.client.lines.order, np.arange(len(self.client.books) + 1))

    @cached_property
    def _times(self) -> Times:
        return Times(self.client.draft.clock)

    def _chunk(self, start: int) -> Column:
        place = np.arange(start, min(start + CHUNK, len(self.client.books)))
        books, kind = self.client.books.where(place), self.kind[place]
        items = self._items(start, books)
        heads, tails = self._heads(books, place, kind), self._tail(books, place)
        middle = self._middle(items, self._first_row[start])
        row, head = np.arange(items.order.size), items.order
        for copy, variant in ((dirt.EXACT, 0), (dirt.CONFLICT, 1), (dirt.TEST, 2)):
            again = np.flatnonzero(kind[items.order] == copy)
            row, head = np.concatenate([row, again]), np.concatenate([head, items.order[again] + variant * place.size])
        order = np.argsort(items.order[row] * 4 + head // place.size, kind="stable")
        row, head = row[order], head[order]
        parts = [heads.take(pa.array(head)), middle.take(pa.array(row)), tails.take(pa.array(items.order[row]))]
        return columns.join(parts)

    def _heads(self, books: Books, place: Ints, kind: Ints) -> Column:
        """Columns 1 to 33 of each order; after them, where there is dirt, those with another total and of test orders."""
        text = {
            "number": number(place + 1), "customer": self.who.ids.take(pa.array(books.customer)),
            "amount": number(books.total), "date": self._times.stamp(books.day, books.second),
            "identity": self.who.identity.take(pa.array(books.customer)),
        }  # fmt: skip
        found = [self._head(dirt.spoil(text, kind, self.lexicon), books)]
        if np.isin(kind, dirt.COPIES).any():
            found.append(self._head({**text, "amount": number(books.total + 100)}, books))
            found.append(self._head({**text, **self._test(place)}, books))
        return pa.concat_arrays(found)

    def _test(self, place: Ints) -> dict[str, Column]:
        name = self.lexicon.text["test_name"]
        nobody = ",".join([name] * 4 + [""] * 7 + ["test@example.jp"] + [""] * 6)
        numbers = len(self.client.books) + place + 1
        identity = take(
            columns.words([nobody[: nobody.rindex(",")]], self.lexicon.encoding), np.zeros(place.size, np.int64)
        )
        return {"number": number(numbers), "identity": identity}

    def _head(self, text: dict[str, Column], books: Books) -> Column:
        paid = columns.blank_where(self._times.stamp(books.day, books.second), books.payment != 0)
        return columns.join([
            text["number"], text["number"], text["customer"], text["identity"], BLANK,
            number(books.subtotal), number(books.discount + books.points), number(books.shipping), number(books.tax),
            number(books.total), text["amount"], number(books.status), take(self.lexicon.statuses, books.status),
            number(books.payment + 1), take(self.lexicon.encoded(("@payments",)), books.payment), text["date"], paid,
        ])  # fmt: skip

    def _items(self, start: int, books: Books) -> _Items:
        lines, first = self.client.lines, self._first_line
        inside = slice(first[start], first[start + len(books)])
        order, size = lines.order[inside] - start, first[start + len(books)] - first[start]
        parts = [
            (
                order,
                np.full(size, PRODUCT),
                lines.product[inside],
                lines.price[inside],
                lines.quantity[inside],
                lines.rate[inside],
            )
        ]
        for kind, charge in ((SHIPPING, books.shipping), (DISCOUNT, -books.discount), (POINT, -books.points)):
            has = np.flatnonzero(charge)
            one = np.ones(has.size, np.int64)
            parts.append((has, one * kind, -one, charge[has], one, one * (10 if kind == SHIPPING else 0)))
        joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
        sort = np.argsort(joined[0], kind="stable")
        return _Items(*(column[sort] for column in joined))

    def _middle(self, items: _Items, first: int) -> Column:
        """Columns 34 to 48."""
        types = read("eccube4")["item_types"]
        names = [word.split(":")[0] for word in self.lexicon.text["products"]]
        listed = [f"{n + 1},{n + 1},{name},P{n + 1:03d},,,," for n, name in enumerate(names)]
        listed += [f",,{types.get(str(kind), '')},,,,," for kind in range(7)]
        ends = [f"1,{kind},{types.get(str(kind), '')}" for kind in range(7)]
        code = np.where(items.product >= 0, items.product, len(names) + items.kind)
        return columns.join([
            number(first + 1 + np.arange(items.order.size)), take(columns.words(listed, self.lexicon.encoding), code),
            number(items.price), number(items.quantity), number(items.rate),
            take(columns.words(ends, self.lexicon.encoding), items.kind),
        ])  # fmt: skip

    def _tail(self, books: Books, place: Ints) -> Column:
        """Columns 49 to 70 and the line's end."""
        sent = columns.blank_where(
            self._times.morning(books.day + 2), (books.status != SHIPPED) & (books.status != RETURN)
        )
        carrier = constant(f"1,{self.lexicon.text['carriers'][0]},,,", self.lexicon.encoding)
        parcel = self.who.parcel.take(pa.array(books.customer))
        end = constant(",,\n", "ascii")
        return columns.join([number(place + 1), parcel, carrier, number(books.shipping), sent, end])
