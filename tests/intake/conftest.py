"""A client's folder made by code: files in raw/, a client.yaml, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from crmlib import intake, workspace
from crmlib.errors import DataError
from crmlib.intake import IntakeReport

COLUMNS = "{order_id: 注文番号, customer_id: 会員ID, order_date: 受注日, amount: 金額}"
NO_ORDER = "{customer_id: 会員ID, order_date: 受注日, amount: 金額}"
YAML = """
name: {{ja: 試験, en: Test}}
currency: {currency}
as_of: 2024-12-31
{extra}
sources:
  - table: orders
    files: "raw/*"
    columns: {columns}
    {source}
"""


@dataclass(frozen=True)
class Folder:
    """A client's folder and what is done with it."""

    path: Path

    def run(self) -> IntakeReport:
        return intake.run(workspace.load(self.path))

    def message(self) -> str:
        with pytest.raises(DataError) as caught:
            self.run()
        assert caught.value.exit_code == 1
        return str(caught.value)

    def store(self) -> list[dict]:
        return pq.read_table(self.path / "store" / "orders.parquet").to_pylist()

    def quarantine(self) -> str:
        return "".join(path.read_text("utf-8-sig") for path in sorted((self.path / "quarantine").glob("*.csv")))


Make = Callable[..., Folder]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """make({"a.csv": bytes}, columns=..., source=..., extra=..., currency=...) -> Folder."""

    def folder(files: Mapping[str, bytes | str], columns: str = COLUMNS, source: str = "", **client: str) -> Folder:
        (tmp_path / "raw").mkdir(exist_ok=True)
        for name, content in files.items():
            (tmp_path / "raw" / name).write_bytes(content.encode() if isinstance(content, str) else content)
        said = {"currency": "JPY", "extra": "", **client}
        (tmp_path / "client.yaml").write_text(YAML.format(columns=columns, source=source, **said), "utf-8")
        return Folder(tmp_path)

    return folder
