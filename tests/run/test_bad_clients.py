"""Clients whose data does not allow a number: the page says so and why, the rest of the deck is made."""

import json

import pytest
from click.testing import CliRunner

from crmlib.cli import main

pytestmark = pytest.mark.slow
HEADER = "customer,date,amount\n"
YAML = """
name: {{ja: テスト, en: Test}}
currency: JPY
as_of: 2025-06-30
sources:
  - table: orders
    files: raw/orders.csv
    columns: {{customer_id: customer, order_date: date, amount: amount}}
{more}
"""


@pytest.fixture
def client(tmp_path):
    def make(rows, more="", raw=None):
        folder = tmp_path / "acme"
        (folder / "raw").mkdir(parents=True)
        (folder / "client.yaml").write_text(YAML.format(more=more), "utf-8")
        content = raw if raw is not None else (HEADER + "".join(f"{c},{d},{a}\n" for c, d, a in rows)).encode()
        (folder / "raw" / "orders.csv").write_bytes(content)
        result = CliRunner().invoke(
            main, ["--data-dir", str(tmp_path), "run", "acme", "--formats", "html", "--lang", "en"]
        )
        found = list(folder.glob("runs/[!.]*/numbers.json"))
        numbers = json.loads(found[0].read_text("utf-8")) if found else {}
        deck = found[0].with_name("deck_en.html").read_text("utf-8") if found else ""
        return result, numbers, deck

    return make


def days(month, count):
    return [f"2024-{month:02d}-{1 + i % 28:02d}" for i in range(count)]


ONE_EACH = [(f"c{i}", day, 1000 + i) for i, day in enumerate(days(3, 60))]
ONE_DAY = [(f"c{i % 20}", "2025-01-15", 1000 + i) for i in range(40)]
CONSTANT = [(f"c{i % 40}", day, 3000) for month in (1, 4, 8, 11) for i, day in enumerate(days(month, 60))]


@pytest.mark.parametrize(
    ("rows", "unknown", "known"),
    [
        (ONE_EACH, "ltv.bg_nbd.r", "retention.f2_km.90d"),
        (ONE_DAY, "ltv.bg_nbd.r", "intake.rows.used"),
        ([("c1", "2024-03-01", 1200)], "ltv.bg_nbd.r", "intake.rows.used"),
        (CONSTANT, "ltv.gamma_gamma.p", "retention.f2_km.90d"),
    ],
    ids=["one order each", "one day", "one customer", "constant amounts"],
)
def test_what_cannot_be_known_is_null_with_a_why_and_the_deck_is_made(client, rows, unknown, known):
    result, numbers, deck = client(rows)
    assert result.exit_code == 0, result.output
    assert numbers[unknown]["value"] is None
    assert numbers[unknown]["why"]
    assert numbers[known]["value"] is not None
    assert "</html>" in deck


def test_orders_after_as_of_are_counted_and_never_used(client):
    rows = [*CONSTANT, ("late", "2025-07-01", 5000), ("late", "2025-07-02", 5000)]
    result, numbers, _ = client(rows)
    assert result.exit_code == 0, result.output
    assert numbers["intake.rows.excluded"]["value"] == 2
    assert numbers["intake.rows.read"]["value"] == numbers["intake.rows.used"]["value"] + 2


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "raw/orders.csv: "),
        (HEADER.encode(), "raw/orders.csv: "),
        (HEADER.replace("amount", "amout").encode() + b"c1,2024-03-01,100\n", "amount"),
        (HEADER.encode() + b"c1,03/04/2024,100\nc2,05/06/2024,100\n", "dates"),
        (HEADER.encode() + b"c1,2024-03-01,100\n\xff\xfe\x00\x81\n", "raw/orders.csv"),
    ],
    ids=["empty file", "header only", "missing mapped column", "ambiguous dates", "unreadable bytes"],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_name_and_no_deck_is_made(client, raw, message):
    result, numbers, _ = client([], raw=raw)
    assert result.exit_code == 1
    assert message in result.output
    assert "Traceback" not in result.output
    assert numbers == {}
