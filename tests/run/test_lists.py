"""`crmlib lists` and `crmlib holdout`: what is written, for whom, and what is said when it cannot be."""

import csv
import io
import json
import shutil
import zipfile

import pandas as pd
import pytest
from click.testing import CliRunner

from crmlib import config_file, intake, ltv, summaries
from crmlib.cli import main
from crmlib.intake import identify
from crmlib.lists.make import make
from crmlib.numbers import lists as numbers
from crmlib.numbers.model import dumps
from crmlib.run import fingerprint, manifest
from crmlib.simulate import SimulationOptions, simulate
from crmlib.summaries import ltv as counts
from crmlib.summaries import orders

HOSTILE = '=cmd|"/C calc"!A0 <b>\U0001f600{days}\u202e髙﨑'
RUN = "2025-03-31_0123456789ab"


def finished(folder):
    """A run whose manifest and numbers say what its notebooks would have said; the values by one model without a race."""
    client = config_file.load(folder)
    intake.refreshed(client)
    store = summaries.open_store(folder)
    single = counts.without_contract(orders.purchases(store.days, client.as_of), store.subscriptions)
    model = ltv.models.fit("bg_nbd", ltv.patterns.from_frame(counts.patterns(single, client.as_of).to_pandas()), None)
    amount = ltv.gamma_gamma.fit(ltv.gamma_gamma.amounts_from_frame(counts.amounts(single).to_pandas(), client.scale))
    each = counts.by_customer(single, client.as_of).to_pandas()
    ltv.scores.write(ltv.scores.score(model, amount, each, client.scale, 0.1), folder)
    run = folder / "runs" / RUN
    (run / "notebooks").mkdir(parents=True)
    made = make(client, store)
    (run / "numbers.json").write_text(dumps(numbers.ledger(made, "JPY")), "utf-8")
    about = {"made_from": fingerprint.parts(client, {}), "diagnostics": ["intake"], "settings": []}
    manifest.write(run, client, about, [])
    return made


@pytest.fixture(scope="module")
def acme(tmp_path_factory):
    """A simulated client, one of whose products has a hostile name, with a finished run; and its lists."""
    folder = tmp_path_factory.mktemp("data") / "acme"
    simulate(folder, SimulationOptions(1500, seed=3))
    path = folder / "raw" / "products.csv"
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("cp932"))))
    rows[1][2] = HOSTILE
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), "utf-8")
    return folder, finished(folder)


@pytest.fixture
def client(acme, tmp_path):
    """A copy of the client, and its lists."""
    return shutil.copytree(acme[0], tmp_path / "data" / "acme"), acme[1]


def called(folder, *arguments):
    return CliRunner().invoke(main, ["--data-dir", str(folder.parent), *arguments])


def table(path):
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("cp932"))))


def customers(folder):
    """The customer file as it was sent."""
    (path,) = (folder / "raw").glob("customer_*.csv")
    return pd.read_csv(io.StringIO(decoded(path.read_bytes())), dtype=str)


def decoded(data):
    return data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "cp932")


def test_the_files_hold_every_customer_of_the_lists_once(client):
    folder, made = client
    done = called(folder, "lists", "acme")
    assert done.exit_code == 0, done.output
    found = folder / "runs" / RUN / "lists"
    rows = [row for path in found.glob("*_ja.csv") for row in table(path)]
    assert {identify.number(row["顧客番号"]) for row in rows} == set(made.rows["customer_id"])
    assert len(rows) == len(made.rows)
    assert sum(int(row["期待額（JPY）"]) for row in rows) == made.rows["yen"].sum()
    assert all(row["理由（お客様への言葉）"] and row["経路"] and row["施策"] and row["到着期日"] for row in rows)
    held = [row for row in rows if row["扱い"] == "送らない（比較用）"]
    assert len(held) == (made.rows["arm"] == "control").sum()
    assert f"{len(rows):,} customers, of them {len(held):,} held out" in done.output
    assert (found / ".gitignore").read_text("utf-8") == "*\n"
    assert zipfile.ZipFile(found / "lists_ja.xlsx").testzip() is None


def test_a_hostile_product_is_text_and_what_cp932_lacks_is_counted(client):
    folder, _ = client
    done = called(folder, "lists", "acme", "--lang", "en")
    assert done.exit_code == 0, done.output
    paths = list((folder / "runs" / RUN / "lists").glob("*_en.csv"))
    cells = [cell for path in paths for row in table(path) for cell in row.values()]
    said = [cell for cell in cells if "calc" in cell]
    assert said
    assert all("〓{days}〓髙﨑" in cell for cell in said)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    replaced = sum(cell.count("〓") for cell in cells)
    assert replaced >= 2 * len(said)
    assert f"{replaced:,} characters that CP932 lacks are geta marks in the CSV" in done.output
    book = zipfile.ZipFile(folder / "runs" / RUN / "lists" / "lists_en.xlsx")
    inside = {name: book.read(name).decode("utf-8") for name in book.namelist() if name.endswith(".xml")}
    assert not [name for name, text in inside.items() if "<f>" in text]
    assert "\U0001f600" in inside["xl/sharedStrings.xml"]
    assert f"{replaced:,} characters that CP932 lacks" in inside["xl/sharedStrings.xml"]


def test_nobody_is_named_unless_it_is_asked_for(client):
    folder, _ = client
    done = called(folder, "lists", "acme")
    assert "PERSONAL DATA" not in done.output
    scanned = called(folder, "scan", str(folder / "runs"))
    assert scanned.exit_code == 0, scanned.output
    named = called(folder, "lists", "acme", "--list", "next_need", "--identifiers")
    assert "PERSONAL DATA" in named.output
    path = folder / "runs" / RUN / "lists" / "next_need_ja_identified.csv"
    rows = table(path)
    real = customers(folder).set_index("会員ID")
    for row in rows:
        person = real.loc[row["顧客番号"]]
        assert row["氏名"].replace(" ", "") == person["お名前(姓)"] + person["お名前(名)"]
        assert row["住所"].startswith(person["都道府県(名称)"])
    assert path.stat().st_mode & 0o077 == 0
    assert called(folder, "scan", str(folder / "runs")).exit_code == 1


@pytest.mark.full
def test_numbers_are_those_of_the_same_customers(client):
    folder, made = client
    config = config_file.load(folder)
    told = identify.numbers(config)
    mine = made.rows["customer_id"]
    assert mine.isin(told.keys()).all()
    ids = sorted({told[int(k)] for k in mine})
    assert set(mine) == {number for number, text in told.items() if text in set(ids)}


def test_one_list_and_a_misspelt_one(client):
    folder, _ = client
    done = called(folder, "lists", "acme", "--list", "second_order")
    names = sorted(path.name for path in (folder / "runs" / RUN / "lists").glob("[!.]*"))
    assert (done.exit_code, names) == (0, ["second_order_ja.csv", "second_order_ja.xlsx"])
    wrong = called(folder, "lists", "acme", "--list", "second_oder", "--lang", "jp")
    assert wrong.exit_code == 2
    assert "list 'second_oder' is unknown\n  Hint: Did you mean 'second_order'?" in wrong.output
    assert "language 'jp' is unknown" in wrong.output


@pytest.mark.full
def test_the_same_bytes_again(client):
    folder, _ = client
    called(folder, "lists", "acme")
    files = sorted((folder / "runs" / RUN / "lists").glob("*.csv"))
    before = [path.read_bytes() for path in files]
    called(folder, "lists", "acme")
    assert [path.read_bytes() for path in files] == before


def test_a_run_of_other_files_or_other_numbers_makes_no_lists(client):
    folder, _ = client
    path = folder / "runs" / RUN / "numbers.json"
    told = json.loads(path.read_text("utf-8"))
    told["actions.list.next_need.customers"]["value"] += 1
    path.write_text(json.dumps(told), "utf-8")
    done = called(folder, "lists", "acme")
    assert (
        done.exit_code,
        "1 numbers of the lists are not those of the deck, first actions.list.next_need.customers" in done.output,
    ) == (1, True)
    raw = folder / "raw" / "products.csv"
    raw.write_bytes(raw.read_bytes() + b"99,,,,,\n")
    done = called(folder, "lists", "acme")
    assert (done.exit_code, "the client's inputs are no longer those of this run" in done.output) == (1, True)
    assert not (folder / "runs" / RUN / "lists").exists()


def test_without_a_run_there_are_no_lists(tmp_path):
    called(tmp_path / "acme", "new", "acme")
    done = called(tmp_path / "acme", "lists", "acme")
    assert (done.exit_code, "there is no finished run" in done.output) == (1, True)


def test_the_arms_of_the_list_are_registered_and_the_lists_stay_what_they_are(client):
    folder, made = client
    done = called(folder, "holdout", "acme", "next_need", "--start", "2025-04-07", "--cost", "120", "--identifiers")
    assert done.exit_code == 0, done.output
    test = folder / "tests" / "next_need-2025-04-07"
    drawn = pd.read_csv(test / "draw.csv").set_index("customer_id")["arm"].to_dict()
    mine = made.rows[made.rows["list"] == "next_need"]
    assert drawn == mine.set_index("customer_id")["arm"].to_dict()
    plan = json.loads((test / "design.json").read_text("utf-8"))
    assert (plan["start"], plan["holdout"], plan["window"], plan["channel"], plan["cost"]) == (
        "2025-04-07",
        0.1,
        30,
        "email",
        120,
    )
    assert "PERSONAL DATA" in done.output
    assert not [row for row in table(test / "list.csv") if row["顧客番号"].startswith("P")]
    again = called(folder, "lists", "acme")  # the test begins after the data end
    assert again.exit_code == 0, again.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["next_ned", "--start", "2025-04-07"], "list 'next_ned' is unknown\n  Hint: Did you mean 'next_need'?"),
        (["near_tier", "--start", "2025-04-07"], "nobody is on the list 'near_tier' of the newest run\n  Hint: Lists with customers: "),
        (["next_need"], "Missing option '--start'"),
        (["next_need", "--start", "April"], "--start: 'April' is no day\n  Expected: YYYY-MM-DD"),
        (["next_need", "--start", "2025-03-31"], "--start: the mailing cannot go out on 2025-03-31\n  Expected: a day after 2025-03-31"),
        (["next_need", "--start", "2025-04-07", "--name", "../x"], "'../x' cannot be a test's name"),
        (["next_need", "--start", "2025-04-07", "--window", "0"], "0 is not in the range 1<=x<=365"),
        (["next_need", "--start", "2025-04-07", "--cost", "-1"], "-1.0 is not in the range x>=0"),
    ],
)  # fmt: skip
def test_a_wrong_plan_is_a_message(acme, arguments, message):
    done = called(acme[0], "holdout", "acme", *arguments)
    assert (done.exit_code, message in done.output) == (2, True), done.output
    assert not (acme[0] / "tests").exists()


@pytest.mark.full
def test_a_list_is_registered_once(client):
    folder, _ = client
    called(folder, "holdout", "acme", "second_order", "--start", "2025-04-07", "--name", "spring")
    done = called(folder, "holdout", "acme", "second_order", "--start", "2025-04-08", "--name", "spring")
    assert (done.exit_code, "the test 'spring' is registered already" in done.output) == (2, True)
