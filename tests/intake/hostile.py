"""What a hostile case is: files that are read to the row and the yen, or refused with a sentence; and how each is checked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import xlsxwriter

from tests.intake.conftest import Make

HEADERS = ("注文番号", "会員ID", "受注日", "金額")
HEAD = ",".join(HEADERS) + "\n"
GOOD = "A1,0001,2024-01-05,1000\n"
MORE = "A2,0002,2024-01-06,2000\n"
SHOP = {"extra": "accept_quarantined: true"}
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
Content = str | bytes | Mapping[str, str | bytes]


@dataclass(frozen=True)
class Read:
    """A file (or files by name) that is read, and what must come of it."""

    name: str
    content: Content
    used: int
    amount: int
    quarantined: dict[str, int] = field(default_factory=dict)
    excluded: dict[str, int] = field(default_factory=dict)
    repairs: dict[str, int] = field(default_factory=dict)
    client: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Refused:
    """A file (or files by name) that is refused, and words that its message must hold."""

    name: str
    content: Content
    says: tuple[str, ...]
    client: dict[str, str] = field(default_factory=dict)


def files_of(content: Content) -> Mapping[str, str | bytes]:
    return content if isinstance(content, Mapping) else {"orders.csv": content}


def check_read(case: Read, make: Make) -> None:
    folder = make(files_of(case.content), **case.client)
    whole = folder.run().totals
    assert (whole.rows_used, whole.amount_used) == (case.used, case.amount)
    assert (whole.reasons, whole.exclusions) == (case.quarantined, case.excluded)
    assert {kind: whole.repairs.get(kind, 0) for kind in case.repairs} == case.repairs
    assert whole.rows_read == whole.rows_used + whole.rows_quarantined + whole.rows_excluded
    assert whole.amount_read == whole.amount_used + whole.amount_quarantined + whole.amount_excluded
    assert sum(row["amount"] for row in folder.store()) == case.amount
    assert len(folder.store()) == case.used
    assert folder.quarantine().count("\nraw/") == sum(case.quarantined.values())


def check_refused(case: Refused, make: Make) -> None:
    folder = make(files_of(case.content), **case.client)
    message = folder.message()
    for words in case.says:
        assert words in message
    assert message.replace("\n", "").isprintable()
    assert not (folder.path / "store").exists()


def rows(*lines: str, head: str = HEAD) -> str:
    return head + "".join(line + "\n" for line in lines)


def workbook(build: Callable[[xlsxwriter.Workbook], None], **options: bool) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        build(book)
    return out.getvalue()


def sheet(
    book: xlsxwriter.Workbook, *lines: Sequence[object], name: str | None = None, head: Sequence[str] = HEADERS
) -> xlsxwriter.workbook.Worksheet:
    page = book.add_worksheet(name)
    for row, cells in enumerate([head, *lines]):
        for column, cell in enumerate(cells):
            page.write(row, column, cell)
    return page


def zipped(members: Mapping[str, str | bytes], **flags: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = flags.get("external_attr", 0)
            archive.writestr(info, content)
    return out.getvalue()


def xml_row(number: int, *cells: str) -> str:
    places = (f'<c r="{chr(65 + i)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>' for i, cell in enumerate(cells))
    return f'<row r="{number}">{"".join(places)}</row>'


XML_ROWS = (xml_row(1, *HEADERS), xml_row(2, "A1", "0001", "2024-01-05", "1000"))


def crafted(
    *xml_rows: str, before: str = "", dimension: str = "A1:D2", parts: Mapping[str, str] | None = None
) -> bytes:
    """A workbook as no Excel writes it."""
    sheets = f'<dimension ref="{dimension}"/><sheetData>{"".join(xml_rows)}</sheetData>'
    return zipped(
        {
            "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/s.xml"/></Relationships>',
            "xl/worksheets/s.xml": f"{before}<worksheet {MAIN}>{sheets}</worksheet>",
            **(parts or {}),
        }
    )
