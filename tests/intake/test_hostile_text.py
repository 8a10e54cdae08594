"""Hostile text files: what stands around the table, quotes, line ends, encodings, marks."""

from __future__ import annotations

import pytest

from tests.intake.conftest import COLUMNS, Make
from tests.intake.hostile import GOOD, HEAD, MORE, SHOP, Read, Refused, check_read, check_refused, rows

TWO = HEAD + GOOD + MORE
MEMO = HEAD[:-1] + ",備考\n"
MANY = "".join(f"B{i},1,2024-01-05,1\n" for i in range(30))
NAMED = "".join(f"A{i},山田たろうさん,2024-01-05,5\n" for i in range(50))
SPLIT = COLUMNS.replace("注文番号", "注文 番号").replace("会員ID", "顧客 番号")


def quoted(text: str, mark: str) -> str:
    return "".join(",".join(f"{mark}{cell}{mark}" for cell in line.split(",")) + "\n" for line in text.splitlines())


READ = [
    # around the table
    Read("title lines and blank lines above", f"受注データ一覧\n出力日: 2024-01-31\n\n{TWO}", 2, 3000, excluded={"preamble": 2}, repairs={"blank_line": 1}),
    Read("title lines with as many commas", f"受注データ一覧,,,\n期間,2024-01-01,2024-01-31,\n{TWO}", 2, 3000, excluded={"preamble": 2}),
    Read("Excel's own separator line", ("sep=;\n" + TWO.replace(",", ";")), 2, 3000, repairs={"separator_line": 1}),
    Read("separator line with mark and CRLF", ("\ufeffsep=,\n" + TWO).replace("\n", "\r\n"), 2, 3000, repairs={"separator_line": 1}),
    Read("total rows of many kinds", TWO + "合計,,,3000\n総合計：,,,3000\nGrand Total,,,3000\n2024-01 合計,,,3000\n,,合計,3000\n", 2, 3000, excluded={"total_row": 5}),
    Read("total row of two cells", TWO + "合計,3000\n", 2, 3000, excluded={"total_row": 1}),
    Read("subtotals between the rows", HEAD + GOOD + "小計,,,1000\n" + MORE + "小計,,,2000\n", 2, 3000, excluded={"total_row": 2}),
    Read("an order whose number is a word for totals", HEAD + "total,0001,2024-01-05,5\n", 1, 5),
    Read("a total that fills every column", TWO + "合計,2名,2024-01-31,3000\n", 2, 3000, excluded={"total_row": 1}),
    Read("notes below", TWO + "\n※税込\n以上\n2件\n(2 rows)\n出力日時：2024/01/31 10:00\n", 2, 3000, excluded={"footer": 5}, repairs={"blank_line": 1}),
    Read("a printed table", " 注文番号 | 会員ID | 受注日 | 金額 \n------+------+------+-----\n A1 | 1 | 2024-01-05 | 5 \n A2 | 1 | 2024-01-05 | 6 \n(2 rows)\n", 2, 11, excluded={"footer": 2}),
    Read("header of two rows", "注文,,顧客,\n番号,受注日,番号,金額\nA1,2024-01-05,7,5\n", 1, 5, client={"columns": SPLIT}),
    Read("header of two rows repeated", "注文,,顧客,\n番号,受注日,番号,金額\nA1,2024-01-05,7,5\n注文,,顧客,\n番号,受注日,番号,金額\nA2,2024-01-05,7,6\n", 2, 11, excluded={"repeated_header": 2}, client={"columns": SPLIT}),
    Read("header cell with a line end", '注文番号,会員ID,"受注日\n(注文)",金額\nA1,1,2024-01-05,5\n', 1, 5, client={"columns": COLUMNS.replace("受注日", "受注日 (注文)")}),
    Read("file cut off in a row", TWO + MANY + "C1,0001,2024-0", 32, 3030, {"ragged_row": 1}),
    Read("file cut off in a cell", TWO + MANY + "C1", 32, 3030, {"ragged_row": 1}),
    Read("rows of blanks", TWO + "   ,  ,  ,  \n　　　\n\t\n", 2, 3000, excluded={"empty_row": 3}),
    Read("2,000 columns", rows("A1,1,2024-01-05,5" + ",x" * 1996, head=HEAD[:-1] + "".join(f",c{i}" for i in range(1996)) + "\n"), 1, 5),
    Read("fixed width", "注文番号   会員ID   受注日       金額\nA1         0001     2024-01-05   1000\n", 1, 1000),
    Read("padded cells", rows("A1   ,0001   ,2024-01-05   ,     1000"), 1, 1000, repairs={"trimmed": 4}),
    Read("a comma in a number, hidden by an empty last cell", rows("A1,1,2024-01-05,5,x", "A2,1,2024-01-05,1,234,", head=MEMO), 1, 5, {"ragged_row": 1}, client=SHOP),
    Read("header again, in full width", TWO + "注文番号,会員ＩＤ,受注日 ,金額\nA3,1,2024-01-07,7\n", 3, 3007, excluded={"repeated_header": 1}),
    Read("pipes", TWO.replace(",", "|"), 2, 3000),
    # joined files, end marks
    Read("joined files, each with mark and header", ("\ufeff" + HEAD + GOOD + "\ufeff" + HEAD + MORE), 2, 3000, excluded={"repeated_header": 1}, repairs={"byte_order_mark": 1}),
    Read("joined files, the second without header", ("\ufeff" + HEAD + GOOD + "\ufeff" + MORE), 2, 3000, repairs={"byte_order_mark": 1}),
    Read("joined UTF-16 files", ("\ufeff" + HEAD + GOOD + "\ufeff" + HEAD + MORE).encode("utf-16-le"), 2, 3000, excluded={"repeated_header": 1}, repairs={"byte_order_mark": 1}),
    Read("DOS end mark", TWO + "\x1a", 2, 3000),
    Read("DOS end mark on a line of its own", TWO + "\r\n\x1a\r\n", 2, 3000),
    Read("mixed line ends", HEAD[:-1] + "\r\n" + GOOD + MORE[:-1] + "\rA3,1,2024-01-07,7\r\n", 3, 3007),
    # quotes
    Read("every cell quoted twice", quoted(TWO, '"""'), 2, 3000, repairs={"quoted_twice": 2}),
    Read("every row quoted as a whole", '"注文番号,会員ID,受注日,金額"\n"A1,1,2024-01-05,5"\n"A2,1,2024-01-05,""1,200"""\n', 2, 1205, repairs={"quoted_twice": 2, "thousands": 1}),
    Read("ids as formula texts", rows('="0001",1,2024-01-05,5', '"=""0002""",="0007",2024-01-05,6'), 2, 11, repairs={"formula_text": 3}),
    Read("open quote in the last row", TWO + MANY + 'A3,0002,2024-01-06,"7', 32, 3030, {"broken_quotes": 1}),
    Read("open quote in the last cell of no interest", rows("A1,1,2024-01-05,5,x", 'A2,1,2024-01-05,6,"x', head=MEMO), 1, 5, {"broken_quotes": 1}, client=SHOP),
    Read("a quote that swallows a whole row", rows('A1,1,2024-01-05,5,"x', 'A2,1,2024-01-05,6,x"', "A3,1,2024-01-05,7,x", head=MEMO), 1, 7, {"broken_quotes": 2}, client=SHOP),
    Read("a memo of several lines with commas", rows('A1,1,2024-01-05,5,"お届け,午前\r\n不在時,宅配\nボックス"', head=MEMO), 1, 5),
    Read("line separators that are no line ends", rows("A1,1,2024-01-05,5,a\u2028b\x85c\x0bd\x0ce", head=MEMO), 1, 5),
    Read("backslash before a quote", rows('A1,1,2024-01-05,5,"a\\"b"', "A2,1,2024-01-05,6,x", head=MEMO), 1, 6, {"broken_quotes": 1}, client=SHOP),
    # encodings
    Read("second byte of 表 is a backslash", rows('A1,1,2024-01-05,5,"表"', "A2,1,2024-01-05,6,ソ", '"A3","1","2024-01-05","7","能表"', head=MEMO).encode("cp932"), 3, 18),
    Read("half-width katakana in CP932", rows(*(f"A{i},1,2024-01-05,10,ﾔﾏﾀﾞ ﾀﾛｳ" for i in range(5)), head=HEAD[:-1] + ",ｶﾅ\n").encode("cp932"), 5, 50),
    Read("emoji in an id", rows("A1,😀1,2024-01-05,5"), 1, 5),
    Read("decomposed kana in a mapped header", rows("A1,1,2024-01-05,5,7", head=HEAD[:-1] + ",テ\u3099ータ\n"), 1, 7, client={"columns": COLUMNS.replace("金額", "データ")}),
    Read("zero-width space in a header", rows("A1,1,2024-01-05,5", head="\u200b注文番号,会員ID,受注日,金額\n"), 1, 5),
    Read("header in full width", rows("A1,1,2024-01-05,5", head="注文番号,会員ＩＤ,受注日,金額　\n"), 1, 5),
    # several files of one table
    Read("a file per year", {"2023.csv": rows("A1,1,2023-01-05,5"), "2024.csv": rows("A2,1,2024-01-05,6").encode("cp932")}, 2, 11),
    Read("overlapping exports", {"a.csv": TWO, "b.csv": HEAD + MORE + "A3,1,2024-02-01,7\n"}, 3, 3007, excluded={"exact_duplicate": 1}),
    Read("columns in another order", {"a.csv": TWO, "b.csv": "金額,受注日,会員ID,注文番号\n7,2024-02-01,1,A3\n"}, 3, 3007),
]  # fmt: skip


@pytest.mark.parametrize("case", READ, ids=lambda case: case.name)
def test_text_read_to_the_row_and_the_yen(case: Read, make: Make) -> None:
    check_read(case, make)


REFUSED = [
    Refused("a row of data above the header", GOOD + HEAD + MORE, ("raw/orders.csv line 1: a row of data stands above the header", "Put the header first")),
    Refused("joined files with columns in another order", HEAD + GOOD + "注文番号,受注日,会員ID,金額\nA2,2024-01-06,0002,7\n", ("raw/orders.csv line 3: another header has the columns in another order", "Send the parts as files of their own")),
    Refused("only title lines", "title\n\nfoo,bar\n", ("column '注文番号' is missing",)),
    Refused("2,001 columns", rows("A1" + ",x" * 2000, head=HEAD[:-1] + "".join(f",c{i}" for i in range(1997)) + "\n"), ("raw/orders.csv: has 2,001 columns", "Expected: at most 2,000")),
    Refused("an endless line", HEAD + "x" * 5_000_000, ("raw/orders.csv line 2: is longer than 4,000,000 bytes", "Export one row per line")),
    Refused("one damaged byte in CP932", NAMED.encode("cp932") + b"A3,00\x82,2024-01-05,5\n", ("is CP932 (Shift_JIS) with damaged bytes from line 51 on",)),
    Refused("one damaged byte in UTF-8", NAMED.encode() + b"A3,00\xe5\x90,2024-01-05,5\n", ("is UTF-8 with damaged bytes from line 51 on",)),
    Refused("surrogates written as UTF-8", (HEAD + GOOD).encode() + b"A3,\xed\xa0\xbd\xed\xb8\x80,2024-01-05,5\n", ("raw/orders.csv: is neither UTF-8 nor CP932", "line 3")),
    Refused("half a character of UTF-16", TWO.encode("utf-16") + b"\n", ("is not valid UTF-16 from line 4 on",)),
    Refused("UTF-32", TWO.encode("utf-32"), ("is UTF-32", "Save it as CSV UTF-8")),
    Refused("UTF-7", TWO.encode("utf-7"), ("column '注文番号' is missing",)),
    Refused("NUL bytes all over", (HEAD + GOOD).encode() + b"\0" * 500, ("is not text",)),
    Refused("JSON", '[{"注文番号": "A1"}]', ("is JSON", "Export the table as CSV")),
    Refused("JSON lines", '{"注文番号": "A1"}\n{"注文番号": "A2"}\n', ("is JSON",)),
    Refused("XML", '<?xml version="1.0"?><orders/>', ("is a web page (HTML or XML)",)),
    Refused("PDF", b"%PDF-1.7\n%\xe2\xe3", ("is a PDF",)),
    Refused("SQLite", b"SQLite format 3\0" + b"\0" * 100, ("is an SQLite database",)),
    Refused("a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, ("is a picture",)),
    Refused("only blank rows", HEAD + "\n\n\n", ("has a header, but no rows",)),
    Refused("headers of terminal escapes", "注文番号\x1b[2J,会員\u202eID,受注日,金額\n" + GOOD, ("column '注文番号' is missing", "注文番号?[2J, 会員?ID, 受注日, 金額")),
    Refused("headers of 100,000 characters", "x" * 90_000 + ",会員ID,受注日,金額\n" + GOOD, ("column '注文番号' is missing", "x" * 60 + "…, 会員ID")),
    Refused("the same export twice", {"a.csv": TWO, "copy of a.csv": TWO}, ("raw/copy of a.csv: is the same file as raw/a.csv", "Remove one of them")),
    Refused("every problem of every file at once", {"a.csv": b"", "b.csv": "x,y\n1,2\n", "c.csv": "注文".encode("iso2022_jp")}, ("raw/a.csv: is empty", "raw/b.csv: column '注文番号' is missing", "raw/b.csv: column '金額' is missing", "raw/c.csv: is written in ISO-2022-JP")),
]  # fmt: skip


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_text_refused_with_a_sentence(case: Refused, make: Make) -> None:
    check_refused(case, make)


VALUES = [
    Read("days that stand for none", rows("A1,1,1900-01-01,5", "A2,1,1970-01-01,6", "A3,1,0001-01-01,7", "A4,1,1904/1/1,8", "A5,1,2024-01-05,9"), 1, 9, {"impossible_date": 4}, client=SHOP),
    Read("footnote marks behind an amount", rows("A1,1,2024-01-05,500①", "A2,1,2024-01-05,10²", "A3,1,2024-01-05,9"), 1, 9, {"bad_amount": 2}, client=SHOP),
    Read("digits of another script", rows("A1,1,2024-01-05,۱۲۳", "A2,1,2024-01-05,१२", "A3,1,2024-01-05,9"), 1, 9, {"bad_amount": 2}, client=SHOP),
    Read("European grouping", rows('A1,1,2024-01-05,"1.234,56"', "A2,1,2024-01-05,1.234", "A3,1,2024-01-05,9"), 1, 9, {"bad_grouping": 1, "fraction_of_minor_unit": 1}, client=SHOP),
    Read("units in words", rows("A1,1,2024-01-05,1万", "A2,1,2024-01-05,1.5千円", "A3,1,2024-01-05,9"), 1, 9, {"bad_amount": 2}, client=SHOP),
    Read("infinity, NaN, hexadecimal", rows("A1,1,2024-01-05,Infinity", "A2,1,2024-01-05,NaN", "A3,1,2024-01-05,0x10", "A4,1,2024-01-05,9"), 1, 9, {"bad_amount": 3}, client=SHOP),
    Read("Indian grouping", rows('A1,1,2024-01-05,"1,23,456"', "A2,1,2024-01-05,9"), 1, 9, {"bad_grouping": 1}, client=SHOP),
    Read("full-width commas", rows('A1,1,2024-01-05,１，０００'), 1, 1000, repairs={"full_width": 1, "thousands": 1}),
    Read("invisible characters in ids", rows("A1,\u200b1,2024-01-05,5", "A2,1\u202e,2024-01-05,6", "A3,1,2024-01-05,7"), 3, 18),
    Read("terminal escapes in ids", rows("A1,1\x1b[2J,2024-01-05,5", "A2,1,2024-01-05,6"), 1, 6, {"damaged_id": 1}, client=SHOP),
    Read("seconds since 1970 are no date", rows("A1,1,1704412800,5", "A2,1,2024-01-05,6"), 1, 6, {"bad_date": 1}, client=SHOP),
    Read("a time of 25 hours", rows("A1,1,2024-01-05 25:00,5", "A2,1,2024-01-05,6"), 1, 6, {"bad_date": 1}, client=SHOP),
    Read("midnight in UTC is morning in Tokyo", rows("A1,1,2024-12-31T14:59:59Z,5", "A2,1,2024-12-31T15:00:00Z,6"), 1, 5, excluded={"after_as_of": 1}),
]  # fmt: skip


@pytest.mark.parametrize("case", VALUES, ids=lambda case: case.name)
def test_values_read_to_the_row_and_the_yen(case: Read, make: Make) -> None:
    check_read(case, make)
