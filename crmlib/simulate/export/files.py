"""All files of a client's folder, their digest and their row counts; client.yaml."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from crmlib.home import TEMPLATES
from crmlib.simulate.build import Client
from crmlib.simulate.export import dirt, eccube4, persons, plain, tables
from crmlib.simulate.export.columns import Sink
from crmlib.simulate.export.lexicon import FOLDER, Lexicon


def write(client: Client, folder: Path) -> tuple[str, dict[str, dict[str, int]], dict[str, dict[str, Any]]]:
    """Write everything below `folder` (which exists and is empty).

    Returns:
        Digest of all files (names and bytes), rows and yen by table, dirt by kind.
    """
    options = client.draft.options
    lexicon = Lexicon(options.layout)
    (folder / "raw").mkdir()
    kind = dirt.plan(client.draft, client.books)
    digests = {}
    for name, chunks in _files(client, lexicon, kind):
        sink = Sink(folder / name)
        try:
            for chunk in chunks:
                sink.write(chunk)
        finally:
            digests[name] = sink.close()
    shutil.copy(TEMPLATES / "client" / "client.schema.json", folder / "client.schema.json")
    rows = eccube4.rows_per_order(client) if options.layout == "eccube4" else np.ones(len(client.books), np.int64)
    counted = dirt.counted(client.books, kind, rows)
    copies = sum(counted[dirt.NAMES[place]]["rows"] for place in dirt.COPIES)
    dirty = dirt.with_total_row(counted, options.dirt, int(client.books.total.sum()))
    digest = hashlib.sha256("".join(f"{name} {digests[name]}\n" for name in sorted(digests)).encode()).hexdigest()
    return digest, _sizes(client, int(rows.sum()) + copies + int(options.dirt > 0)), dirty


def _files(client: Client, lexicon: Lexicon, kind: Any) -> Iterator[tuple[str, Iterable[memoryview | bytes]]]:
    draft = client.draft
    who = persons.build(draft, lexicon)
    made = f"{draft.world.as_of + dt.timedelta(days=1):%Y%m%d}090000"
    if lexicon.layout == "eccube4":
        yield f"raw/order_{made}.csv", eccube4.OrderFile(client, who, lexicon, kind).chunks()
    else:
        yield "raw/orders.csv", plain.OrderFile(client, who, lexicon, kind).chunks()
        yield "raw/order_lines.csv", plain.lines(client)
    yield f"raw/customer_{made}.csv", tables.customers(client, who, lexicon)
    yield "raw/products.csv", tables.products(lexicon)
    for name in draft.tables:
        yield f"raw/{name}.csv", tables.table(draft, name, lexicon)
    yield "client.yaml", [_filled(client, f"client_{lexicon.layout}.yaml")]
    yield "README.md", [_filled(client, "README.md")]


def _filled(client: Client, name: str) -> bytes:
    """A text of templates/simulate with the client's own facts in it."""
    options, text = client.draft.options, (FOLDER / name).read_text("utf-8")
    facts = {
        "customers": f"{options.customers:,}", "seed": options.seed, "as_of": options.world.as_of, "start": options.world.start,
        "planted": "nothing is planted" if options.null else "problems are planted", "dirt": options.dirt,
        "silver": options.world.thresholds[0], "gold": options.world.thresholds[1],
    }  # fmt: skip
    for key, value in facts.items():
        text = text.replace(f"<{key}>", str(value))
    return text.encode()


def _sizes(client: Client, rows: int) -> dict[str, dict[str, int]]:
    books, draft = client.books, client.draft
    valid = books.valid
    orders = {
        "rows": rows,
        "orders": len(books),
        "valid_orders": int(valid.sum()),
        "valid_yen": int(books.total[valid].sum()),
    }
    found = {"orders": orders, "customers": {"rows": len(draft.people) + draft.twins.size}}
    if draft.options.layout == "plain":
        found["order_lines"] = {"rows": len(client.lines)}
    return found | {name: {"rows": sum(map(len, parts))} for name, parts in draft.tables.items()}
