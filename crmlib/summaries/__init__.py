"""Counts that the database does: Ibis expressions over a client's store."""

from dataclasses import dataclass
from pathlib import Path

import ibis
import ibis.expr.types as ir

from crmlib.errors import DataError, Problem

# A run has several notebooks at work on a laptop that does other things too; DuckDB spills what does not fit.
MEMORY = "700MB"


@dataclass(frozen=True)
class Store:
    """A client's normalised tables, bound to an engine.

    Attributes:
        orders: One row per used order row: order_id, customer_id (pseudonym, null for an accepted guest),
            order_date (date in the client's time zone), amount (integer minor units).
    """

    orders: ir.Table


def open_store(client_dir: str | Path) -> Store:
    """Open the tables that intake wrote, on an in-memory DuckDB.

    Args:
        client_dir: The client's folder, which holds store/orders.parquet.

    Returns:
        The store; nothing is read until an expression is executed.

    Raises:
        DataError: intake has not written a store yet.
    """
    path = Path(client_dir) / "store" / "orders.parquet"
    if not path.is_file():
        raise DataError(
            Problem("there is no store", "store/orders.parquet", hint="Run `crmlib intake` for this client first.")
        )
    return Store(orders=ibis.duckdb.connect(memory_limit=MEMORY).read_parquet(str(path), table_name="orders"))
