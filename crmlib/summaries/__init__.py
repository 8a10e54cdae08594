"""Counts that the database does: Ibis expressions over a client's store."""

from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir

from crmlib.errors import DataError, Problem
from crmlib.schema import DAYS, STORE
from crmlib.summaries import orders

# A run has several notebooks at work on a laptop that does other things too; DuckDB spills what does not fit.
MEMORY = "700MB"


@dataclass(frozen=True)
class Store:
    """A client's normalised tables, bound to an engine; columns and types as in `schema.STORE`.

    A table that the client did not send has its columns and no rows; `present` names those that were sent.
    `orders` has one row per used order row: customer_id is null for an accepted guest, amount in minor units.
    `summed` is `orders.days` of them where intake has written it; read `days`.
    """

    orders: ir.Table
    order_lines: ir.Table
    customers: ir.Table
    products: ir.Table
    contacts: ir.Table
    campaigns: ir.Table
    interactions: ir.Table
    subscriptions: ir.Table
    leads: ir.Table
    tier_history: ir.Table
    costs: ir.Table
    monthly_sales: ir.Table
    referrals: ir.Table
    present: frozenset[str]
    summed: ir.Table | None = None

    @property
    def days(self) -> ir.Table:
        """Orders by customer and day, as `orders.days` returns them: summed once by intake, or now."""
        return orders.days(self.orders) if self.summed is None else self.summed


def open_store(client_dir: str | Path) -> Store:
    """Open the tables that intake wrote, on an in-memory DuckDB.

    Args:
        client_dir: The client's folder, which holds store/orders.parquet.

    Returns:
        The store; nothing is read until an expression is executed.

    Raises:
        DataError: intake has not written a store yet.
    """
    folder = Path(client_dir) / "store"
    files = {name: folder / f"{name}.parquet" for name in STORE}
    present = frozenset(name for name, path in files.items() if path.is_file())
    if "orders" not in present:
        hint = "Run `crmlib intake` for this client first."
        raise DataError(Problem("there is no store", "store/orders.parquet", hint=hint))
    engine = ibis.duckdb.connect(memory_limit=MEMORY)
    engine.raw_sql("SET enable_progress_bar = false")  # in a notebook it would be drawn on the run's terminal
    tables = {
        name: engine.read_parquet(str(path), table_name=name) if name in present else _empty(engine, name)
        for name, path in files.items()
    }
    summed = folder / f"{DAYS}.parquet"
    days = engine.read_parquet(str(summed), table_name=DAYS) if summed.is_file() else None
    return Store(**tables, present=present, summed=days)


def _empty(engine: ibis.BaseBackend, name: str) -> ir.Table:
    return engine.create_table(name, schema=ibis.schema(STORE[name]))
