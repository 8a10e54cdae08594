"""Text files into columns: lines, chunks, stray quotes."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.errors import DataError
from crmlib.intake import reading, records, sieve
from crmlib.intake.files import InputFile
from crmlib.intake.records import Layout

COMMA = Layout("utf-8", ",")


def file(text: str) -> InputFile:
    return InputFile(Path("a.csv"), "a.csv", text.encode(), "", "text")


def test_lines_are_physical_lines_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sieve, "CHUNK", 2)
    text = 'a,b\n1,x\n2,"y\ny"\n\n3,z\n4\n5,x\n'
    found = reading.table(file(text), COMMA, ["a", "b"], None)
    assert found.lines.tolist() == [2, 3, 6, 8]
    assert found.columns["b"].to_pylist() == ["x", "y\ny", "z", "x"]
    assert list(found.broken) == [(7, "ragged_row")]
    assert found.repairs["blank_line"] == 1


def test_fingerprints_leave_out_the_values() -> None:
    text = "id,amount,product,memo\n1,5,p,m\n1,6,p,m\n1,5,q,m\n1,5,p,\n"
    rest = reading.table(file(text), COMMA, ["id", "amount", "product"], ["id", "amount"]).rest.tolist()
    assert rest[0] == rest[1]
    assert len(set(rest)) == 3
    assert set(reading.table(file(text), COMMA, ["id"], None).rest.tolist()) == {hash(())}


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [("id,day\n1,2\n", ","), ("id\tday\n1\t2\n", "tab"), ("id;day\n1;2\n", ";"), ("id  day\n1  2\n", "whitespace"),
     ("id,day,a;b\n1,2,3\n", ","), ("id,day,a b\n1,2,3\n", ",")],
)  # fmt: skip
def test_the_delimiter_is_the_one_that_finds_the_columns(text: str, delimiter: str) -> None:
    assert reading.layout_of(file(text), "utf-8", ["id", "day"]).delimiter == delimiter


def test_without_a_header_two_delimiters_are_asked_about() -> None:
    with pytest.raises(DataError, match=r"a.csv: can be divided by , or by whitespace\n  Hint: Say delimiter:"):
        reading.layout_of(file("1, 2\n"), "utf-8", ["1", "2"], header=False)


def test_a_header_with_a_stray_quote() -> None:
    with pytest.raises(DataError, match=r"a.csv line 1: the header cannot be read"):
        reading.table(file('"a"x,b\n1,2\n'), COMMA, ["b"], None)


def test_an_open_quote_costs_its_own_line_only() -> None:
    text = "a,b\n" + '1,"x\n' + "".join(f"{i},y\n" for i in range(5000))
    found = reading.table(file(text), COMMA, ["a"], None)
    assert list(found.broken) == [(2, "broken_quotes")]
    assert found.lines.tolist() == list(range(3, 5003))


def test_raw_rows_are_the_text_as_it_was() -> None:
    text = 'a,b\r\n1,"x\r\ny"\r\n2,"z"z\r\n'
    assert reading.raw_rows(file(text), COMMA, {2, 4}) == {2: '1,"x\r\ny"', 4: '2,"z"z'}


ODD_LINES = ["1,x", "2,", " ,x", " , ", ",", "a,b", "合計,5", "合計,", "小計 ,x", "計,", ",x", "※,", "-,", "3,x,", "3,x,y", "4", "", '5,"y', '6,"z"', '"7,8"', "以上,", "総,x"]  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(ODD_LINES + ["8,x", "9,x"] * 20), max_size=40), st.integers(1, 7))
def test_many_lines_at_a_time_are_the_same_rows(lines: list[str], size: int) -> None:
    """The quick way and the record by record way give the same rows, reasons and repairs."""
    text = file("a,b\n" + "".join(f"{line}\n" for line in lines) + "1,x\n")

    def read(quick: bool) -> tuple[object, ...]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sieve, "CHUNK", size)
            patch.setattr(records, "is_plain", lambda *_: quick)
            found = reading.table(text, COMMA, ["a", "b"], None)
        columns = [column.to_pylist() for column in found.columns.values()]
        return columns, found.lines.tolist(), list(found.broken), found.repairs

    assert read(quick=True) == read(quick=False)


@pytest.mark.parametrize(
    ("text", "names"),
    [("title\n\nid,name,day\n1,a,2024-01-05\n", ["id", "name", "day"]),
     ("title,,\nfrom,2024-01-01,2024-01-31\nid,name,day\n1,a,2024-01-05\n", ["id", "name", "day"]),
     ("1,a,2024-01-05\n2,b,2024-01-06\n", ["1", "a", "2024-01-05"])],
)  # fmt: skip
def test_the_header_of_an_unknown_file_stands_below_its_titles(text: str, names: list[str]) -> None:
    assert reading.header_of(file(text), COMMA, [])[0].names == names
