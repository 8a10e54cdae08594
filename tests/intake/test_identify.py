"""The review list and the merge table of a simulated client, who registers some customers twice."""

import json
import shutil
import stat

import pandas as pd
import pytest
from click.testing import CliRunner

from crmlib import cli, config_file, intake
from crmlib.errors import DataError
from crmlib.intake import identify
from crmlib.simulate import SimulationOptions, simulate, truth_path


@pytest.fixture(scope="module")
def acme(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data") / "acme"
    simulate(folder, SimulationOptions(1500, seed=5, dirt=0.2, layout="plain"))
    pairs = json.loads(truth_path(folder).read_text("utf-8"))["lists"]["duplicate_ids"]
    report = intake.run(config_file.load(folder))
    return folder, pairs, report


def store(folder, name):
    return pd.read_parquet(folder / "store" / f"{name}.parquet")


@pytest.fixture
def merging(acme, tmp_path):
    """A copy of the client, and what intake makes of it with a merge table."""
    folder = tmp_path / "acme"
    shutil.copytree(acme[0], folder)

    def run(table):
        (folder / "merges.csv").write_text(table, "utf-8")
        with (folder / "client.yaml").open("a", encoding="utf-8") as stream:
            stream.write("merges: merges.csv\n")
        return folder, intake.run(config_file.load(folder))

    run.folder = folder
    return run


def test_the_list_holds_every_duplicate_and_no_person(acme):
    folder, pairs, _ = acme
    listed = folder / "identity" / identify.LIST
    assert len(identify.load(folder).pairs) == len(pairs) > 1
    assert stat.S_IMODE((folder / "identity").stat().st_mode) == 0o700
    rows = listed.read_text("utf-8-sig").splitlines()[1:]
    assert all(row.split(",")[2:] == ["sure", "name+kana+phone+address"] for row in rows)
    assert not (folder / "identity" / identify.NAMED).exists()


def test_names_come_on_request_only(acme):
    folder, pairs, _ = acme
    done = CliRunner().invoke(cli.main, ["--data-dir", str(folder.parent), "identity", "acme"])
    assert done.exit_code == 0
    named = folder / "identity" / identify.NAMED
    assert done.output.strip() == str(named)
    rows = pd.read_csv(named, dtype=str)
    assert sorted(set(rows["customer_id"].astype(int))) == sorted({end for pair in pairs for end in pair})
    assert stat.S_IMODE(named.stat().st_mode) == 0o600
    intake.run(config_file.load(folder))
    assert not named.exists()  # the next intake takes it away


def test_merging_leaves_every_row_and_yen_where_it_was(acme, merging):
    folder, pairs, before = acme
    orders, customers, tiers = (store(folder, name) for name in ("orders", "customers", "tier_history"))
    folder, after = merging("customer_id,merge_into\n" + "".join(f"{new},{old}\n" for old, new in pairs))
    assert after.totals == before.totals
    assert len(store(folder, "orders")) == len(orders)
    assert store(folder, "orders")["amount"].sum() == orders["amount"].sum()
    assert store(folder, "orders")["customer_id"].nunique() == orders["customer_id"].nunique() - len(pairs)
    assert len(store(folder, "customers")) == len(customers) - len(pairs)
    assert store(folder, "customers")["customer_id"].is_unique
    assert len(store(folder, "tier_history")) <= len(tiers)
    assert len(identify.load(folder).pairs) == 0  # what is merged is asked no more


def test_the_codes_of_the_review_list_can_be_used(acme, merging):
    folder, _, _ = acme
    customers = len(store(folder, "customers"))
    first = identify.load(folder).pairs.iloc[0]
    folder, _ = merging(
        f"customer_id,merge_into\n{identify.code(first.customer_b)},{identify.code(first.customer_a)}\n"
    )
    assert len(store(folder, "customers")) == customers - 1
    assert first.customer_a in set(store(folder, "customers")["customer_id"])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("customer_id,merge_into\n1,1\n", "merges.csv line 2: merges a customer into itself"),
        ("customer_id,merge_into\n1,2\n2,1\n", "merges.csv line 2: goes round in a circle"),
        ("customer_id,merge_into\n1,987654\n", "merges.csv line 2: the merge_into is no customer of the data"),
        ("customer_id,merge_into\n,2\n", "merges.csv line 2: the customer_id is no customer of the data"),
        ("a,b\n1,2\n", "merges.csv: is no merge table"),
    ],
)
def test_a_wrong_table_stops_the_intake_and_leaves_the_store(acme, merging, table, message):
    _, _, before = acme
    with pytest.raises(DataError, match=message):
        merging(table)
    assert len(store(merging.folder, "orders")) == before.store_rows


def test_without_a_customer_file_there_is_no_list(tmp_path):
    assert len(identify.load(tmp_path).pairs) == 0
    assert len(identify.load(tmp_path).groups()) == 0
    with pytest.raises(DataError, match="there is no review list"):
        identify.write_named(config_file.load(_orders_only(tmp_path)))


def _orders_only(folder):
    (folder / "raw").mkdir()
    (folder / "raw" / "orders.csv").write_text("customer_id,order_date,amount\n1,2024-01-01,100\n", "utf-8")
    source = "{table: orders, files: raw/orders.csv}"
    (folder / "client.yaml").write_text(
        f"name: {{ja: a, en: a}}\ncurrency: JPY\nas_of: 2024-12-31\nsources: [{source}]\n", "utf-8"
    )
    intake.run(config_file.load(folder))
    return folder
