"""The same expressions on Spark: these notebooks give the same ledger on PySpark (local mode) as on DuckDB."""

import dataclasses

import ibis
import nbformat
import pytest
from click.testing import CliRunner

from crmlib import schema, summaries
from crmlib.cli import main
from crmlib.home import NOTEBOOKS
from crmlib.schema import DIAGNOSTICS

pytestmark = pytest.mark.full
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.session.timeZone": "UTC",
    "spark.log.level": "ERROR",
    "spark.sql.maxPlanStringLength": "1000",  # else the plan of the last of many cached tables fills the memory as text
}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    for command in (["simulate", "acme", "--customers", "800", "--seed", "3"], ["intake", "acme"]):
        done = CliRunner().invoke(main, ["--data-dir", str(data), *command])
        assert done.exit_code == 0, done.output
    return data / "acme"


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]")
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield ibis.pyspark.connect(session)
    session.stop()


def on_spark(spark, client_dir):
    """`summaries.open_store`, on Spark."""
    here = summaries.open_store(client_dir)
    tables = {}
    for name in schema.STORE:
        path = f"{client_dir}/store/{name}.parquet"
        if name in here.present:
            tables[name] = spark.read_parquet(path, table_name=name)
        else:
            tables[name] = spark.create_table(name, schema=ibis.schema(schema.STORE[name]), overwrite=True)
    return dataclasses.replace(here, **tables, summed=None)  # the sums by day are made on Spark too


def ledger(name, client_dir, open_store):
    """The numbers of a notebook whose store is opened in another way; its slides are not made."""
    scope = {"display": lambda *_: None}
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code" and not cell.source.startswith("# NBVAL_IGNORE_OUTPUT"):
            source = cell.source.replace('"../client_data/sample"', repr(str(client_dir)))
            exec(source, scope)  # the project's own notebook
            if "summaries" in scope:
                scope["summaries"] = dataclasses.make_dataclass("Summaries", ["open_store"])(open_store)
        if "ledger" in scope:
            return scope["ledger"].to_json()
    raise AssertionError(f"{name} has no ledger")


@pytest.mark.parametrize("name", [name for name in DIAGNOSTICS if name not in ("actions", "summary")])
def test_the_ledger_is_the_same(name, client, spark, monkeypatch):
    monkeypatch.chdir(NOTEBOOKS)
    assert ledger(name, client, lambda folder: on_spark(spark, folder)) == ledger(name, client, summaries.open_store)
