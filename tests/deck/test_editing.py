"""The consultant's edits in the deck: order, titles, notes, firm; numbers stay bound."""

import io

import pytest
from PIL import Image
from pptx import Presentation

from crmlib import deck
from crmlib.deck import build
from crmlib.edit import Edit
from crmlib.errors import ConfigError, DataError


def bilingual(ja, en=None):
    return {"ja": ja, "en": en or ja}


def ids(parts):
    return [slide["id"] for slide in parts.slides]


def test_without_edits_nothing_changes(parts):
    assert deck.render(deck.edited(parts, Edit()), "ja", "html") == deck.render(parts, "ja", "html")


def test_pages_move_and_go_and_the_appendix_stays_last(parts):
    before = ids(parts)
    made = deck.edited(parts, Edit(order=(before[2],), drop=(before[0],)))
    assert ids(made)[0] == before[2]
    assert set(ids(made)) == set(before) - {before[0]}
    assert made.slides[-1]["section"] == parts.slides[-1]["section"] == "appendix"


def test_a_title_names_ledger_keys_and_is_filled(parts):
    page = {"title": bilingual("90日以内は{retention.f2:pct}", "{retention.f2:pct} within 90 days")}
    made = deck.edited(parts, Edit.model_validate({"pages": {"retention.f2": page}}))
    [slide] = [one for one in made.slides if one["id"] == "retention.f2"]
    assert "%" in slide["texts"]["en"]["title"]
    assert slide["texts"]["en"]["title"].endswith("within 90 days")
    deck.render(made, "en", "html")


def test_a_typed_number_is_refused(parts):
    page = {"title": bilingual("F2は99.9%である", "F2 is 99.9%")}
    made = deck.edited(parts, Edit.model_validate({"pages": {"retention.f2": page}}))
    with pytest.raises(DataError, match=r"'99\.9' in the title is not a number of the ledger"):
        deck.render(made, "en", "html")


def test_an_unknown_number_is_named(parts):
    page = {"note": bilingual("{retention.nothing:pct}")}
    with pytest.raises(
        ConfigError, match=r"edit.yaml: pages.retention.f2 \(ja\): ledger key 'retention.nothing' is not in the ledger"
    ):
        deck.edited(parts, Edit.model_validate({"pages": {"retention.f2": page}}))


def test_the_firm_is_on_the_cover_of_every_format(parts):
    picture = io.BytesIO()
    Image.new("RGB", (120, 40), "purple").save(picture, "PNG")
    firm = {
        "name": bilingual("甲コンサルティング", "Kou Consulting"),
        "colour": "#7A1F5C",
        "disclaimer": bilingual("社外秘", "For the client only"),
    }
    made = deck.edited(
        parts, Edit.model_validate({"title": bilingual("別題", "Another title"), "firm": firm}), picture.getvalue()
    )
    html = deck.render(made, "en", "html").decode("utf-8")
    for text in ("Kou Consulting", "For the client only", "--acc:#7A1F5C", "Another title", "data:image/png;base64,"):
        assert text in html
    assert deck.render(made, "en", "pdf").startswith(b"%PDF-")
    cover = Presentation(io.BytesIO(deck.render(made, "en", "pptx"))).slides[0]
    shown = [shape.text_frame.text for shape in cover.shapes if shape.has_text_frame]
    assert any("Kou Consulting" in text for text in shown)
    assert any(shape.shape_type == 13 for shape in cover.shapes)
    assert build.deck(made, "ja")["meta"]["title"] == "別題"
