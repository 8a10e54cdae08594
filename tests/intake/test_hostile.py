"""Hostile files: each is read right, to the row and the yen, or refused with a sentence that says why."""

from __future__ import annotations

import gzip

import pytest

from tests.intake.conftest import COLUMNS, NO_ORDER, Make
from tests.intake.hostile import GOOD, HEAD, SHOP, Read, Refused, check_read, check_refused, rows

MAPPED_STATUS = COLUMNS[:-1] + ", status: 状況}"
STATUS = "status: {completed: [発送済み], cancelled: [注文取消し], returned: [返品]}"


READ = [
    # encodings
    Read("utf8", HEAD + GOOD, 1, 1000),
    Read("utf8 with byte order mark", b"\xef\xbb\xbf" + (HEAD + GOOD).encode(), 1, 1000),
    Read("cp932", (HEAD + GOOD).encode("cp932"), 1, 1000),
    Read("cp932 with vendor characters", rows("①㈱髙﨑,0001,2024-01-05,1000").encode("cp932"), 1, 1000),
    Read("cp932 yen sign is a backslash", rows("A1,0001,2024-01-05,\\500").encode("cp932"), 1, 500, repairs={"currency_sign": 1}),
    Read("utf16 with mark", (HEAD + GOOD).encode("utf-16"), 1, 1000),
    Read("utf16 without mark, little end first", (HEAD + GOOD).encode("utf-16-le"), 1, 1000),
    Read("utf16 without mark, big end first", (HEAD + GOOD).encode("utf-16-be"), 1, 1000),
    Read("gzip", gzip.compress((HEAD + GOOD).encode("cp932")), 1, 1000),
    Read("gzip in two members", gzip.compress(HEAD.encode()) + gzip.compress(GOOD.encode()), 1, 1000),
    # structure
    Read("tab", (HEAD + GOOD).replace(",", "\t"), 1, 1000),
    Read("semicolon", (HEAD + GOOD).replace(",", ";"), 1, 1000),
    Read("whitespace", (HEAD + GOOD).replace(",", "   "), 1, 1000),
    Read("crlf", (HEAD + GOOD).replace("\n", "\r\n"), 1, 1000),
    Read("lone cr", (HEAD + GOOD).replace("\n", "\r"), 1, 1000),
    Read("no newline at the end", (HEAD + GOOD).rstrip("\n"), 1, 1000),
    Read("header with blanks and full width", rows("A1,1,2024-01-05,7", head="注文番号 ,会員ＩＤ, 受注日,金額\n"), 1, 7),
    Read("quoted newline", rows('"A\n1",1,2024-01-05,5', "A2,1,2024-01-05,7"), 1, 7, {"damaged_id": 1}, client=SHOP),
    Read("quoted newline in another column", rows('A1,1,2024-01-05,5,"x\ny"', 'A2,1,2024-01-05,6,z', head=HEAD[:-1] + ",備考\n"), 2, 11),
    Read("everything quoted", '"注文番号","会員ID","受注日","金額"\n"A1","1","2024-01-05","5"\n', 1, 5),
    Read("everything quoted, semicolons", '"注文番号";"会員ID";"受注日";"金額"\n"A1";"1";"2024-01-05";"5"\n', 1, 5),
    Read("quoted comma", rows('A1,1,2024-01-05,"1,234"'), 1, 1234, repairs={"thousands": 1}),
    Read("stray quote in a cell", rows('A"1,1,2024-01-05,5'), 1, 5),
    Read("text after a closing quote", rows('"A"1,1,2024-01-05,5', "A2,1,2024-01-05,6"), 1, 6, {"broken_quotes": 1}, client=SHOP),
    Read("open quote swallows no other row", rows('A1,"1,2024-01-05,5', "A2,1,2024-01-05,6", "A3,1,2024-01-05,7"), 2, 13, {"broken_quotes": 1}, client=SHOP),
    Read("open quote closed by a later row", rows('A1,1,2024-01-05,"5', 'A2,1,2024-01-05,"6"', "A3,1,2024-01-05,7"), 2, 13, {"broken_quotes": 1}, client=SHOP),
    Read("extra field", rows("A1,1,2024-01-05,5,x", "A2,1,2024-01-05,6"), 1, 6, {"ragged_row": 1}, client=SHOP),
    Read("missing field", rows("A1,1,2024-01-05", "A2,1,2024-01-05,6"), 1, 6, {"ragged_row": 1}, client=SHOP),
    Read("empty extra fields", rows("A1,1,2024-01-05,5,,", "A2,1,2024-01-05,6,,"), 2, 11, repairs={"trailing_delimiter": 2}),
    Read("blank lines", HEAD + "\n" + GOOD + "\n\n", 1, 1000, repairs={"blank_line": 3}),
    Read("rows of nothing", HEAD + GOOD + ",,,\n , ,,\n", 1, 1000, excluded={"empty_row": 2}),
    Read("repeated header", HEAD + GOOD + HEAD + "A2,0001,2024-01-06,1\n", 2, 1001, excluded={"repeated_header": 1}),
    Read("nul byte", rows("A1,1\0,2024-01-05,5", *(f"B{i},1,2024-01-05,6" for i in range(20))), 20, 120, {"nul_byte": 1}),
    Read("cell of 200,000 characters", rows(f"A1,{'x' * 200_000},2024-01-05,5", "A2,1,2024-01-05,6"), 1, 6, {"cell_too_long": 1}, client=SHOP),
    Read("formula as an id", rows("=1+1,1,2024-01-05,5"), 1, 5),
    # money
    Read("yen signs", rows("A1,1,2024-01-05,¥500", "A2,1,2024-01-05,￥600", "A3,1,2024-01-05,700円"), 3, 1800, repairs={"currency_sign": 3}),
    Read("full width digits", rows("A1,1,2024-01-05,１２３４"), 1, 1234, repairs={"full_width": 1}),
    Read("negatives of accountants", rows("A0,1,2024-01-05,9000", "A1,1,2024-01-05,△500", "A2,1,2024-01-05,▲1", "A3,1,2024-01-05,(20)", "A4,1,2024-01-05,（３）", "A5,1,2024-01-05,−4"), 6, 8472, repairs={"negative_mark": 5, "full_width": 1}),
    Read("trailing zeros", rows("A1,1,2024-01-05,500.00"), 1, 500, repairs={"trailing_zeros": 1}),
    Read("1,20 is not 120", rows('A1,1,2024-01-05,"1,20"', "A2,1,2024-01-05,6"), 1, 6, {"bad_grouping": 1}, client=SHOP),
    Read("1,000- is ambiguous", rows('A1,1,2024-01-05,"1,000-"', "A2,1,2024-01-05,6"), 1, 6, {"ambiguous_amount": 1}, client=SHOP),
    Read("¥1,200- is 1200", rows('A1,1,2024-01-05,"¥1,200-"'), 1, 1200, repairs={"currency_sign": 1, "thousands": 1}),
    Read("a fraction of a yen", rows("A1,1,2024-01-05,12.5", "A2,1,2024-01-05,6"), 1, 6, {"fraction_of_minor_unit": 1}, client=SHOP),
    Read("dollars of a yen shop", rows("A1,1,2024-01-05,$12", "A2,1,2024-01-05,6"), 1, 6, {"other_currency": 1}, client=SHOP),
    Read("not a number", rows("A1,1,2024-01-05,無料", "A2,1,2024-01-05,6"), 1, 6, {"bad_amount": 1}, client=SHOP),
    Read("exponent", rows("A1,1,2024-01-05,1.2E+5", "A2,1,2024-01-05,6"), 1, 6, {"bad_amount": 1}, client=SHOP),
    Read("blank amount", rows("A1,1,2024-01-05,", "A2,1,2024-01-05,6"), 1, 6, {"blank_amount": 1}, client=SHOP),
    Read("an amount beyond belief", rows("A1,1,2024-01-05,99999999999999999999", "A2,1,2024-01-05,6"), 1, 6, {"amount_too_large": 1}, client=SHOP),
    # dates
    Read("slashes without zeros", rows("A1,1,2024/1/5,5"), 1, 5),
    Read("compact", rows("A1,1,20240105,5"), 1, 5),
    Read("kanji", rows("A1,1,2024年1月5日,5"), 1, 5),
    Read("with time of day", rows("A1,1,2024-01-05 23:59:59,5", "A2,1,2024/01/06 0:05,6"), 2, 11),
    Read("30 February", rows("A1,1,2024-02-30,5", "A2,1,2024-02-29,6"), 1, 6, {"impossible_date": 1}, client=SHOP),
    Read("29 February of a common year", rows("A1,1,2023/2/29,5", "A2,1,2024-02-29,6"), 1, 6, {"impossible_date": 1}, client=SHOP),
    Read("zero date", rows("A1,1,0000-00-00,5", "A2,1,2024-02-29,6"), 1, 6, {"impossible_date": 1}, client=SHOP),
    Read("serial number", rows("A1,1,45296,5", "A2,1,2024-02-29,6"), 1, 6, {"bad_date": 1}, client=SHOP),
    Read("two-digit year", rows("A1,1,24/01/05,5", "A2,1,2024-02-29,6"), 1, 6, {"two_digit_year": 1}, client=SHOP),
    Read("blank date", rows("A1,1,,5", "A2,1,2024-02-29,6"), 1, 6, {"blank_order_date": 1}, client=SHOP),
    Read("day first, decided by the column", rows("A1,1,03/04/2024,5", "A2,1,13/04/2024,6"), 2, 11),
    Read("after as_of", rows("A1,1,2025-01-01,5", "A2,1,2024-12-31,6"), 1, 6, excluded={"after_as_of": 1}),
    # ids
    Read("leading zeros", rows("A1,0001,2024-01-05,5", "A2,001,2024-01-05,6"), 2, 11),
    Read("NA and NULL are ids", rows("NULL,NA,2024-01-05,5", "A2,nan,2024-01-05,6"), 2, 11),
    Read("full width id", rows("A1,０００１,2024-01-05,5", "A2, 0001 ,2024-01-05,6"), 2, 11, repairs={"full_width": 1, "trimmed": 1}),
    Read("id in exponent form", rows("A1,1.23E+10,2024-01-05,5", "A2,1,2024-01-05,6"), 1, 6, {"damaged_id": 1}, client=SHOP),
    Read("id with a decimal point", rows("A1,1001.0,2024-01-05,5", "A2,1,2024-01-05,6"), 1, 6, {"damaged_id": 1}, client=SHOP),
    Read("id of a broken formula", rows("A1,#N/A,2024-01-05,5", "A2,1,2024-01-05,6"), 1, 6, {"damaged_id": 1}, client=SHOP),
    Read("guest", rows("A1,,2024-01-05,5", "A2,1,2024-01-05,6"), 1, 6, {"blank_customer_id": 1}, client=SHOP),
    Read("guest accepted", rows("A1,,2024-01-05,5", "A2,1,2024-01-05,6"), 2, 11, client={"extra": "guest_orders: accept"}),
    Read("blank order id", rows(",1,2024-01-05,5", "A2,1,2024-01-05,6"), 1, 6, {"blank_order_id": 1}, client=SHOP),
    # duplicates
    Read("exact duplicates", HEAD + GOOD * 3, 1, 1000, excluded={"exact_duplicate": 2}),
    Read("duplicates in other clothes", rows("A1,1,2024-01-05,1000", 'A1,1,2024/1/5,"1,000"'), 1, 1000, excluded={"exact_duplicate": 1}),
    Read("contradicting duplicates", rows("A1,1,2024-01-05,5", "A1,1,2024-01-05,6", "A2,1,2024-01-05,7"), 1, 7, {"conflicting_duplicate": 2}, client=SHOP),
    Read("contradiction and a copy", rows("A1,1,2024-01-05,5", "A1,1,2024-01-05,5", "A1,1,2024-01-05,6", "A2,1,2024-01-05,7"), 1, 7, {"conflicting_duplicate": 3}, client=SHOP),
    Read("one order, two customers", rows("A1,1,2024-01-05,5,x", "A1,2,2024-01-05,6,y", "A2,1,2024-01-05,7,z", head=HEAD[:-1] + ",商品\n"), 1, 7, {"order_of_two_customers": 2}, client=SHOP),
    Read("order lines", rows("A1,1,2024-01-05,5,x", "A1,1,2024-01-05,6,y", head=HEAD[:-1] + ",商品\n"), 2, 11),
    Read("two products at one price", rows("A1,1,2024-01-05,5,x", "A1,1,2024-01-05,5,y", head=HEAD[:-1] + ",商品\n"), 2, 10, client={"source": "amount_per: row"}),
    Read("no order id: two equal rows are two purchases", rows("1,2024-01-05,5", "1,2024-01-05,5", head="会員ID,受注日,金額\n"), 2, 10, client={"columns": NO_ORDER}),
    Read("row key", rows("A1,1,2024-01-05,5,1", "A1,1,2024-01-05,5,2", "A1,1,2024-01-05,5,2", "A1,1,2024-01-05,8,3", "A1,1,2024-01-05,9,3", head=HEAD[:-1] + ",行\n"), 2, 10, {"conflicting_duplicate": 2}, {"exact_duplicate": 1}, client={"source": "row_key: [注文番号, 行]", **SHOP}),
    Read("order total on every line", rows("A1,1,2024-01-05,5000,x", "A1,1,2024-01-05,5000,y", "A2,1,2024-01-05,7,z", head=HEAD[:-1] + ",商品\n"), 2, 5007, excluded={"order_total_repeated": 1}, client={"source": "amount_per: order"}),
    Read("order total blank after the first line", rows("A1,1,2024-01-05,5000,x", "A1,1,2024-01-05,,y", head=HEAD[:-1] + ",商品\n"), 1, 5000, excluded={"order_total_repeated": 1}, client={"source": "amount_per: order"}),
    Read("no line of the order has the total", rows("A1,1,2024-01-05,,x", "A2,1,2024-01-05,7,y", head=HEAD[:-1] + ",商品\n"), 1, 7, {"blank_amount": 1}, client={"source": "amount_per: order", **SHOP}),
    Read("contradicting totals", rows("A1,1,2024-01-05,5,x", "A1,1,2024-01-05,6,y", "A2,1,2024-01-05,7,z", head=HEAD[:-1] + ",商品\n"), 1, 7, {"conflicting_total": 2}, client={"source": "amount_per: order", **SHOP}),
    # status and rules
    Read("status", rows("A1,1,2024-01-05,5,発送済み", "A2,1,2024-01-05,6,注文取消し", "A3,1,2024-01-05,7, 返品 ", head=HEAD[:-1] + ",状況\n"), 1, 5, excluded={"cancelled": 1, "returned": 1}, client={"columns": MAPPED_STATUS, "source": STATUS}),
    Read("unknown status", rows("A1,1,2024-01-05,5,発送済み", "A2,1,2024-01-05,6,謎", head=HEAD[:-1] + ",状況\n"), 1, 5, {"unknown_status": 1}, client={"columns": MAPPED_STATUS, "source": STATUS, **SHOP}),
    Read("sold and cancelled at once", rows("A1,1,2024-01-05,5,発送済み", "A1,1,2024-01-05,5,注文取消し", "A2,1,2024-01-05,6,発送済み", head=HEAD[:-1] + ",状況\n"), 1, 6, {"conflicting_duplicate": 2}, client={"columns": MAPPED_STATUS, "source": STATUS, **SHOP}),
    Read("cancelled with a bad date", rows("A1,1,x,5,注文取消し", "A2,1,2024-01-05,6,発送済み", head=HEAD[:-1] + ",状況\n"), 1, 6, excluded={"cancelled": 1}, client={"columns": MAPPED_STATUS, "source": STATUS}),
    Read("client's own rule", rows("A1,1,2024-01-05,5", "C1,1,2024-01-05,6", "c2,1,2024-01-05,7"), 2, 12, excluded={"cancel_invoice": 1}, client={"source": "exclude: [{rule: cancel_invoice, column: 注文番号, matches: 'C*'}]"}),
    # quantity and price
    Read("quantity times price", rows("A1,1,2024-01-05,3,¥1000", "A1,1,2024-01-05,-1,250.0", head="注文番号,会員ID,受注日,数量,単価\n"), 2, 2750, repairs={"currency_sign": 1, "trailing_zeros": 0}, client={"columns": COLUMNS.replace("amount: 金額", "quantity: 数量, unit_price: 単価")}),
    Read("half a yen times two", rows("A1,1,2024-01-05,2,0.5", "A2,1,2024-01-05,3,0.5", head="注文番号,会員ID,受注日,数量,単価\n"), 1, 1, {"fraction_of_minor_unit": 1}, client={"columns": COLUMNS.replace("amount: 金額", "quantity: 数量, unit_price: 単価"), **SHOP}),
    Read("half a piece", rows("A1,1,2024-01-05,0.5,100", "A2,1,2024-01-05,3,5", "A3,1,2024-01-05,,5", head="注文番号,会員ID,受注日,数量,単価\n"), 1, 15, {"bad_quantity": 1, "blank_quantity": 1}, client={"columns": COLUMNS.replace("amount: 金額", "quantity: 数量, unit_price: 単価"), **SHOP}),
    Read("cents", rows("A1,1,2024-01-05,$35.47", "A2,1,2024-01-05,1.5"), 2, 3697, client={"currency": "USD"}),
]  # fmt: skip


@pytest.mark.parametrize("case", READ, ids=lambda case: case.name)
def test_read_to_the_row_and_the_yen(case: Read, make: Make) -> None:
    check_read(case, make)


JAPANESE = (HEAD + "".join(f"A{i},山田たろう{i},2024-01-05,5\n" for i in range(30))).encode
MANY = "".join(f"A{i},1,2024-01-05,5\n" for i in range(100))

REFUSED = [
    Refused("empty file", b"", ("raw/orders.csv: is empty", "Export it again")),
    Refused("blank file", b"\xef\xbb\xbf\r\n  \n", ("raw/orders.csv: is empty",)),
    Refused("header only", HEAD, ("raw/orders.csv: has a header, but no rows", "Check the period of the export")),
    Refused("euc-jp", JAPANESE("euc_jp"), ("raw/orders.csv: is written in EUC-JP", "Expected: UTF-8")),
    Refused("iso-2022-jp", JAPANESE("iso2022_jp"), ("is written in ISO-2022-JP",)),
    Refused("latin-1", b"id," + "Müller,Gösta,Åsa réussi\n".encode("latin-1"), ("is neither UTF-8 nor CP932",)),
    Refused("utf-8 with a damaged byte", (HEAD + GOOD * 20).encode() + b"A2,\x81,2024-01-05,5\n", ("is UTF-8 with damaged bytes from line 22 on",)),
    Refused("mark, then no utf-8", b"\xef\xbb\xbf" + (HEAD + GOOD).encode("cp932"), ("is not valid UTF-8 from line 1 on",)),
    Refused("declared encoding is wrong", (HEAD + GOOD).encode("cp932"), ("is not valid UTF-8 from line 1 on",), {"source": "encoding: utf-8"}),
    Refused("damaged xlsx", b"PK\x03\x04" + b"x" * 50, ("is a damaged ZIP or Excel file", "Send it again")),
    Refused("html named csv", "<html><table><tr><td>1</td></tr></table></html>", ("is a web page",)),
    Refused("damaged gzip", b"\x1f\x8b\x08\x00" + b"x" * 40, ("is a damaged gzip file",)),
    Refused("half a gzip", gzip.compress((HEAD + GOOD).encode())[:-12], ("is a gzip file that ends too early",)),
    Refused("gzip bomb", gzip.compress(b"\n" * 50_000_000), ("unpacks to more than 200 times its size",)),
    Refused("damaged parquet", b"PAR1" + b"x" * 50, ("is a damaged Parquet file",)),
    Refused("missing column", rows("A1,1,2024-01-05,5", head="注文番号,会員ID,受注日,金 額\n"), ("column '金額' is missing", "注文番号, 会員ID, 受注日, 金 額", "Did you mean '金 額'?")),
    Refused("no header, and the first row is somebody's", "A1,山田花子,2024-01-05,5,hanako@example.com\n", ("column '会員ID' is missing", "a header line; the first line looks like data: x9, xxxx, 9999-99-99, 9, xxxxxx@xxxxxxx.xxx")),
    Refused("column twice", rows("A1,1,2024-01-05,5,6", head="注文番号,会員ID,受注日,金額,金額\n"), ("column '金額' is there more than once (columns 4, 5)",)),
    Refused("two columns wrong at once", rows("A1,1,2024-01-05,5", head="注文番号,会員,受注日,合計\n"), ("column '会員ID' is missing", "column '金額' is missing")),
    Refused("ambiguous dates", rows("A1,1,03/04/2024,5"), ("raw/orders.csv, column '受注日': '03/04/2024' can be day/month or month/day", "Say dates: '%d/%m/%Y' (day first)")),
    Refused("dates of both kinds", rows("A1,1,13/04/2024,5", "A2,1,04/13/2024,5"), ("mixes day first ('13/04/2024') and month first ('04/13/2024')",)),
    Refused("totals repeated and not declared", rows("A1,1,2024-01-05,5000,x", "A1,1,2024-01-05,5000,y", head=HEAD[:-1] + ",商品\n"), ("the amount is the same on every row of an order, in all 1 orders", "Say amount_per: order")),
    Refused("too many rows quarantined", HEAD + MANY + "".join(f"B{i},1,x,0\n" for i in range(12)), ("10.7% of the rows and 0.0% of the money are quarantined (bad_date 12)", "accept_quarantined: true")),
    Refused("too much money quarantined", HEAD + MANY + "B1,,2024-01-05,100\n", ("1.0% of the rows and 16.7% of the money are quarantined (blank_customer_id 1)",)),
    Refused("nothing left", rows("A1,1,2025-01-05,5"), ("no row can be used: excluded are after_as_of 1",)),
    Refused("status without words", rows("A1,1,2024-01-05,5,発送済み", head=HEAD[:-1] + ",状況\n"), ("status words that client.yaml does not explain: '発送済み' 1", "Put each word under status:"), {"columns": MAPPED_STATUS}),
    Refused("rule with a built-in name", HEAD + GOOD, ("exclude rule 'cancelled' has the name of a built-in rule",), {"source": "exclude: [{rule: cancelled, column: 注文番号, matches: 'C*'}]"}),
    Refused("two delimiters would do", "注文番号 会員ID 受注日 金額\nA1 1 2024-01-05 5\n", ("column '注文番号' is missing",), {"source": "delimiter: ','"}),
]  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_refused_with_a_sentence(case: Refused, make: Make) -> None:
    check_refused(case, make)
