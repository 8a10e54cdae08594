import datetime as dt
import json

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from crmlib.config import column_problems
from crmlib.config_file import json_schema, load, preset_names, presets
from crmlib.errors import ConfigError
from crmlib.home import TEMPLATES

WHOLE = """
name: {ja: 株式会社サンプル, en: Sample Co.}
currency: JPY
timezone: Asia/Tokyo
as_of: 2025-09-30              # always given
fiscal_year_start: 4
engine: duckdb://
sources:
  - table: orders
    files: raw/受注*.csv
    preset: eccube4_order
    columns: {order_id: 注文番号, customer_id: 会員ID, order_date: 受注日, amount: 支払合計, status: 対応状況(名称)}
    dates: "%Y/%m/%d"
    status: {completed: [発送済み, 入金済み], cancelled: [注文取消し], returned: [返品]}
margin_rate: 0.45
tiers: {basis: trailing_12m_sales, review: monthly, order: [レギュラー, シルバー, ゴールド], thresholds: [0, 30000, 100000]}
"""
SMALL = """
name: {ja: あ, en: A}
currency: USD
as_of: 2025-09-30
sources:
  - table: orders
    files: raw/a.csv
    columns: {customer_id: c, order_date: d, amount: m}
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        (tmp_path / "client.yaml").write_text(text, "utf-8")
        return tmp_path

    return write


def refused(folder):
    with pytest.raises(ConfigError) as error:
        load(folder)
    assert error.value.exit_code == 2
    return str(error.value)


def test_the_house_example_loads(written):
    client = load(written(WHOLE))
    assert client.as_of == dt.date(2025, 9, 30)
    assert client.sources[0].files == ("raw/受注*.csv",)
    assert client.tiers.thresholds == (0, 30000, 100000)
    assert client.scale == 1
    assert load(written(SMALL)).scale == 100


def test_as_of_of_the_command_line_wins_and_is_checked(written):
    assert load(written(WHOLE), "2024-03-31").as_of == dt.date(2024, 3, 31)
    with pytest.raises(ConfigError, match=r"^--as-of: '2024-02-30' is not a day of the calendar, written YYYY-MM-DD"):
        load(written(WHOLE), "2024-02-30")


def test_a_loaded_client_cannot_be_changed(written):
    with pytest.raises(ValidationError, match="frozen"):
        load(written(WHOLE)).currency = "USD"


def test_a_preset_fills_what_the_source_leaves_out(written):
    text = SMALL.replace("    columns: {customer_id: c, order_date: d, amount: m}", "    preset: eccube4_order")
    source = load(written(text)).sources[0]
    assert source.columns["amount"] == "支払合計"
    assert source.amount_per == "order"
    own = text + "    columns: {amount: 合計}\n"
    assert load(written(own)).sources[0].columns["amount"] == "合計"
    assert "preset 'eccube' is unknown\n  Hint: Did you mean 'eccube4_order'?" in refused(
        written(text.replace("eccube4_order", "eccube"))
    )


def test_what_a_source_says_comes_on_top_of_its_preset(written):
    mine = """    preset: shopify_orders
    columns: {channel: Tags}
    values: {item_type: {product: x}}
    exclude: [{rule: test_orders, column: Email, matches: "test@*"}]
"""
    text = SMALL.replace("    columns: {customer_id: c, order_date: d, amount: m}\n", mine)
    source = load(written(text)).sources[0]
    assert [rule.rule for rule in source.exclude] == ["cancelled_order", "test_orders"]
    assert (source.columns["channel"], source.columns["amount"]) == ("Tags", "Total")
    assert "channel" not in source.optional  # whoever maps a column wants it
    assert "payment_method" in source.optional


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_is_a_whole_source(written, name):
    table = presets()[name]["table"]
    text = SMALL.replace("    columns: {customer_id: c, order_date: d, amount: m}", f"    preset: {name}")
    source = load(written(text.replace("table: orders", f"table: {table}"))).sources[0]
    assert column_problems(table, source.columns, whole=True) == []
    assert set(source.headers) <= set(presets()[name]["headers"])


def test_every_problem_is_named_at_once_with_line_and_hint(written):
    message = refused(
        written(
            WHOLE.replace("currency: JPY", "currency: JPYY")
            .replace("as_of: 2025-09-30", "as_off: 2025-09-30\nas_of: 2025-02-30")
            .replace("raw/受注*.csv", "../raw/受注*.csv")
            .replace("amount: 支払合計", "amout: 支払合計")
            .replace("margin_rate: 0.45", "margin_rate: 45")
            .replace("thresholds: [0, 30000, 100000]", "thresholds: [0, 30000]")
        )
    )
    for part in (
        "line 3: currency: 'JPYY' is not a known currency. Did you mean 'JPY'?",
        "line 5: 'as_off' is not a setting\n  Hint: Did you mean 'as_of'?",
        "line 6: as_of: '2025-02-30' is not a day of the calendar",
        "'../raw/受注*.csv' is not a path inside the client's folder (relative, with /, without ..)",
        "sources.0.columns: 'amout' is not ours. Did you mean 'amount'?",
        "margin_rate: Input should be less than or equal to 1 (given: '45')",
        "thresholds: one for each tier in order, each higher than the one before",
    ):
        assert part in message


@pytest.mark.parametrize("path", ["/etc/passwd", "C:/x.csv", "raw\\a.csv", "raw/../../x", "~/x.csv"])
def test_paths_outside_the_folder_are_refused(written, path):
    assert "is not a path inside the client's folder" in refused(written(SMALL.replace("raw/a.csv", f"'{path}'")))


@pytest.mark.parametrize("value", ["20250930", "2025/09/30", "1750000000", "2025-9-30", "yesterday"])
def test_dates_are_iso_days_and_nothing_else(written, value):
    assert f"as_of: '{value}' is not a day of the calendar" in refused(written(SMALL.replace("2025-09-30", value)))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("as_of: 2025-09-30\n", "", "'as_of' is missing"),
        ("amount: m", "quantity: q", "amount (or quantity and unit_price) must be mapped"),
        ("customer_id: c, ", "", "customer_id must be mapped to a column of the client's file"),
        ("currency: USD", "currency: USD\ntimezone: Asia/Tokio", "'Asia/Tokio' is not a time zone. Did you mean 'Asia/Tokyo'?"),
        ("currency: USD", "currency: USD\nengine: sqlite://", "engine 'sqlite://' is not available; use duckdb://"),
        ("currency: USD", "currency: USD\nmargin_rate: nan", "margin_rate: Input should be a finite number"),
        ("sources:", "currency: EUR\nsources:", "'currency' is given twice"),
        ("table: orders", "table: order", "sources.0.table: Input should be 'orders'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(written, old, new, message):
    assert message in refused(written(SMALL.replace(old, new)))


def test_no_file_not_utf8_and_not_a_mapping(tmp_path, written):
    assert "is missing" in refused(tmp_path)
    (tmp_path / "client.yaml").write_bytes("name: 株式会社".encode("cp932"))
    assert "is not UTF-8 (byte 6)" in refused(tmp_path)
    assert "is not a list of 'key: value' lines" in refused(written("- a\n- b\n"))


def test_the_schema_accepts_the_template_and_refuses_a_misspelling():
    committed = json_schema()
    template = yaml.load((TEMPLATES / "client" / "client.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
    jsonschema.Draft202012Validator.check_schema(json.loads(committed))
    jsonschema.validate(template, json.loads(committed))
    with pytest.raises(jsonschema.ValidationError, match="as_off"):
        jsonschema.validate({**template, "as_off": "2025-09-30"}, json.loads(committed))
