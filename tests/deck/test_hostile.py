"""Hostile text as names of the client, products, media and campaigns: inert in every format, and no page breaks."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from typing import Any

import pytest
from pptx import Presentation
from pypdf import PdfReader

from crmlib.deck import Collected, build, collected, faults
from crmlib.deck.slide import Exhibit, Slide
from crmlib.edit import Edit
from crmlib.figures import style
from crmlib.figures.table import Table
from crmlib.lettering import GETA, printable
from crmlib.text import Words

from . import samples

HOSTILE = {
    "html": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "entity": "&lt;b&gt; &#x202e; <!-- -->",
    "formula": '=HYPERLINK("http://evil.example","x")',
    "command": "@SUM(1+1)*cmd|' /C calc'!A0",
    "jinja": "{{ 7 * 7 }}{% raw %}{# x #}",
    "typst": '#import "@preview/x:0.1.0"; #panic("x") $x^2$ *b*',
    "tex": r"\input{/etc/passwd} $\frac{1}{2}$ \write18",
    "placeholder": "{retention.f2:pct}{data.read}",
    "arabic": "شركة القهوة العربية",
    "override": "safe\u202etxt.exe",
    "emoji": "健康茶\U0001f469\u200d\U0001f4bb\U0001f1ef\U0001f1f5",
    "control": "a\x00b\x07c\x1b[31md\x7f\r\n",
    "zero-width": "ぜ\u200bろ\u2060幅\ufeff",
    "surrogate": "x\ud83dy",
    "combining": "Z\u0351\u036b\u0343\u036aalgo",
    "long": "とても長い商品名" * 40,
    "unbroken": "x" * 400,
    "cdata": "]]></text><svg/onload=alert(3)>",
}


@style.styled
def chart(name: str, *, words: Words) -> Any:
    figure = style.figure()
    axes = figure.add_subplot()
    axes.barh([0, 1], [3, 5])
    axes.set_yticks([0, 1], [name[:24], words.fill("figure.half")])
    axes.text(1, 0, name[:12])
    return figure


def table(name: str, *, words: Words) -> Table:
    return Table([words.fill("figure.half"), name[:40]], [[name[:60], words.number(0.4123, "pct")], ["-", name[:8]]])


def hostile(name: str) -> Collected:
    """A deck with a name in a chart, in a table, as a label of a title and of a point, and as the client."""
    with samples.texts(slide__data__rows__title="{name}: {retention.f2:pct}", slide__data__rows__points=("{name}",)):
        page = Slide(
            "data.rows", samples.ledger(), Exhibit(chart, name), Exhibit(table, name), labels={"name": name[:30]}
        )
    meta = {"client": name, "as_of": "1998-06-30"}
    with samples.texts():
        return collected([samples.notebook([samples.ledger(), page, *samples.slides("retention.f2")])], meta)


QUICK = ("html", "typst", "emoji", "control", "long")


@pytest.fixture(params=[pytest.param(one, marks=() if one in QUICK else pytest.mark.full) for one in HOSTILE])
def name(request: pytest.FixtureRequest) -> str:
    return HOSTILE[request.param]


@pytest.fixture(autouse=True)
def with_alt(sample_texts: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        samples, "JA", samples.JA.replace("[slide.data.rows]", '[slide.data.rows]\nalt = "行"\nhead2 = "表"')
    )
    monkeypatch.setattr(
        samples, "EN", samples.EN.replace("[slide.data.rows]", '[slide.data.rows]\nalt = "rows"\nhead2 = "table"')
    )


def shown(name: str) -> str:
    return printable(name[:8]).strip()


def test_it_is_text_in_every_format_and_no_page_is_lost(name: str) -> None:
    parts = hostile(name)
    wrong = faults.found(parts)
    assert [fault.page for fault in wrong if fault.page != "data.rows"] == []
    made = build.laid_out(faults.sound(parts, wrong), "ja")
    html = build.printed(made, "html").decode("utf-8")
    for markup in ("<script>alert", "<img src=x", "<svg/onload", "onerror=alert(2)>"):
        assert markup not in html
    assert "49" not in made["meta"]["client"]
    pdf = PdfReader(io.BytesIO(build.printed(made, "pdf")))
    assert len(pdf.pages) == made["pages"]
    assert html.count('role="group" aria-labelledby="t-') == made["pages"]
    office = Presentation(io.BytesIO(build.printed(made, "pptx")))
    assert len(office.slides) == made["pages"]
    texts = "".join(shape.text_frame.text for slide in office.slides for shape in slide.shapes if shape.has_text_frame)
    cover = "".join(page.extract_text() for page in pdf.pages[:1])
    first = printable(name)[:4].strip()
    assert first in texts
    assert first.replace(" ", "") in cover.replace("\n", "").replace(" ", "")


def test_it_is_a_text_cell_in_the_workbook(name: str) -> None:
    content = build.workbook(hostile(name), ["ja", "en"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        strings = ET.fromstring(archive.read("xl/sharedStrings.xml"))
        assert not [one for one in archive.namelist() if "externalLink" in one]
        sheets = [archive.read(one) for one in archive.namelist() if one.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in sheet or b"hyperlink" in sheet for sheet in sheets)
    assert any("".join(one.itertext()).startswith(shown(name)[:4]) for one in strings)


@pytest.mark.parametrize("kind", ["emoji", "arabic", "control", "zero-width", "override", "surrogate", "combining"])
def test_only_what_can_be_seen_is_printed(kind: str) -> None:
    text = printable(HOSTILE[kind])
    assert text.encode("utf-8")
    assert not {"\u202e", "\u200b", "\u2060", "\ufeff", "\x00", "\x1b", "\u200d"} & {*text}
    assert (GETA in text) == (kind in ("emoji", "arabic"))


def test_a_hostile_note_of_the_consultant_is_text(parts: Collected) -> None:
    from crmlib import deck

    note = dict.fromkeys(("ja", "en"), HOSTILE["html"] + HOSTILE["typst"])
    edited = deck.edited(parts, Edit.model_validate({"pages": {"ltv.wide": {"note": note}}}))
    [slide] = [one for one in edited.slides if one["id"] == "ltv.wide"]
    assert slide["texts"]["en"]["points"][-1] == note["en"]
    assert "<script>alert" not in build.printed(build.laid_out(edited, "en"), "html").decode()
