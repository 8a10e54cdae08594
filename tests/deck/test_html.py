from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from crmlib import deck
from crmlib.deck import build, exporters, lint, what_if
from crmlib.errors import DataError
from crmlib.text import Words

from . import samples, test_what_if

HOSTILE = "<script>alert(1)</script> {{ 7*7 }} {% raw %} $x^2$ #set text(1pt) *b* _i_ </script> \" ' & 1"
VOID = {"meta", "br", "col", "link", "img", "input"}


class Page(HTMLParser):
    """The page's elements, attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {k: v or "" for k, v in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module", params=["ja", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def html(sample_notebooks: list[Any], language: str) -> str:
    with samples.texts():
        return deck.render(deck.collected(sample_notebooks, samples.META), language, "html").decode()


def test_one_offline_file(html: str) -> None:
    assert len(html.encode()) <= 1_000_000
    without_namespaces = html.replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/1999/xlink", "")
    assert not re.search(r"(?:https?:)?//[\w.]+\.\w", re.sub(r"base64,[\w+/=]+", "", without_namespaces))
    page = Page(html)
    assert [name for name, a in page.elements if "src" in a] == []
    assert all(a["href"].startswith("#") for _, a in page.elements if "href" in a)


def test_policy_allows_our_script_only(html: str) -> None:
    policy = next(a["content"] for a in Page(html).all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    script = re.search(r"<script>(.*?)</script>", html, re.DOTALL)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; script-src 'sha256-{digest}'"
    )
    assert html.count("<script") == 1
    assert not re.search(r"\son\w+=", re.sub(r"<script>.*</script>", "", html, flags=re.DOTALL))


def test_landmarks_headings_tables_and_alternative_texts(html: str, language: str) -> None:
    page = Page(html)
    assert page.all("html")[0]["lang"] == language
    assert len(page.all("main")) == len(page.all("nav")) == len(page.all("h1")) == 1
    slides = [a for a in page.all("div") if "slide" in a.get("class", "").split()]
    assert all(a["role"] == "group" for a in slides)
    assert all(a["aria-labelledby"] in {e.get("id") for _, e in page.elements} for a in slides)
    assert len({a["id"] for _, a in page.elements if "id" in a}) == len([1 for _, a in page.elements if "id" in a])
    assert all(a.get("scope") in ("col", "row", "rowgroup") for a in page.all("th"))
    figures = [a for a in page.all("div") if a.get("role") == "img"]
    assert len(figures) == 3
    assert all(a["aria-label"] for a in figures)
    targets = {a["id"] for _, a in page.elements if "id" in a}
    assert all(a["href"][1:] in targets for a in page.all("a"))


def test_same_bytes_each_time(parts: deck.Collected, html: str, language: str) -> None:
    assert deck.render(parts, language, "html").decode() == html


def test_both_languages_show_the_same_numbers(parts: deck.Collected) -> None:
    shown = {}
    for language in ("ja", "en"):
        known = lint.forms(parts.ledger, language)
        text = " \n".join(Page(deck.render(parts, language, "html").decode()).text)
        shown[language] = [known[token] for token in lint.tokens(text) if token in known]
    for one, other in (("ja", "en"), ("en", "ja")):
        everywhere = set().union(*shown[other])
        assert [p for p in shown[one] if not p & everywhere] == []


def test_hostile_texts_stay_text() -> None:
    with samples.texts():
        notebooks = samples.notebooks(
            "data.rows", slide__data__rows__title=HOSTILE[:90], slide__data__rows__source=HOSTILE,
            slide__data__rows__head=HOSTILE, slide__data__rows__notes=HOSTILE,
        )  # fmt: skip
        parts = deck.collected(notebooks, {"client": HOSTILE, "as_of": ""})
        page = Page(deck.render(parts, "ja", "html").decode())
    assert len(page.all("script")) == 1
    assert len(page.all("b")) == 1  # the tracker's
    text = "".join(page.text)
    assert "{{ 7*7 }}" in text
    assert "49" not in text
    assert "<script>alert(1)</script>" in text


def test_hostile_definitions_and_sliders_stay_text() -> None:
    hostile = HOSTILE + "\u2028 1</template>"
    with samples.texts(definition__retention__f2=hostile, deck__what_if__f2=hostile, deck__tip__near=hostile):
        parts = deck.collected(samples.notebooks("retention.f2", "ltv.table"), {})
        laid_out = build.deck(parts, "en")
        laid_out["slides"][0]["id"] = what_if.PAGE  # the made-up deck has no balance sheet
        laid_out["live"]["what_if"] = what_if.sliders(test_what_if.ledger(), Words("en"))
        page = Page(exporters.DeckHTMLExporter().rendered(laid_out))
    assert len(page.all("script")) == 1
    assert len(page.all("template")) == 1
    assert "".join(page.text).count("<script>alert(1)</script>") == 2  # the definition, and the words beside it
    assert [a["data-label"] for a in page.all("label") if a["for"] == "w-f2"] == [hostile]
    box = next(a for a in page.all("div") if "data-numbers" in a)
    assert json.loads(box["data-numbers"])["grid"][3][2] == [320.0, 1.0, 999.0]


def test_a_number_is_bound_to_what_is_told_of_it(html: str, language: str) -> None:
    page = Page(html)
    shown = page.all("data")
    assert shown
    told = html.partition('<template id="said">')[2].partition("</template>")[0]
    assert {int(a["value"]) for a in shown} == set(range(told.count("<div>")))
    meant = {"ja": "初回購入から90日以内に", "en": "Share of customers with a second purchase"}[language]
    assert meant in told
    assert "<p>retention.f2</p>" in told


def test_nothing_is_a_tab_stop_but_links_and_controls(html: str) -> None:
    assert [a for _, a in Page(html).elements if "tabindex" in a] == []


def test_hostile_chart_label_stays_text() -> None:
    hostile = "<script>$x^2$</script>{{ 7*7 }}"
    with samples.texts():
        parts = deck.collected(samples.notebooks("retention.f2", figure__days=hostile), {})
        page = Page(deck.render(parts, "en", "html").decode())
    assert len(page.all("script")) == 1
    assert hostile in "".join(page.text)


def test_drawing_that_could_run_is_refused(parts: deck.Collected) -> None:
    payload: Any = parts.slides[1]
    kept = payload["exhibits"]["ja"][0]["svg"]
    payload["exhibits"]["ja"][0]["svg"] = kept.replace("</svg>", "<script>alert(1)</script></svg>")
    try:
        with pytest.raises(DataError, match="holds <script>, which is not drawing"):
            deck.render(parts, "ja", "html")
    finally:
        payload["exhibits"]["ja"][0]["svg"] = kept


def test_autoescape_is_on() -> None:
    assert exporters.DeckHTMLExporter().environment.autoescape is True
