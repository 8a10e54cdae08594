"""Everything that a run writes, succeeding and failing: no person in it, and a client's text is nowhere more than text."""

import csv
import io
import json
import re
import zipfile

import nbformat
import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from crmlib.cli import main
from crmlib.home import NOTEBOOKS
from crmlib.run import job
from crmlib.simulate import SimulationOptions, simulate

pytestmark = pytest.mark.slow
PAYLOADS = {
    "formula": "=cmd|' /C calc'!A0",
    "html": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "template": "{{ 7*7 }} {intake.orders:int} ${jndi:x} %(x)s",
    "path": "../../../etc/passwd",
    "terminal": "\x1b[2J\x1b]0;x\x07",
}
PERSON, MAIL, PHONE = ("綾小路", "桜子"), "sakurako@example.jp", "090-1234-5678"
NAME = 'name: {{ja: "{0}", en: "{0}"}}'


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def acme(data_dir):
    """A simulated client, with payloads in its name, files, headers, products, campaigns, statuses, and a person who writes."""
    folder = data_dir / "acme"
    simulate(folder, SimulationOptions(400, seed=3, dirt=0.5))
    raw = folder / "raw"
    payload = " ".join(PAYLOADS.values())
    quoted = '"' + payload.replace('"', '""') + '"'
    _edit(
        raw / "products.csv",
        lambda text: re.sub(r"^(1,\w+),[^,]*,", rf"\1,{_safe(quoted)},", text, count=1, flags=re.MULTILINE),
    )
    _edit(
        raw / "campaigns.csv",
        lambda text: re.sub(r"^1,[^,]*,", f"1,{_safe(quoted)},", text, count=1, flags=re.MULTILINE),
    )
    said = f"{PERSON[0]} {PERSON[1]}です。{PHONE} か {MAIL} まで"
    _edit(
        raw / "interactions.csv",
        lambda text: text + "".join(f"9999{i},,2024-05-0{i},line,inquiry,,{said}\n" for i in (1, 2)),
    )
    (orders,) = raw.glob("order_*.csv")
    _edit(
        orders,
        lambda text: text.replace("発送済み", payload.replace(",", ""), 3).replace(
            "\n2,", f"\n2{PERSON[0]}{PERSON[1]},", 1
        ),
    )
    orders.rename(orders.with_name("order_=1+1<b>{x}.csv"))
    (customers,) = raw.glob("customer_*.csv")
    _edit(
        customers,
        lambda text: (
            f"{text}99999,{','.join(PERSON)},アヤノコウジ,サクラコ,,1000001,13,東京都,架空市,9-9-9,{MAIL},{PHONE}"
            + "," * 14
            + "\n"
        ),
    )
    text = (folder / "client.yaml").read_text("utf-8")
    hostile = NAME.format((PAYLOADS["formula"] + PAYLOADS["html"] + PAYLOADS["template"])[:95].replace('"', "'"))
    (folder / "client.yaml").write_text(re.sub(r"^name: .*$", lambda _: hostile, text, flags=re.MULTILINE), "utf-8")
    return folder


def _safe(text):
    return text.replace("\\", r"\\")


def _edit(path, change):
    data = path.read_bytes()
    codec = "cp932" if b"\x82" in data else "utf-8"
    path.write_bytes(change(data.decode(codec)).encode(codec))


def crmlib(data_dir, *arguments):
    return CliRunner().invoke(main, ["--data-dir", str(data_dir), *arguments])


@pytest.fixture(scope="module")
def run(data_dir, acme):
    done = crmlib(data_dir, "run", "acme", "--only", "intake", "--formats", "html,pdf,xlsx")
    assert done.exit_code == 0, done.output
    (folder,) = (acme / "runs").glob("2*")
    (folder / "terminal.log").write_text(done.output, "utf-8")
    return folder


def test_nobody_is_found_in_what_a_run_writes(data_dir, acme, run):
    done = crmlib(data_dir, "scan", str(acme))
    assert done.output == f"{acme}: nothing found\n"
    assert done.exit_code == 0


def test_the_scan_would_have_found_somebody(data_dir, run):
    spoilt = run / "notebooks" / "spoilt.json"
    spoilt.write_text(json.dumps({"note": "".join(PERSON)}), "utf-8")
    done = crmlib(data_dir, "scan", str(run))
    spoilt.unlink()
    assert done.exit_code == 1
    assert "notebooks/spoilt.json: name, 1 time, first in /note" in done.output
    assert PERSON[1] not in done.output


def test_what_was_said_is_in_the_store_without_the_person(acme, run):
    import pandas as pd

    said = pd.read_parquet(acme / "store" / "interactions.parquet")["text"]
    assert (said == "[name]です。[phone] か [email] まで").sum() == 2


@pytest.mark.parametrize("language", ["ja", "en"])
def test_html_holds_no_markup_of_the_clients(run, language):
    text = (run / f"deck_{language}.html").read_text("utf-8")
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", text)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_pdf_shows_the_name_as_it_is_and_runs_nothing(run, language):
    data = (run / f"deck_{language}.pdf").read_bytes()
    assert b"/JavaScript" not in data
    assert b"/Launch" not in data
    shown = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert "{{ 7*7 }}" in shown.replace("\n", "")
    assert "49" not in shown.split("\n")[0]


@pytest.mark.parametrize("name", ["questions_ja.xlsx", "questions_en.xlsx", "tables.xlsx"])
def test_workbooks_hold_no_formula_no_link_no_author(run, name):
    with zipfile.ZipFile(run / name) as book:
        for part in book.namelist():
            text = book.read(part).decode("utf-8")
            assert "<f>" not in text
            assert "hyperlink" not in text
        core = book.read("docProps/core.xml").decode("utf-8")
        assert "<dc:creator></dc:creator>" in core or "<dc:creator/>" in core


def test_the_question_about_the_hostile_status_is_a_text(run):
    with zipfile.ZipFile(run / "questions_en.xlsx") as book:
        texts = book.read("xl/sharedStrings.xml").decode("utf-8")
    assert "How should rows with the status" in texts
    assert "<script>" not in texts


def test_quarantined_rows_and_messages_move_no_cursor_and_start_no_formula(acme, run):
    for path in [
        *(acme / "quarantine").glob("*"),
        *(acme / "identity").glob("*"),
        run / "terminal.log",
        acme / "intake.json",
    ]:
        assert "\x1b" not in path.read_text("utf-8-sig")
        if path.suffix == ".csv":
            cells = [cell for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")) for cell in row]
            assert not any(cell.startswith(("=", "@")) for cell in cells)
    assert not (acme.parent.parent / "etc").exists()


@pytest.fixture
def failing(data_dir, acme, run, tmp_path, monkeypatch):
    """A run whose notebook stops with an error that quotes a customer."""
    for path in NOTEBOOKS.glob("*.ipynb"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    notebook = nbformat.read(tmp_path / "intake.ipynb", as_version=4)
    cell = next(cell for cell in notebook.cells if "overview.T" in cell.source or "facts" in cell.source)
    (customers,) = (acme / "raw").glob("customer_*")
    cell.source = f"print('so far')\nraise ValueError(open({str(customers)!r}, encoding='cp932').read())"
    nbformat.write(notebook, tmp_path / "intake.ipynb")
    monkeypatch.setattr(job, "NOTEBOOKS", tmp_path)
    before = set((acme / "runs").iterdir())
    done = crmlib(data_dir, "run", "acme", "--only", "intake", "--formats", "html", "--as-of", "2025-03-30")
    return done, set((acme / "runs").iterdir()) - before


def test_a_run_that_stops_quotes_nobody(data_dir, failing, tmp_path):
    done, made = failing
    assert done.exit_code in (1, 3)
    assert "ValueError" in done.output
    log = tmp_path / "terminal.log"
    log.write_text(done.output, "utf-8")
    assert made
    for folder in [*made, log]:
        found = crmlib(data_dir, "scan", str(folder), "--client", "acme")
        assert found.exit_code == 0, found.output


def test_an_intake_that_refuses_quotes_nobody(data_dir, acme, tmp_path):
    refused = data_dir / "refused"
    refused.mkdir()
    (refused / "raw").mkdir()
    for path in (acme / "raw").glob("customer_*"):
        (refused / "raw" / path.name).write_bytes(path.read_bytes())
    header = "会員ID,お名前(姓),お名前(名),日付,金額\n"
    rows = "".join(f"{PERSON[0]}{PERSON[1]},{MAIL},{PHONE},{PERSON[0]}様,{MAIL}\n" for _ in range(9))
    (refused / "raw" / f"{PERSON[0]}{PERSON[1]}.csv").write_text(header + rows, "utf-8")
    source = "{table: orders, files: raw/綾*.csv, columns: {customer_id: 会員ID, order_date: 日付, amount: 金額}}"
    (refused / "client.yaml").write_text(
        f"name: {{ja: a, en: a}}\ncurrency: JPY\nas_of: 2024-12-31\nsources: [{source}]\n", "utf-8"
    )
    done = crmlib(data_dir, "intake", "refused")
    assert done.exit_code == 1
    log = tmp_path / "terminal.log"
    log.write_text(
        done.output.replace(f"{PERSON[0]}{PERSON[1]}.csv", "(its file).csv"), "utf-8"
    )  # the client's own file name
    found = crmlib(data_dir, "scan", str(log), "--client", "refused")
    assert found.exit_code == 0, found.output
