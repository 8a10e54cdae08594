from __future__ import annotations

import pytest

from crmlib.deck import svg
from crmlib.errors import DataError
from crmlib.figures import export, style

from . import samples

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="1pt" height="1pt">'


@style.styled
def drawn(label: str = "41.2%") -> str:
    figure = style.figure()
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1])
    axes.text(0.5, 0.5, label)
    return export.svg(figure)


def test_clean_svg_has_prefixed_ids_and_no_global_style() -> None:
    text = svg.cleaned(drawn(), "a-0-ja")
    assert text.startswith("<svg ")
    assert "<style" not in text
    assert "<metadata" not in text
    assert 'id="a-0-ja-xtick_1"' in text
    assert "url(#a-0-ja-" in text
    assert "url(#p" not in text


def test_same_figure_gives_the_same_bytes() -> None:
    assert svg.cleaned(drawn(), "a") == svg.cleaned(drawn(), "a")


def test_two_figures_share_no_id() -> None:
    import re

    ids = [set(re.findall(r'id="([^"]+)"', svg.cleaned(drawn(), prefix))) for prefix in ("a", "b")]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_labels_leave_axis_ticks_out() -> None:
    root = svg.checked(svg.cleaned(drawn(), "a"), "a")
    assert list(svg.labels(root)) == ["41.2%"]
    assert "0.2" in svg.texts(root)


def test_text_of_a_label_is_text() -> None:
    root = svg.checked(svg.cleaned(drawn("<b>&$x$</b>"), "a"), "a")
    assert list(svg.labels(root)) == ["<b>&$x$</b>"]


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        ("<script>alert(1)</script>", "holds <script>"),
        ("<foreignObject/>", "holds <foreignObject>"),
        ('<image href="data:image/png;base64,AA"/>', "holds <image>"),
        ('<rect onload="x()"/>', "attribute onload='x()'"),
        ('<use xlink:href="https://example.org/a.svg"/>', "attribute href='https://example.org/a.svg'"),
        ('<rect style="fill:url(http://example.org)"/>', "attribute style='fill:url"),
        ('<text style="font-family: Arial">1</text>', "the font Arial, which is not bundled"),
        ("<rect", "not well-formed"),
    ],
)
def test_anything_but_drawing_is_refused(inner: str, message: str) -> None:
    with pytest.raises(DataError, match=message.replace("(", r"\(").replace(")", r"\)")):
        svg.checked(f"{HEAD}{inner}</svg>", "slide x")


def test_document_type_is_refused() -> None:
    with pytest.raises(DataError, match="slide x: the figure declares a document type"):
        svg.checked('<!DOCTYPE a [<!ENTITY b "c">]>' + HEAD + "</svg>", "slide x")


def test_clipped_label_is_found() -> None:
    @style.styled
    def figure() -> object:
        made = style.figure()
        made.text(0.9, 0.5, "a label that runs out of the figure")
        return made

    assert export.clipped(figure()) == ["a label that runs out of the figure"]
    with samples.texts():
        assert export.clipped(samples.f2(words=samples.text.Words("en"))) == []
