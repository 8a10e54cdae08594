"""Every table but orders: required columns, words, copies, lines and their orders, as_of; messages that say what to do."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from crmlib import columns, intake, schema, workspace
from crmlib.errors import ConfigError, DataError
from crmlib.intake import IntakeReport

HEAD = "name: {ja: 試験, en: Test}\ncurrency: JPY\nas_of: 2024-12-31\n"
ORDERS = "  - {table: orders, files: raw/orders.csv}\n"
SOLD = (
    "order_id,customer_id,order_date,amount,status\n1,007,2024-01-05,1000,ok\n2,8,2024-01-06,500,ok\n"
    "3,8,2024-01-07,700,void\n4,9,2025-01-07,800,ok\n5,,2024-01-05,900,ok\n"
)
STATUS = "  - {table: orders, files: raw/orders.csv, columns: {order_id: order_id, customer_id: customer_id, order_date: order_date, amount: amount, status: status}, status: {completed: ok, cancelled: void}}\n"


class Folder:
    """A client with orders and whatever files come with them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def run(self, sources: str, extra: str = "", **files: str) -> IntakeReport:
        (self.path / "raw").mkdir(exist_ok=True)
        for name, text in {
            "orders": SOLD.replace(",status", "").replace(",ok", "").replace(",void", ""),
            **files,
        }.items():
            (self.path / "raw" / f"{name}.csv").write_text(text, "utf-8")
        (self.path / "client.yaml").write_text(f"{HEAD}guest_orders: accept\n{extra}\nsources:\n{sources}", "utf-8")
        return intake.run(workspace.load(self.path))

    def message(self, sources: str, extra: str = "", **files: str) -> str:
        with pytest.raises((DataError, ConfigError)) as caught:
            self.run(sources, extra, **files)
        return str(caught.value)

    def store(self, name: str) -> list[dict]:
        return pq.read_table(self.path / "store" / f"{name}.parquet").to_pylist()

    def quarantine(self) -> str:
        return "".join(path.read_text("utf-8-sig") for path in sorted((self.path / "quarantine").glob("*.csv")))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def source(table: str, more: str = "") -> str:
    return f"  - {{table: {table}, files: raw/{table}.csv{more}}}\n"


GOOD = {  # table -> header and rows that must be used as they are
    "customers": "customer_id,registered,medium,birth_month\n007,2024-01-01,検索,1964-01-23\n8,,,7\n",
    "products": "product_id,name,category,margin_rate,subscription\n1,黒酢,健康食品,45%,1\n2,石けん,,0.3,no\n",
    "contacts": "customer_id,lead_id,campaign_id,channel,sent_date,arm,cost\n007,,c1,dm,2024-02-01,treated,160\n,l1,c1,mail,2024-02-01,,\n",
    "campaigns": "campaign_id,name,holdout_share,start_date,budget,items\nc1,夏のDM,34%,2024-02-01,\"10,000円\",3\n",
    "interactions": "customer_id,interaction_date,kind,text\n007,2024-03-01,Complaint,届かない\n,2024-03-02,inquiry,\n",
    "subscriptions": "subscription_id,customer_id,product_id,event,event_date,shipment\ns1,007,1,start,2024-01-05,0\ns1,007,1,ship,2024-01-05,１\n",
    "leads": "lead_id,customer_id,stage,stage_date\nl1,,latent,2024-01-01\nl1,007,order,2024-01-05\n",
    "tier_history": "customer_id,review_date,rule,basis_amount,tier\n007,2024-03-31,fy,△100,ゴールド\n8,2024-03-31,fy,0,レギュラー\n",
    "costs": "month,medium,cost,new_customers\n2024-01,検索,\"¥1,000\",2\n2024年2月,検索,1000,2\n",
    "monthly_sales": "month,gross_sales,cancels,returns,net_sales\nR6.1,1000,0,0,1000\n2024/2,500,100,0,400\n",
    "referrals": "customer_id,referrer_id,referral_date\n8,007,2024-01-06\n",
}  # fmt: skip


def test_who_asked_not_to_be_contacted(folder: Folder) -> None:
    told = (
        ", columns: {customer_id: 番号, birth_month: 月, no_contact: DM}, values: {no_contact: {yes: [不可], no: [可]}}"
    )
    folder.run(ORDERS + source("customers", told), customers="番号,月,DM\n007,1,不可\n8,2,可\n9,3,\n")
    assert {row["birth_month"]: row["no_contact"] for row in folder.store("customers")} == {1: True, 2: False, 3: None}


def test_every_table_by_our_own_names(folder: Folder) -> None:
    done = folder.run(ORDERS + "".join(source(table) for table in GOOD), **GOOD)
    assert {name: (one.rows_read, one.rows_used) for name, one in done.tables.items() if name != "orders"} == {
        table: (text.count("\n") - 1,) * 2 for table, text in GOOD.items()
    }
    for table in GOOD:
        found = pq.read_table(folder.path / "store" / f"{table}.parquet")
        assert found.column_names == list(schema.STORE[table])
    assert folder.store("customers")[0]["medium"] == "検索" or folder.store("customers")[1]["medium"] == "検索"
    assert {row["birth_month"] for row in folder.store("customers")} == {1, 7}
    assert {row["margin_rate"] for row in folder.store("products")} == {0.45, 0.3}
    assert {row["subscription"] for row in folder.store("products")} == {True, False}
    assert {str(row["month"]) for row in folder.store("monthly_sales")} == {"2024-01-01", "2024-02-01"}
    assert {row["kind"] for row in folder.store("interactions")} == {"complaint", "inquiry"}
    assert {row["basis_amount"] for row in folder.store("tier_history")} == {-100, 0}
    assert {row["shipment"] for row in folder.store("subscriptions")} == {0, 1}


def test_one_customer_has_one_pseudonym_in_all_tables(folder: Folder) -> None:
    folder.run(ORDERS + "".join(source(table) for table in GOOD), **GOOD)
    buyer = next(row["customer_id"] for row in folder.store("orders") if row["order_id"] == "1")
    assert buyer in {row["customer_id"] for row in folder.store("customers")}
    assert {row["customer_id"] for row in folder.store("subscriptions")} == {buyer}
    assert folder.store("referrals")[0]["referrer_id"] == buyer
    assert {row["customer_id"] for row in folder.store("contacts")} == {buyer, None}


@pytest.mark.parametrize("table", GOOD)
def test_a_missing_required_column_refuses_the_table_and_says_which(folder: Folder, table: str) -> None:
    message = folder.message(ORDERS + source(table), **{table: "x,y\n1,2\n"})
    for group in columns.REQUIRED[table]:
        assert " or ".join(group) + " must be mapped to a column of the client's file" in message
    assert "the headers found: x, y" in message


BAD = [  # table, a bad row, reason, column
    ("customers", ",2024-01-01,x,1", "blank_customer_id", "customer_id"),
    ("customers", "1.2E+05,2024-01-01,x,1", "damaged_id", "customer_id"),
    ("customers", "9,2024-02-30,x,1", "impossible_date", "registered"),
    ("products", "3,x,y,45,1", "bad_share", "margin_rate"),
    ("products", "3,x,y,0.4,maybe", "bad_flag", "subscription"),
    ("contacts", ",,c1,dm,2024-02-01,treated,1", "blank_customer_id", "customer_id"),
    ("contacts", "8,,c1,dm,,treated,1", "blank_cell", "sent_date"),
    ("contacts", "8,,c1,dm,2024-02-01,group 3,1", "unknown_word", "arm"),
    ("contacts", "8,,c1,dm,2024-02-01,,1.5", "fraction_of_minor_unit", "cost"),
    ("subscriptions", "s2,8,1,exploded,2024-01-05,1", "unknown_word", "event"),
    ("subscriptions", "s2,8,1,ship,2024-01-05,1.5", "bad_quantity", "shipment"),
    ("leads", "l2,,,2024-01-05", "blank_cell", "stage"),
    ("costs", "March,x,1,1", "bad_month", "month"),
    ("monthly_sales", "2024-13,1,0,0,1", "bad_month", "month"),
    ("tier_history", "8,2024-03-31,fy2,abc,x", "bad_amount", "basis_amount"),
    ("referrals", "9,,2024-01-01", "blank_cell", "referrer_id"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "reason", "column"), BAD, ids=lambda value: str(value)[:20])
def test_a_bad_row_stands_in_quarantine_with_line_column_and_reason(
    folder: Folder, table: str, row: str, reason: str, column: str
) -> None:
    text = GOOD[table] + row + "\n"
    done = folder.run(ORDERS + source(table), "accept_quarantined: true", **{table: text})
    balance = done.tables[table]
    assert (balance.rows_used, balance.reasons) == (text.count("\n") - 2, {reason: 1})
    line = text.count("\n")
    assert f"raw/{table}.csv,{line},{column},{reason}," in folder.quarantine()


def test_too_many_bad_rows_stop_and_name_the_table(folder: Folder) -> None:
    text = GOOD["contacts"].replace("treated", "A群")
    message = folder.message(ORDERS + source("contacts"), contacts=text)
    assert "table contacts: 50.0% of the rows" in message
    assert "contacts.arm: words that client.yaml does not explain: 'A群' 1" in message
    assert "Map each word under values:" in message
    assert "raw/contacts.csv line 2, column 'arm': the first unknown_word" in message


def test_words_are_mapped(folder: Folder) -> None:
    text = GOOD["contacts"].replace("treated", "Ａ群 ") + "8,,c1,dm,2024-02-02,B群,160\n"
    folder.run(ORDERS + source("contacts", ", values: {arm: {treated: A群, control: [B群, C群]}}"), contacts=text)
    assert sorted(str(row["arm"]) for row in folder.store("contacts")) == ["None", "control", "treated"]


def test_words_that_are_not_ours_are_named(folder: Folder) -> None:
    message = folder.message(ORDERS + source("contacts", ", values: {arm: {treeted: A}, channel: {x: y}}"), **GOOD)
    assert "'treeted' is no word of arm. Did you mean 'treated'?" in message
    assert "'channel' takes no words" in message


def test_copies_and_contradictions(folder: Folder) -> None:
    customers = "customer_id,medium\n1,a\n1,a\n2,a\n2,b\n3,a\n"
    log = "customer_id,sent_date,memo\n1,2024-01-01,x\n1,2024-01-01,x\n1,2024-01-01,y\n"
    done = folder.run(
        ORDERS + source("customers") + source("contacts"), "accept_quarantined: true", customers=customers, contacts=log
    )
    one = done.tables["customers"]
    assert (one.rows_used, one.exclusions, one.reasons) == (2, {"exact_duplicate": 1}, {"conflicting_duplicate": 2})
    two = done.tables["contacts"]
    assert (two.rows_used, two.exclusions) == (2, {"exact_duplicate": 1})  # equal in all columns, mapped or not


def test_rows_after_as_of_and_rules_of_the_client(folder: Folder) -> None:
    text = GOOD["contacts"] + "8,,c2,dm,2025-01-01,,1\n8,,test,dm,2024-01-01,,1\n"
    rule = ", exclude: [{rule: tests, column: campaign_id, matches: 'test*'}]"
    done = folder.run(ORDERS + source("contacts", rule), contacts=text)
    assert done.tables["contacts"].exclusions == {"after_as_of": 1, "tests": 1}


def test_a_table_without_rows_is_there_and_empty(folder: Folder) -> None:
    done = folder.run(ORDERS + source("leads"), leads="lead_id,customer_id,stage,stage_date\n")
    assert folder.store("leads") == []
    assert done.tables["leads"].rows_read == 0


LINES = "order_id,product_id,quantity,unit_price\n1,a,2,500\n2,a,1,500\n3,a,1,700\n4,a,1,800\n99,b,1,100\n5,c,３,300\n"


def test_lines_take_customer_day_and_fate_from_their_orders(folder: Folder) -> None:
    done = folder.run(STATUS + source("order_lines"), "accept_quarantined: true", orders=SOLD, order_lines=LINES)
    balance = done.tables["order_lines"]
    assert (balance.rows_used, balance.reasons, balance.exclusions) == (
        3,
        {"unknown_order": 1},
        {"after_as_of": 1, "cancelled": 1},
    )
    sold = {row["order_id"]: row for row in folder.store("orders")}
    for row in folder.store("order_lines"):
        assert (row["customer_id"], row["order_date"]) == tuple(
            sold[row["order_id"]][name] for name in ("customer_id", "order_date")
        )
    assert sum(row["amount"] for row in folder.store("order_lines")) == 1000 + 500 + 900
    assert "raw/order_lines.csv,6,order_id,unknown_order," in folder.quarantine()


def test_lines_of_item_rows_leave_out_what_is_no_product(folder: Folder) -> None:
    text = (
        "no,who,day,total,kind,item,n,price\n1,a,2024-01-05,1500,goods,p1,2,500\n1,a,2024-01-05,1500,postage,,1,500\n"
        "2,b,2024-01-05,300,goods,1.5E+03,1,300\n3,b,2024-01-06,,goods,p1,1,1\n4,c,2024-01-06,90,goods,p9,x,90\n"
    )
    mapped = "{order_id: no, customer_id: who, order_date: day, amount: total, item_type: kind, product_id: item, quantity: n, unit_price: price}"
    said = f", columns: {mapped}, amount_per: order, values: {{item_type: {{product: goods, shipping: postage}}}}"
    done = folder.run(source("orders", said), "accept_quarantined: true", orders=text)
    assert (done.orders.rows_used, done.orders.reasons) == (3, {"blank_amount": 1})
    lines = done.tables["order_lines"]
    assert (lines.rows_read, lines.rows_used, lines.amount_used) == (5, 1, 1000)
    assert (lines.reasons, lines.exclusions) == (
        {"bad_quantity": 1, "damaged_id": 1},
        {"not_a_product": 1, "order_quarantined": 1},
    )
    assert ",4,item,damaged_id," in folder.quarantine()


def test_a_copied_item_row_is_one_line(folder: Folder) -> None:
    row = "1,a,2024-01-05,1500,p1,2,500\n"
    text = "no,who,day,total,item,n,price\n" + row + row + "1,a,2024-01-05,1500,p2,1,500\n"
    mapped = "{order_id: no, customer_id: who, order_date: day, amount: total, product_id: item, quantity: n, unit_price: price}"
    done = folder.run(source("orders", f", columns: {mapped}, amount_per: order"), orders=text)
    assert (done.orders.exclusions, done.tables["order_lines"].rows_used) == (
        {"exact_duplicate": 1, "order_total_repeated": 1},
        2,
    )


def test_an_order_in_the_header_file_and_in_the_line_file_counts_once(folder: Folder) -> None:
    rows = "order_id,customer_id,order_date,amount,product_id\n1,007,2024-01-05,600,a\n1,007,2024-01-05,400,b\n2,8,2024-01-06,500,a\n"
    both = ORDERS + "  - {table: orders, files: raw/rows.csv}\n"
    message = folder.message(both, rows=rows)
    assert (
        "2 orders stand with the same customer and day in raw/orders.csv and in raw/rows.csv: they would count twice"
        in message
    )
    assert "Give the file of their lines table: order_lines" in message
    mapped = ", columns: {order_id: order_id, product_id: product_id, amount: amount}"
    done = folder.run(ORDERS + f"  - {{table: order_lines, files: raw/rows.csv{mapped}}}\n", rows=rows)
    assert done.orders.amount_used == 1000 + 500 + 700 + 900
    assert done.tables["order_lines"].amount_used == 1500


def test_a_file_of_totals_and_lines_is_refused_until_it_says_which(folder: Folder) -> None:
    head = "order_id,customer_id,order_date,amount,row,item\n"
    orders = [(1, (600, 400)), (2, (500, 100, 50)), (3, (70, 30))]
    text = head + "".join(
        f"{number},c{number},2024-01-05,{sum(lines)},H,\n"
        + "".join(f"{number},c{number},2024-01-05,{n},D,i{n}\n" for n in lines)
        for number, lines in orders
    )
    message = folder.message(ORDERS, orders=text)
    assert (
        "in all 3 orders with several rows one row is the sum of the others: an order's total and its lines" in message
    )
    rule = ", exclude: [{rule: headers, column: row, matches: H}]"
    assert folder.run(source("orders", rule), orders=text).orders.amount_used == 1750
    assert folder.run(source("orders", ", amount_per: row"), orders=text).orders.amount_used == 3500


def test_an_ambiguous_date_of_birth_refuses_the_file(folder: Folder) -> None:
    text = "customer_id,birth_month\n1,03/04/1964\n2,05/06/1970\n"
    message = folder.message(ORDERS + source("customers"), customers=text)
    assert "raw/customers.csv, column 'birth_month': '03/04/1964' can be day/month or month/day" in message
    folder.run(ORDERS + source("customers", ", dates: '%d/%m/%Y'"), customers=text)
    assert {row["birth_month"] for row in folder.store("customers")} == {4, 6}


def test_few_unexplained_words_are_a_warning(folder: Folder) -> None:
    rows = "".join(f"{i},,c1,dm,2024-02-01,treated,1\n" for i in range(60))
    text = GOOD["contacts"].splitlines()[0] + "\n" + rows + "99,,c1,dm,2024-02-01,謎,1\n"
    assert (
        "contacts.arm: words that client.yaml does not explain: '謎' 1"
        in folder.run(ORDERS + source("contacts"), contacts=text).warnings
    )


def test_two_shops_may_number_their_orders_alike(folder: Folder) -> None:
    other = "order_id,customer_id,order_date,amount\n1,shop2-1,2024-05-05,10\n2,8,2024-05-06,20\n"
    done = folder.run(ORDERS + "  - {table: orders, files: raw/other.csv}\n", other=other)
    assert done.orders.amount_used == 1000 + 500 + 700 + 900 + 30


SHOP = "no,who,day,total,item,n,price\n"
MAPPED = "columns: {order_id: no, customer_id: who, order_date: day, amount: total, product_id: item, quantity: n, unit_price: price}, amount_per: order"


def test_lines_of_two_shops_stay_with_their_own_orders(folder: Folder) -> None:
    both = "".join(f"  - {{table: orders, files: raw/{name}.csv, {MAPPED}}}\n" for name in ("orders", "other"))
    one, other = SHOP + "1,a,2024-01-05,100,p1,1,100\n", SHOP + "1,b,2024-02-06,300,p2,1,300\n"
    folder.run(both, orders=one, other=other)
    customer = {row["amount"]: row["customer_id"] for row in folder.store("orders")}
    assert {row["amount"]: row["customer_id"] for row in folder.store("order_lines")} == customer
    assert {str(row["order_date"]) for row in folder.store("order_lines")} == {"2024-01-05", "2024-02-06"}


def test_a_line_file_for_two_shops_with_the_same_numbers_is_set_aside(folder: Folder) -> None:
    other = "order_id,customer_id,order_date,amount\n1,shop2-1,2024-05-05,10\n77,8,2024-05-06,20\n"
    sources = ORDERS + "  - {table: orders, files: raw/other.csv}\n" + source("order_lines")
    done = folder.run(
        sources,
        "accept_quarantined: true",
        other=other,
        order_lines="order_id,product_id,amount\n1,a,5\n77,a,5\n2,b,6\n",
    )
    assert (done.tables["order_lines"].rows_used, done.tables["order_lines"].reasons) == (2, {"unknown_order": 1})


def test_a_customer_in_two_sources_is_one_row(folder: Folder) -> None:
    sources = ORDERS + source("customers") + "  - {table: customers, files: raw/more.csv}\n"
    text = "customer_id,medium\n1,a\n2,b\n"
    done = folder.run(sources, "accept_quarantined: true", customers=text, more="customer_id,medium\n1,a\n2,c\n3,d\n")
    assert (done.tables["customers"].exclusions, done.tables["customers"].reasons) == (
        {"exact_duplicate": 1},
        {"conflicting_duplicate": 2},
    )
    assert len({row["customer_id"] for row in folder.store("customers")}) == len(folder.store("customers")) == 2


def test_a_client_without_orders(folder: Folder) -> None:
    message = folder.message(source("costs"), **GOOD)
    assert "client.yaml: no source has table: orders" in message


def test_every_description_has_its_place_in_the_store() -> None:
    left_out = {"personal", "status", "percent", "price"}
    for table, mapped in columns.MAPPED.items():
        names = {name for name, one in mapped.items() if one.kind not in left_out}
        extra = (
            {"quantity", "product_id", "line_amount", "item_type", *columns.COMPONENTS} if table == "orders" else set()
        )
        assert names - extra <= set(schema.STORE[table])
        assert {name for group in columns.REQUIRED[table] for name in group} <= set(mapped)
