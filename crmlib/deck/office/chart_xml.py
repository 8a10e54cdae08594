"""A chart as DrawingML (ECMA-376, part 1, 21.2), the elements in the order that the schema demands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from crmlib.deck.office import ink
from crmlib.deck.office.book import Book, Column

SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
ACROSS, UP = "111111111", "222222222"
TICKS = {"size": 10.5, "colour": "66727C"}
NAMES = {"size": 10.5, "colour": "33414C"}
GRID = "DDE3E8"
SYMBOLS = {"circle": "circle", "square": "square", "diamond": "diamond", "triangle": "triangle", "down": "triangle"}
SHOWABLE = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
VALUE, NOTHING = ("".join(f'<c:show{one} val="{int(one == what)}"/>' for one in SHOWABLE) for what in ("Val", ""))
Given = Mapping[str, Any]


def chart(one: Given, book: Book, language: str) -> str:
    """The part's XML.

    Args:
        one: A chart of a figure's `native` payload.
        book: Its workbook.
        language: Of the words.
    """
    groups = _points(one, book, language) if one["kind"] == "points" else _groups(one, book, language)
    axes = _value_axes(one, language) if one["kind"] == "points" else _category_axes(one, language)
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {SPACES}><c:date1904 val="0"/><c:roundedCorners val="0"/>'
        f'<c:chart><c:autoTitleDeleted val="1"/><c:plotArea>{_layout(one["frame"], one["plot"], inner=True)}{groups}{axes}'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr></c:plotArea>{_legend(one, language)}"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>'
        f"{ink.text_properties(TICKS, language)}</c:chartSpace>"
    )


def _layout(frame: Sequence[float], place: Sequence[float], *, inner: bool = False) -> str:
    x, y = ((place[i] - frame[i]) / frame[i + 2] for i in (0, 1))
    target = '<c:layoutTarget val="inner"/>' if inner else ""
    return (
        f'<c:layout><c:manualLayout>{target}<c:xMode val="edge"/><c:yMode val="edge"/><c:x val="{x:.5f}"/><c:y val="{y:.5f}"/>'
        f'<c:w val="{place[2] / frame[2]:.5f}"/><c:h val="{place[3] / frame[3]:.5f}"/></c:manualLayout></c:layout>'
    )


def _legend(one: Given, language: str) -> str:
    if "legend" not in one:
        return ""
    hidden = "".join(
        f'<c:legendEntry><c:idx val="{place}"/><c:delete val="1"/></c:legendEntry>'
        for place, row in enumerate(one["series"]) if not row.get("listed")
    )  # fmt: skip
    return f'<c:legend><c:legendPos val="t"/>{hidden}{_layout(one["frame"], one["legend"])}<c:overlay val="1"/>{ink.text_properties(NAMES, language)}</c:legend>'


def _groups(one: Given, book: Book, language: str) -> str:
    """Areas below, bars above them, lines on top."""
    both = f'<c:axId val="{ACROSS}"/><c:axId val="{UP}"/>'
    kinds = {
        kind: [(n, row) for n, row in enumerate(one["series"]) if row["kind"] == kind]
        for kind in ("area", "bar", "line")
    }
    made = {kind: "".join(_row(one, n, book, language) for n, _ in rows) for kind, rows in kinds.items()}
    way = "bar" if one["kind"] == "bars" else "col"
    grouping, overlap = ("stacked", 100) if one.get("stacked") else ("clustered", 0)
    texts = {
        "area": f'<c:areaChart><c:grouping val="stacked"/><c:varyColors val="0"/>{made["area"]}{both}</c:areaChart>',
        "bar": f'<c:barChart><c:barDir val="{way}"/><c:grouping val="{grouping}"/><c:varyColors val="0"/>{made["bar"]}'
        f'<c:gapWidth val="{one.get("gap", 0)}"/><c:overlap val="{overlap}"/>{both}</c:barChart>',
        "line": f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{made["line"]}<c:marker val="1"/>{both}</c:lineChart>',
    }
    return "".join(text for kind, text in texts.items() if kinds[kind])


def _row(one: Given, number: int, book: Book, language: str) -> str:
    """A series over categories."""
    row, kind = one["series"][number], one["series"][number]["kind"]
    values = book.values(number)
    drawn = row.get("colour", "")
    if kind == "line":
        look = f"<c:spPr>{ink.line(drawn, row.get('width', 0), row.get('dash', ''))}</c:spPr>{_marker(row)}"
    else:
        edge = ink.line("FFFFFF", 0.6) if kind == "area" and drawn and row.get("alpha", 1) == 1 else ink.line("", 0)
        look = f"<c:spPr>{ink.fill(drawn, row.get('alpha', 1.0))}{edge}</c:spPr>"
    if kind == "bar":
        look += '<c:invertIfNegative val="0"/>' + "".join(
            f'<c:dPt><c:idx val="{place}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/><c:spPr>{ink.fill(code)}</c:spPr></c:dPt>'
            for place, code in row.get("colours", {}).items()
        )
    data = f"<c:cat>{_strings(book.categories)}</c:cat><c:val>{_numbers(values, row.get('form', ''))}</c:val>"
    tail = '<c:smooth val="0"/>' if kind == "line" else ""
    return f"<c:ser>{_head(number, book)}{look}{_labels(row, language)}{_errors(row, number, book)}{data}{tail}</c:ser>"


def _head(number: int, book: Book) -> str:
    name = book.name(number)
    return (
        f'<c:idx val="{number}"/><c:order val="{number}"/><c:tx><c:strRef><c:f>{escape(name.at)}</c:f><c:strCache><c:ptCount val="1"/>'
        f'<c:pt idx="0"><c:v>{escape(str(name.cells[0]))}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
    )


def _points(one: Given, book: Book, language: str) -> str:
    rows = []
    for number, row in enumerate(one["series"]):
        x, y = book.places(number), book.values(number)
        stroke = ink.line(row.get("colour", ""), row.get("width", 0), row.get("dash", ""), row.get("alpha", 1.0))
        look = f"<c:spPr>{stroke}</c:spPr>{_marker(row)}{_labels(row, language)}"
        data = f"<c:xVal>{_numbers(x)}</c:xVal><c:yVal>{_numbers(y)}</c:yVal>"
        rows.append(f'<c:ser>{_head(number, book)}{look}{data}<c:smooth val="0"/></c:ser>')
    both = f'<c:axId val="{ACROSS}"/><c:axId val="{UP}"/>'
    return f'<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>{"".join(rows)}{both}</c:scatterChart>'


def _marker(row: Given) -> str:
    if "marker" not in row:
        return '<c:marker><c:symbol val="none"/></c:marker>'
    size, ground, edge = min(max(round(row["size"]), 2), 72), row.get("fill", ""), row.get("colour", "")
    rim = ink.line(edge, 1.2) if ground != edge else ink.line("FFFFFF", 0.75)
    ground = ink.lighter(edge) if edge and ground in ("", "FFFFFF") else ground  # seen where a program draws no rim
    return f'<c:marker><c:symbol val="{SYMBOLS[row["marker"]]}"/><c:size val="{size}"/><c:spPr>{ink.fill(ground or "FFFFFF")}{rim}</c:spPr></c:marker>'


def _labels(row: Given, language: str) -> str:
    """Labels of single points: from the numbers where a number format shows the same words, else as text."""
    if "labels" not in row:
        return ""
    form = f'<c:numFmt formatCode={_quoted(row["form"])} sourceLinked="0"/>' if row.get("form") else ""
    made = ""
    for place, label in row["labels"].items():
        words = "" if form else (
            f'<c:tx><c:rich><a:bodyPr/><a:lstStyle/>{ink.paragraphs(label["text"], label, language)}</c:rich></c:tx>'
        )  # fmt: skip
        look = f"{form}<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{ink.text_properties(label, language) if form else ''}"
        made += f'<c:dLbl><c:idx val="{place}"/>{words}{look}<c:dLblPos val="{label["at"]}"/>{VALUE}</c:dLbl>'
    return f"<c:dLbls>{made}{NOTHING}</c:dLbls>"


def _errors(row: Given, number: int, book: Book) -> str:
    if not row.get("error"):
        return ""
    plus, minus = (_numbers(book.reach(number, side)) for side in ("above", "below"))
    return (
        '<c:errBars><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="1"/>'
        f"<c:plus>{plus}</c:plus><c:minus>{minus}</c:minus><c:spPr>{ink.line(row['error'], row.get('width', 1.3))}</c:spPr></c:errBars>"
    )


def _quoted(text: str) -> str:
    return '"' + escape(text, {'"': "&quot;"}) + '"'


def _numbers(column: Column, form: str = "") -> str:
    points = "".join(
        f'<c:pt idx="{n}"><c:v>{value!r}</c:v></c:pt>' for n, value in enumerate(column.cells) if value is not None
    )
    code = escape(form) or "General"
    return (
        f"<c:numRef><c:f>{escape(column.at)}</c:f><c:numCache><c:formatCode>{code}</c:formatCode>"
        f'<c:ptCount val="{len(column.cells)}"/>{points}</c:numCache></c:numRef>'
    )


def _strings(column: Column) -> str:
    points = "".join(f'<c:pt idx="{n}"><c:v>{escape(str(text))}</c:v></c:pt>' for n, text in enumerate(column.cells))
    return f'<c:strRef><c:f>{escape(column.at)}</c:f><c:strCache><c:ptCount val="{len(column.cells)}"/>{points}</c:strCache></c:strRef>'


def _category_axes(one: Given, language: str) -> str:
    across, up, lying = one["across"], one["up"], one["kind"] == "bars"
    names = "low" if across.get("labelled") else "none"
    edge = ink.line(across.get("line", ""), 0.8)
    flipped = bool(across.get("flipped"))
    begin = "min" if one["kind"] == "areas" else "autoZero"
    between = "midCat" if one["kind"] == "areas" else "between"
    category = (
        f'<c:catAx><c:axId val="{ACROSS}"/><c:scaling><c:orientation val="{_way(flipped)}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{"l" if lying else "b"}"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        f'<c:minorTickMark val="none"/><c:tickLblPos val="{names}"/><c:spPr>{edge}</c:spPr>{ink.text_properties(NAMES, language)}'
        f'<c:crossAx val="{UP}"/><c:crosses val="{begin}"/><c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="50"/><c:noMultiLvlLbl val="1"/></c:catAx>'
    )
    where, crosses = ("b" if lying else "l"), ("max" if flipped else "min")
    return category + _value_axis(up, (UP, ACROSS), (where, crosses, between), language)


def _value_axes(one: Given, language: str) -> str:
    across, up = one["across"], one["up"]
    first = _value_axis(across, (ACROSS, UP), ("b", "max" if up.get("flipped") else "min", "midCat"), language)
    return first + _value_axis(up, (UP, ACROSS), ("l", "max" if across.get("flipped") else "min", "midCat"), language)


def _value_axis(axis: Given, ids: tuple[str, str], how: tuple[str, str, str], language: str) -> str:
    where, crosses, between = how
    grid = f"<c:majorGridlines><c:spPr>{ink.line(GRID, 0.7)}</c:spPr></c:majorGridlines>" if axis.get("grid") else ""
    step = f'<c:majorUnit val="{axis["step"]!r}"/>' if axis.get("step") else ""
    edge = ink.line(axis.get("line", ""), 0.8)
    return (
        f'<c:valAx><c:axId val="{ids[0]}"/><c:scaling><c:orientation val="{_way(bool(axis.get("flipped")))}"/><c:max val="{axis.get("high", 0)!r}"/>'
        f'<c:min val="{axis.get("low", 0)!r}"/></c:scaling><c:delete val="0"/><c:axPos val="{where}"/>{grid}'
        f'<c:numFmt formatCode={_quoted(axis.get("form") or "General")} sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="{"nextTo" if axis.get("labelled") else "none"}"/><c:spPr>{edge}</c:spPr>{ink.text_properties(TICKS, language)}'
        f'<c:crossAx val="{ids[1]}"/><c:crosses val="{crosses}"/><c:crossBetween val="{between}"/>{step}</c:valAx>'
    )


def _way(flipped: bool) -> str:
    return "maxMin" if flipped else "minMax"
