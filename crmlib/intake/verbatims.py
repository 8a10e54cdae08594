"""What customers said, without anybody's name: free text is masked before it enters the store."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from crmlib.columns import MAPPED
from crmlib.privacy.known import Known
from crmlib.privacy.verbatims import masked

KINDS = ("name", "kana", "email", "phone", "address", "family")


def without_names(made: Mapping[str, pa.Table], people: pd.DataFrame) -> dict[str, pa.Table]:
    """The store's tables, the texts in them masked.

    Args:
        made: The tables.
        people: `personal.customers`: whose names and numbers are looked for; patterns are masked for everybody's.
    """
    texts = {
        name: [told for told, column in columns.items() if column.kind == "text"] for name, columns in MAPPED.items()
    }
    if not any(texts.get(name) for name in made):
        return dict(made)
    known = Known()
    for kind in KINDS:
        known.add(kind, people[kind].unique())
    return {name: _masked(table, texts.get(name, []), known) for name, table in made.items()}


def _masked(table: pa.Table, columns: list[str], known: Known) -> pa.Table:
    for name in columns:
        place, column = table.column_names.index(name), table.column(name).combine_chunks().dictionary_encode()
        said = pa.array([masked(text, known) for text in column.dictionary.to_pylist()], pa.string())
        table = table.set_column(place, table.schema.field(name), said.take(column.indices))
    return table
