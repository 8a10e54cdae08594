"""The intake as a whole: several files, problems at once, determinism, privacy, what is written and when."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crmlib import intake, workspace
from crmlib.errors import DataError
from crmlib.intake import doctor, files, gather, store
from tests.intake.conftest import COLUMNS, NO_ORDER, Make

HEAD = "注文番号,会員ID,受注日,金額\n"


def many(count: int, seed: int = 1) -> list[str]:
    dice = random.Random(seed)
    days = [dt.date(2024, 1, 1) + dt.timedelta(dice.randrange(300)) for _ in range(count)]
    return [
        f"A{i:05d},{dice.randrange(count // 3):04d},{day},{dice.randrange(1, 90) * 100}\n" for i, day in enumerate(days)
    ]


def test_all_problems_of_all_files_come_at_once(make: Make) -> None:
    folder = make({"a.csv": b"", "b.csv": HEAD, "c.csv": HEAD.replace("金額", "合計") + "A1,1,2024-01-05,5\n"})
    message = folder.message()
    assert "raw/a.csv: is empty" in message
    assert "raw/b.csv: has a header, but no rows" in message
    assert "raw/c.csv: column '金額' is missing" in message


def test_no_file_says_what_lies_there(make: Make) -> None:
    folder = make({"受注.txt": "x"}, source="")
    (folder.path / "client.yaml").write_text(
        (folder.path / "client.yaml").read_text("utf-8").replace("raw/*", "raw/*.csv"), "utf-8"
    )
    assert folder.message() == "raw/*.csv: there is no such file\n  Hint: In raw/: 受注.txt"


def test_two_files_with_one_content(make: Make) -> None:
    text = HEAD + "A1,1,2024-01-05,5\n"
    assert "raw/b.csv: is the same file as raw/a.csv" in make({"a.csv": text, "b.csv": text}).message()


def test_overlapping_exports_count_an_order_once(make: Make) -> None:
    lines = many(30)
    folder = make({"january.csv": HEAD + "".join(lines[:20]), "february.csv": HEAD + "".join(lines[15:])})
    done = folder.run()
    assert done.totals.exclusions == {"exact_duplicate": 5}
    assert done.totals.rows_used == 30
    assert [entry.rows_excluded for entry in (one.balance for one in done.files)] == [0, 5]


def test_a_symbolic_link_is_refused(make: Make, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / "secret.csv"
    other.write_text(HEAD + "A1,1,2024-01-05,5\n", "utf-8")
    folder = make({})
    (folder.path / "raw" / "a.csv").symlink_to(other)
    assert "raw/a.csv: is a symbolic link" in folder.message()


def test_a_file_that_changes_while_it_is_read(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make({"a.csv": HEAD + "A1,1,2024-01-05,5\n"})
    convert = gather.orders.convert_file

    def meanwhile(*args):
        (folder.path / "raw" / "a.csv").write_text(HEAD + "A1,1,2024-01-05,6\n", "utf-8")
        return convert(*args)

    monkeypatch.setattr(gather.orders, "convert_file", meanwhile)
    assert "raw/a.csv: changed while it was read" in folder.message()
    assert not (folder.path / "store").exists()


def test_customers_are_pseudonyms_and_nothing_personal_is_written(make: Make) -> None:
    head = HEAD[:-1] + ",お名前,メール\n"
    rows = "A1,secret-0001,2024-01-05,5,山田花子,hanako@example.com\nA2,secret-0001,bad,5,山田花子,hanako@example.com\n"
    folder = make({"a.csv": head + rows}, extra="accept_quarantined: true")
    folder.run()
    row = folder.store()[0]
    assert isinstance(row["customer_id"], int)
    assert abs(row["customer_id"]) > 2**32  # 64 bits of a digest, not a number of the client's
    written = [p for p in folder.path.rglob("*") if p.is_file() and p.parent.name not in ("raw", "quarantine")]
    for path in written:
        content = path.read_bytes()
        assert not any(word.encode() in content for word in ("secret-0001", "山田", "hanako"))
    assert "山田花子" in folder.quarantine()  # the raw row stands there, and only there


def test_the_key_is_made_once_and_kept_to_its_owner(make: Make) -> None:
    folder = make({"a.csv": HEAD + "A1,1,2024-01-05,5\n"})
    folder.run()
    path = folder.path / "private" / "pseudonym.key"
    first, name = path.read_text(), folder.store()[0]["customer_id"]
    folder.run()
    assert (path.read_text(), folder.store()[0]["customer_id"]) == (first, name)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("not a key")
    assert "private/pseudonym.key: is not a key of 64 hexadecimal digits" in folder.message()


def test_quarantine_is_harmless_in_a_spreadsheet(make: Make) -> None:
    folder = make({"a.csv": HEAD + '=HYPERLINK("x"),1,bad,5\nA2,1,2024-01-05,6\n'}, extra="accept_quarantined: true")
    folder.run()
    lines = folder.quarantine().splitlines()
    assert lines[0] == "file,line,column,reason,value,row"
    assert lines[1].startswith("raw/a.csv,2,受注日,bad_date,xxx,\"'=HYPERLINK")


def test_quarantine_names_the_physical_line(make: Make) -> None:
    rows = 'A1,1,2024-01-05,5,"x\ny"\n\nA2,1,bad,6,z\nA3,1,2024-01-05,7,"\n"\nA4,1\n'
    folder = make({"a.csv": HEAD[:-1] + ",備考\n" + rows}, extra="accept_quarantined: true")
    folder.run()
    assert [line.split(",")[1:4] for line in folder.quarantine().splitlines()[1:]] == [
        ["5", "受注日", "bad_date"],
        ["8", "", "ragged_row"],
    ]


def test_quarantine_is_written_when_the_intake_stops(make: Make) -> None:
    folder = make({"a.csv": HEAD + "A1,1,bad,5\n"})
    message = folder.message()
    assert "100.0% of the rows" in message
    assert "raw/a.csv line 2, column '受注日': the first bad_date (shape of the value: 'xxx')" in message
    assert "bad_date" in folder.quarantine()
    assert not (folder.path / "store").exists()


def test_a_failed_intake_leaves_the_last_store_whole(make: Make) -> None:
    folder = make({"a.csv": HEAD + "A1,1,2024-01-05,5\n"})
    folder.run()
    before = {name: (folder.path / name).read_bytes() for name in (store.FILE, "intake.json")}
    (folder.path / "raw" / "a.csv").write_bytes(b"")
    folder.message()
    assert {name: (folder.path / name).read_bytes() for name in before} == before
    assert not list(folder.path.rglob("*.new"))


def test_one_percent_quarantined_warns(make: Make) -> None:
    lines = many(80)
    folder = make({"a.csv": HEAD + "".join(lines) + "B1,1,bad,0\n"})
    assert folder.run().warnings == ["1.2% of the rows and 0.0% of the money are quarantined (bad_date 1)"]


def test_rows_in_any_order_other_time_zone_other_hash_seed(make: Make) -> None:
    lines = [*many(200), "A00001,9,2024-01-05,77\n"]
    folder = make({"a.csv": HEAD + "".join(lines)}, extra="accept_quarantined: true")
    first = folder.run()
    random.Random(5).shuffle(lines)
    (folder.path / "raw" / "a.csv").write_text(HEAD + "".join(lines), "utf-8")
    code = "import sys; from crmlib import intake, workspace; r = intake.run(workspace.load(sys.argv[1])); print(r.store_sha256)"
    env = {**os.environ, "TZ": "America/Los_Angeles", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    found = subprocess.run(
        [sys.executable, "-c", code, str(folder.path)], env=env, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == first.store_sha256
    assert intake.load(folder.path).totals == first.totals


def test_another_amount_gives_another_digest(make: Make) -> None:
    lines = many(20)
    first = make({"a.csv": HEAD + "".join(lines)}).run().store_sha256
    lines[0] = lines[0].replace("00\n", "01\n")
    assert make({"a.csv": HEAD + "".join(lines)}).run().store_sha256 != first


def test_intake_json_has_the_agreed_keys(make: Make) -> None:
    folder = make({"a.csv": HEAD + "A1,1,2024-01-05,¥5\n"})
    done = folder.run()
    tree = json.loads((folder.path / "intake.json").read_text("utf-8"))
    about = {"file", "table", "sha256", "encoding", "delimiter", "preset", "repairs", "reasons", "exclusions"}
    kinds = ("read", "used", "quarantined", "excluded")
    wanted = about | {f"{what}_{kind}" for what in ("rows", "amount") for kind in kinds}
    assert wanted <= set(tree["files"][0])
    assert tree["totals"]["repairs"] == {"currency_sign": 1}
    assert intake.load(folder.path) == done


def test_refreshed_reads_again_only_what_changed(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make({"a.csv": HEAD + "A1,1,2024-01-05,5\n"})
    first = intake.refreshed(workspace.load(folder.path))
    monkeypatch.setattr(doctor, "run", lambda client: pytest.fail("nothing changed"))
    assert intake.refreshed(workspace.load(folder.path)) == first
    monkeypatch.undo()
    (folder.path / "raw" / "a.csv").write_text(HEAD + "A1,1,2024-01-05,6\n", "utf-8")
    assert intake.refreshed(workspace.load(folder.path)).totals.amount_used == 6


def test_without_an_intake_there_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no intake report\n  Hint: Run `crmlib intake`"):
        intake.load(tmp_path)


def test_whitespace_without_a_header(make: Make) -> None:
    text = "00004 0001 19970101  2   29.33\r\n00004 0001 19970118  2   29.73\r\n00021 0002 19970101  3 x\r\n"
    columns = '{customer_id: "1", order_date: "3", amount: "5"}'
    source = "header: false\n    delimiter: whitespace"
    folder = make({"a.txt": text}, columns, source, currency="USD", extra="accept_quarantined: true")
    whole = folder.run().totals
    assert (whole.rows_used, whole.amount_used, whole.reasons) == (2, 5906, {"bad_amount": 1})
    assert folder.quarantine().splitlines()[1] == "raw/a.txt,3,5,bad_amount,x,00021 0002 19970101  3 x"


def test_declared_dates_decide_the_ambiguous(make: Make) -> None:
    folder = make({"a.csv": HEAD + "A1,1,03/04/2024,5\n"}, source="dates: '%d/%m/%Y'")
    folder.run()
    assert folder.store()[0]["order_date"] == dt.date(2024, 4, 3)


def test_a_moment_falls_on_the_clients_calendar(make: Make) -> None:
    folder = make({"a.csv": HEAD + "A1,1,2024-03-05T23:30Z,5\nA2,1,2024-03-05T23:30,6\n"})
    folder.run()
    days = {row["order_id"]: row["order_date"] for row in folder.store()}
    assert days == {"A1": dt.date(2024, 3, 6), "A2": dt.date(2024, 3, 5)}


def test_ids_keep_their_zeros(make: Make) -> None:
    folder = make({"a.csv": HEAD + "0012,0123,2024-01-05,5\n012,123,2024-01-05,6\n12,00123,2024-01-05,7\n"})
    folder.run()
    assert len({row["customer_id"] for row in folder.store()}) == 3
    assert {row["order_id"] for row in folder.store()} == {"0012", "012", "12"}


def parquet(path: Path, **columns: object) -> bytes:
    frame = pd.DataFrame(columns)
    frame.to_parquet(path)
    return path.read_bytes()


def test_parquet_is_rendered_exactly(make: Make, tmp_path: Path) -> None:
    content = parquet(
        tmp_path / "x",
        注文番号=["A1", "A2", "A3"],
        会員ID=np.array([17850.0, 12346.0, np.nan]),  # integers that a missing value made floats
        受注日=pd.to_datetime(["2010-12-01 08:26", "2011-01-05", "2011-01-06 23:59:59.5"], format="ISO8601"),
        金額=[2.55, 10.0, -3.5],
    )
    folder = make({"a.parquet": content}, currency="GBP", extra="guest_orders: accept")
    whole = folder.run().totals
    assert (whole.rows_used, whole.amount_used, whole.repairs) == (3, 905, {})
    assert [row["order_date"].isoformat() for row in folder.store()][-1] == "2011-01-06"
    assert [row["customer_id"] for row in folder.store()].count(None) == 1


def test_parquet_nested_column_is_refused(make: Make, tmp_path: Path) -> None:
    content = parquet(tmp_path / "x", 会員ID=["1"], 受注日=["2024-01-05"], 金額=[[1, 2]])
    assert "raw/a.parquet: column '金額' holds list" in make({"a.parquet": content}, NO_ORDER).message()


def test_parquet_without_rows_or_columns(make: Make, tmp_path: Path) -> None:
    empty = parquet(tmp_path / "x", 会員ID=pd.array([], "str"), 受注日=pd.array([], "str"), 金額=pd.array([], "str"))
    assert "raw/a.parquet: has columns, but no rows" in make({"a.parquet": empty}, NO_ORDER).message()
    other = parquet(tmp_path / "x", 会員=["1"], 受注日=["2024-01-05"], 金額=[5])
    assert "column '会員ID' is missing" in make({"a.parquet": other}, NO_ORDER).message()


def test_parquet_quarantine_gives_the_row_number(make: Make, tmp_path: Path) -> None:
    content = parquet(tmp_path / "x", 注文番号=["A1", "A2"], 会員ID=["1", "1"], 受注日=["2024-01-05", "x"], 金額=[5, 6])
    folder = make({"a.parquet": content}, COLUMNS, extra="accept_quarantined: true")
    folder.run()
    assert folder.quarantine().splitlines()[1] == 'raw/a.parquet,2,受注日,bad_date,x,"A2,1,x,6"'


def test_summary_for_the_terminal(make: Make) -> None:
    folder = make({"a.csv": HEAD + 'A1,1,2024-01-05,"¥1,234"\nA2,1,2025-01-01,6\n'})
    assert intake.summary(folder.run()).splitlines() == [
        "                      rows                 JPY",
        "read                     2               1,240",
        "used                     1               1,234",
        "quarantined              0                   0",
        "excluded                 1                   6",
        "exclusions: after_as_of 1",
        "repairs: currency_sign 1, thousands 1",
    ]


def test_file_names_move_no_cursor() -> None:
    assert files.printable("a\x1b[2J\u202eb.csv") == "a?[2J?b.csv"


def test_a_file_that_no_source_names_is_told(make: Make) -> None:
    folder = make({"a.csv": HEAD + "A1,1,2024-01-05,5\n", "B.CSV": "x", ".DS_Store": "x"})
    path = folder.path / "client.yaml"
    path.write_text(path.read_text("utf-8").replace("raw/*", "raw/*.csv"), "utf-8")
    assert folder.run().warnings == ["named by no source of client.yaml and not read: raw/B.CSV"]


def test_guests_beyond_the_threshold_are_told_of_the_setting(make: Make) -> None:
    message = make({"a.csv": HEAD + "A1,,2024-01-05,5\nA2,1,2024-01-05,6\n"}).message()
    assert "Where a blank customer is a guest, say guest_orders: accept." in message


def test_parquet_nan_is_a_missing_value(make: Make, tmp_path: Path) -> None:
    table = pa.table({"会員ID": pa.array([1.0, float("nan")]), "受注日": ["2024-01-05"] * 2, "金額": [5, 6]})
    pq.write_table(table, tmp_path / "x")
    folder = make({"a.parquet": (tmp_path / "x").read_bytes()}, NO_ORDER, extra="accept_quarantined: true")
    assert folder.run().totals.reasons == {"blank_customer_id": 1}
