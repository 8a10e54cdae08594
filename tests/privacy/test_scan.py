"""The scanner is proven by breaking: a name in each format is found, and nothing is where nothing was planted."""

import base64
import gzip
import json
import zipfile

import nbformat
import pandas as pd
import pytest
import typst
import xlsxwriter

from crmlib.errors import DataError
from crmlib.home import FONTS
from crmlib.privacy.known import Known
from crmlib.privacy.scan import scan

NAME, MAIL, PHONE = "綾小路 桜子", "sakurako@example.jp", "090-1234-5678"
ADDRESS, NUMBER = "架空市見本町1-2-3", "AB-0001234"


@pytest.fixture
def known():
    found = Known()
    found.add("name", [NAME])
    found.add("kana", ["アヤノコウジサクラコ"])
    found.add("family", ["綾小路"])
    found.add("email", [MAIL])
    found.add("phone", [PHONE])
    found.add("address", [ADDRESS])
    found.add("id", [NUMBER])
    return found


def as_xlsx(path, text):
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("a").write_string(0, 0, text)
    book.close()


def as_zip(path, text):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner.csv", text)


def as_notebook(path, text):
    code = nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text=text)], execution_count=1)
    nbformat.write(nbformat.v4.new_notebook(cells=[code]), path)


def as_notebook_metadata(path, text):
    nbformat.write(nbformat.v4.new_notebook(metadata={"who": {"made_by": text}}), path)


def as_picture_in_html(path, text):
    svg = base64.b64encode(f"<svg><text>{text}</text></svg>".encode()).decode()
    path.write_text(f'<html><img src="data:image/svg+xml;base64,{svg}"></html>', "utf-8")


def as_split_markup(path, text):
    path.write_text(f"<html><b>{text[:1]}</b><i>{text[1:]}</i></html>", "utf-8")


def as_pdf(path, text):
    path.write_bytes(typst.compile(f'#set text(font: "Noto Sans JP")\n#"{text}"'.encode(), font_paths=[str(FONTS)]))


FORMATS = {
    "report.html": lambda path, text: path.write_text(f"<html><p>{text}</p></html>", "utf-8"),
    "attribute.html": lambda path, text: path.write_text(f'<html><p title="{text}">x</p></html>', "utf-8"),
    "picture.html": as_picture_in_html,
    "split.html": as_split_markup,
    "run.ipynb": as_notebook,
    "metadata.ipynb": as_notebook_metadata,
    "numbers.json": lambda path, text: path.write_text(json.dumps({"a": [{text: 1}]}), "utf-8"),
    "value.json": lambda path, text: path.write_text(json.dumps({"a": [1, text]}), "utf-8"),
    "deck.pdf": as_pdf,
    "sheet.xlsx": as_xlsx,
    "list.csv": lambda path, text: path.write_text(f"a,b\n1,{text}\n", "utf-8"),
    "cp932.csv": lambda path, text: path.write_bytes(f"a,b\n1,様子{text}\n".encode("cp932")),
    "utf16.txt": lambda path, text: path.write_text(text, "utf-16"),
    "run.log": lambda path, text: path.write_text(f"INFO {text}\n", "utf-8"),
    "table.parquet": lambda path, text: pd.DataFrame({"a": [1], "b": [text]}).to_parquet(path),
    "all.zip": as_zip,
    "log.gz": lambda path, text: path.write_bytes(gzip.compress(text.encode())),
}


@pytest.mark.parametrize("file", FORMATS)
def test_a_planted_name_is_found_in_every_format(file, known, tmp_path):
    FORMATS[file](tmp_path / file, "綾小路桜子")
    found = scan(tmp_path, known)
    assert [(leak.file, leak.kind) for leak in found] == [(file, "name")]
    assert "桜子" not in "".join(map(str, found))


@pytest.mark.parametrize("file", FORMATS)
def test_an_innocent_file_is_silent(file, known, tmp_path):
    FORMATS[file](tmp_path / file, "売上は2024年に1,234万円")
    assert scan(tmp_path, known) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("綾小路　桜子さま", "name"),
        ("ｱﾔﾉｺｳｼﾞ ｻｸﾗｺ", "kana"),
        ("あやのこうじさくらこ", "kana"),
        ("綾小路様から電話", "name"),
        ("SAKURAKO@EXAMPLE.JP", "email"),
        ("tel 09012345678", "phone"),
        ("+81 90-1234-5678", "phone"),
        ("架空市見本町１－２－３", "address"),
        ("customer ab-0001234 left", "id"),
    ],
)
def test_other_spellings_are_the_same_person(text, kind, known):
    assert kind in known.found(text)


@pytest.mark.parametrize(
    "text",
    ["綾小路の町並み", "sakurako@example.jpx.org", "190-1234-56789", "AB-00012345", "架空市見本町11-2-34", "桜子"],
)
def test_what_only_looks_alike_is_not_taken(text, known):
    assert known.found(text) == {}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("mail to someone@shop.example.com", "email pattern"),
        ("phone 03-1234-5678", "phone pattern"),
        ("〒100-0001", "postcode pattern"),
        ("東京都千代田区見本1-2", "address pattern"),
        ('<img src="https://cdn.example.com/x.js">', "external URL"),
        ("//cdn.example.com/x", "external URL"),
    ],
)
def test_personal_data_of_anybody_is_found_by_its_pattern(text, kind, tmp_path):
    (tmp_path / "a.txt").write_text(text, "utf-8")
    assert kind in [leak.kind for leak in scan(tmp_path, Known())]


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-02 to 2025-03-31", "01-02-2024", "0.1234567890", "[0.01 0.02 0.03 0.04]", "1,234,567 yen", "order 20240401000123",
        'xmlns="http://www.w3.org/2000/svg"', "a // comment", "sha 0123456789abcdef0123456789", "-0123456789012",
    ],
)  # fmt: skip
def test_numbers_dates_and_namespaces_are_no_alarm(text, tmp_path):
    (tmp_path / "a.txt").write_text(text, "utf-8")
    assert scan(tmp_path, Known()) == []


def test_a_name_in_a_file_name_is_found_and_not_repeated(known, tmp_path):
    (tmp_path / "綾小路桜子.csv").write_text("a", "utf-8")
    (leak,) = scan(tmp_path, known)
    assert str(leak) == "(a file whose name is a leak).csv: name, 1 time, first in the file's name"


def test_a_place_that_names_somebody_is_not_repeated(known, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("綾小路桜子.txt", "x 090-1234-5678")
    assert "綾小路" not in "".join(map(str, scan(tmp_path, known)))


def test_a_file_that_cannot_be_read_is_a_leak_until_somebody_looks(known, tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04broken")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7 broken")
    assert [leak.kind for leak in scan(tmp_path, known)] == ["unreadable", "unreadable"]


def test_a_clients_own_private_parts_are_left_out(known, tmp_path):
    (tmp_path / "client.yaml").write_text("a: 1", "utf-8")
    for folder in ("raw", "quarantine", "identity", "private", "runs"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.csv").write_text(NAME, "utf-8")
    assert [leak.file for leak in scan(tmp_path, known)] == ["runs/a.csv"]


def test_our_own_words_are_nobody(known):
    known.drop("title = '綾小路桜子の報告'")
    assert known.found(NAME + MAIL)["name"] == 0
    assert known.found(f" {MAIL} ") == {"email": 1}


def test_nothing_at_the_path_is_an_error(known, tmp_path):
    with pytest.raises(DataError, match="there is no such file or folder"):
        scan(tmp_path / "none", known)
