"""Files that nobody has explained: a proposal with the evidence, never used by itself, and no value in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmlib import config_file, intake, workspace
from crmlib.errors import DataError
from crmlib.home import TEMPLATES
from crmlib.intake import proposal
from tests.intake.conftest import Make

HEAD = "注文番号,会員ID,受注日,金額\n"
UNKNOWN = (
    "伝票No.,お客様コード,お買上日,お買上金額(税込),担当,メールアドレス\n"
    '0001,A01,2025/03/05,"1,200",山田花子,a@example.com\n0002,A02,2025/03/06,¥1300,山田花子,b@example.com\n'
    "0003,A01,2025/03/27,300,鈴木,\n"
)
BARE = "name: {ja: 試験, en: Test}\ncurrency: JPY\nas_of: 2025-12-31\nsources: []   # nothing yet\nmargin_rate: 0.4\n"


def client(tmp_path: Path, yaml: str, **files: str) -> Path:
    (tmp_path / "raw").mkdir()
    for name, text in files.items():
        (tmp_path / "raw" / f"{name}.csv").write_text(text, "utf-8")
    (tmp_path / "client.yaml").write_text(yaml, "utf-8")
    return tmp_path


def stopped(folder: Path) -> str:
    with pytest.raises(DataError) as caught:
        intake.run(workspace.load(folder))
    assert caught.value.exit_code == 1
    assert not (folder / "store").exists()
    return str(caught.value)


def proposed(folder: Path) -> str:
    return (folder / proposal.FILE).read_text("utf-8")


def test_an_unknown_layout_is_proposed_and_not_used(tmp_path: Path) -> None:
    folder = client(tmp_path, BARE, 売上=UNKNOWN)
    message = stopped(folder)
    assert "client.yaml: no source has table: orders" in message
    assert "client.proposed.yaml: proposes how to read 1 of the files in raw/: raw/売上.csv" in message
    assert "copy what is right into client.yaml, and run again" in message
    text = proposed(folder)
    assert text.startswith("# PROPOSED")
    assert '      customer_id: "お客様コード"    # 100 % filled, 2 distinct; id 100 %\n' in text
    assert (
        '      amount: "お買上金額(税込)"    # 100 % filled, 3 distinct; money 100 %, integer 67 %, id 100 %\n' in text
    )
    assert "#   not used: メールアドレス: 67 % filled; names a person (email)\n" in text
    assert "currency: JPY" in text
    assert "margin_rate: 0.4" in text
    assert not any(value in text for value in ("山田", "example.com", "1,200", "A01"))
    assert stopped(folder)  # a second time: still not used


@pytest.mark.parametrize("said", ["sources: []", "sources:", "sources: {}", ""])
def test_no_sources_yet(tmp_path: Path, said: str) -> None:
    folder = client(tmp_path, BARE.replace("sources: []   # nothing yet", said), a=UNKNOWN)
    assert "client.proposed.yaml: proposes" in stopped(folder)
    (folder / "client.yaml").write_text(proposed(folder), "utf-8")
    assert intake.run(workspace.load(folder)).orders.rows_used == 3


def test_a_confirmed_proposal_is_a_whole_configuration(tmp_path: Path) -> None:
    folder = client(tmp_path, BARE, 売上=UNKNOWN)
    stopped(folder)
    (folder / "client.yaml").write_text(proposed(folder), "utf-8")
    done = intake.run(workspace.load(folder))
    assert (done.orders.rows_used, done.orders.amount_used) == (3, 2800)


def test_the_placeholder_of_a_new_client(tmp_path: Path) -> None:
    folder = client(tmp_path, (TEMPLATES / "client" / "client.yaml").read_text("utf-8"), a=UNKNOWN)
    message = stopped(folder)
    assert "column '注文番号' is missing" in message
    assert "client.proposed.yaml: proposes" in message
    assert "columns: {order_id" not in proposed(folder)


def test_several_files_several_tables(tmp_path: Path) -> None:
    more = "会員ID,登録日,媒体\n1,2025-01-02,検索\n2,2025-02-03,紹介\n"
    ads = "年月,広告媒体,広告費,備考\n2025-01,検索,1000,x\n2025-02,検索,2000,y\n"
    folder = client(tmp_path, BARE, orders=UNKNOWN, members=more, ads=ads, other="a,b,c\nx,y,z\n")
    stopped(folder)
    text = proposed(folder)
    for table, name in (("orders", "orders"), ("customers", "members"), ("costs", "ads")):
        assert f'  - table: {table}\n    files: "raw/{name}.csv"\n' in text
    assert "must be mapped to a column of the client's file: none was found" in text


def test_a_known_export_is_proposed_by_its_name(tmp_path: Path) -> None:
    headers = config_file.presets()["eccube4_order"]["headers"]
    folder = client(tmp_path, BARE, order=",".join(headers) + "\n" + ",".join(["1"] * len(headers)) + "\n")
    stopped(folder)
    assert "    preset: eccube4_order" in proposed(folder)


def test_a_file_beside_those_that_are_explained_is_a_warning(make: Make) -> None:
    folder = make({"a.csv": HEAD + "A1,1,2024-01-05,5\n", "more.txt": UNKNOWN})
    path = folder.path / "client.yaml"
    path.write_text(path.read_text("utf-8").replace("raw/*", "raw/*.csv"), "utf-8")
    warnings = folder.run().warnings
    assert any("raw/more.txt" in one for one in warnings)
    assert any("client.proposed.yaml proposes how to read 1 of the files" in one for one in warnings)
    text = proposed(folder.path)
    assert '    files: "raw/*.csv"' in text  # what works is kept
    assert '    files: "raw/more.txt"' in text


def test_ambiguous_dates_are_told(tmp_path: Path) -> None:
    text = (
        UNKNOWN.replace("2025/03/05", "03/04/2025")
        .replace("2025/03/06", "05/04/2025")
        .replace("2025/03/27", "06/04/2025")
    )
    folder = client(tmp_path, BARE, a=text)
    stopped(folder)
    assert "#   Say dates: '%d/%m/%Y' (day first) or dates: '%m/%d/%Y' (month first)" in proposed(folder)


def test_headers_are_harmless_in_the_proposal(tmp_path: Path) -> None:
    head = '"注文番号: x\n  evil: true","会員ID""]",受注日,金額,"=cmd|\x1b[31m"\n'
    folder = client(tmp_path, BARE, a=head + "1,2,2025-03-05,4,5\n")
    stopped(folder)
    text = proposed(folder)
    (folder / "client.yaml").write_text(text, "utf-8")
    assert workspace.load(folder).sources[0].table == "orders"
    assert "\x1b" not in text


def test_files_that_are_no_tables_are_left_alone(tmp_path: Path) -> None:
    folder = client(tmp_path, BARE)
    (folder / "raw" / "note.pdf").write_bytes(b"%PDF-1.4 x")
    assert "proposes" not in stopped(folder)
    assert not (folder / proposal.FILE).exists()
