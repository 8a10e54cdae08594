"""The order of the deck: body, appendix, promotion, and what is asked for in a page's stead."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from crmlib import deck
from crmlib.deck import arrange, pages, requests, storyline
from crmlib.deck.collect import Collected
from crmlib.edit import Edit
from crmlib.errors import ConfigError
from crmlib.findings.model import Finding, Findings
from crmlib.numbers.model import Ledger, Number
from crmlib.schema import DIAGNOSTICS, LANGUAGES
from crmlib.text import Words, catalogue

RAN, NONE = DIAGNOSTICS, Findings()
EXHIBIT = {"kind": "table", "columns": ["", "n"], "rows": [["a", "1"]], "highlight": [], "widths": [], "left": 1, "cut": False, "literals": ["1"]}  # fmt: skip


def slide(name: str, variant: str = "", section: str = "") -> dict[str, Any]:
    texts = {
        "title": f"{name} has 1 line",
        "section": name,
        "points": ["1"],
        "heads": [f"Head of {name}", ""],
        "literals": ["1"],
    }
    texts |= dict.fromkeys(("yen", "notes", "definition", "source", "alt"), "")
    both = {language: copy.deepcopy(texts) for language in LANGUAGES}
    made = {
        "schema": 1,
        "id": name,
        "variant": variant,
        "layout": "right",
        "section": section or name.partition(".")[0],
    }
    return made | {"texts": both, "exhibits": {one: [EXHIBIT] for one in LANGUAGES}, "numbers": {}, "money": False}


def run(*slides: dict[str, Any], findings: Findings = NONE, **rows: int) -> Collected:
    ledger = Ledger((), "JPY", {f"intake.record.{name}.rows": Number(count, "count") for name, count in rows.items()})
    ledger.numbers["a.difference"] = Number(0.2, "points", 0.1, 0.3)
    return Collected(tuple(slides), ledger, findings)


def body(parts: Collected) -> list[str]:
    return [one["id"] for one in parts.slides if one["section"] != "appendix"]


def every() -> list[dict[str, Any]]:
    return [slide(place.id) for place in storyline.standard().places if not place.id.startswith("deck.")]


def test_the_body_is_about_24_pages_decision_first_and_plan_last() -> None:
    told = deck.told(run(*reversed(every())), RAN)
    assert body(told)[0] == "summary.decision"
    assert body(told)[-3:] == ["actions.lists", "actions.decide", "actions.plan"]
    assert 20 <= len(body(told)) <= 26
    assert len(told.slides) == len(every())


def test_no_chapter_is_entered_twice() -> None:
    told = deck.told(run(*every()), RAN)
    for place in ("body", "appendix"):
        chapters = [one["chapter"] for one in told.slides if (one["section"] == "appendix") == (place == "appendix")]
        assert len(set(chapters)) == sum(a != b for a, b in zip(["", *chapters], chapters, strict=False))


def test_an_aside_comes_into_the_body_only_when_its_finding_is_decided() -> None:
    def with_verdict(verdict: str) -> Collected:
        found = Findings([Finding("lift.calls", verdict, "a.difference", "B")])
        return deck.told(run(slide("lift.campaigns"), slide("lift.calls"), findings=found, contacts=5), RAN)

    assert body(with_verdict("negative")) == ["lift.campaigns", "lift.calls"]
    assert body(with_verdict("inconclusive")) == ["lift.campaigns"]


def test_a_page_that_no_storyline_knows_goes_to_the_end_of_its_chapter() -> None:
    told = deck.told(run(slide("base.mine"), slide("base.mode"), slide("base.rules")), ("base",))
    assert [one["id"] for one in told.slides] == ["base.mode", "base.rules", "base.mine"]
    assert told.slides[-1]["texts"]["ja"]["section"] == "付録"


def test_a_page_without_its_table_becomes_a_request() -> None:
    parts = run(
        slide("lift.campaigns", "absent"), slide("base.mode", "short"), slide("base.cpm", "known"), contacts=0, orders=9
    )
    told = deck.told(parts, ("base", "lift"))
    assert requests.requests(parts, ("base", "lift")) == [
        ("base.mode", "history"), ("lift.campaigns", "contacts"), ("lift.calls", "contacts"),
    ]  # fmt: skip
    assert body(told) == ["deck.requests", "base.cpm"]
    assert told.ledger["deck.requests"].value == 3
    assert [one["id"] for one in told.spare] == ["base.mode", "lift.campaigns"]
    [page] = [one for one in told.slides if one["id"] == "deck.requests"]
    for language in LANGUAGES:
        table, words = page["exhibits"][language][0], Words(language)
        assert table["rows"][1][2] == words.fill("request.send.contacts")
        assert "3" in page["texts"][language]["title"]


@pytest.mark.parametrize("rows", [{}, {"contacts": 12}])
def test_what_was_sent_is_never_asked_for(rows: dict[str, int]) -> None:
    assert requests.requests(run(slide("lift.campaigns", "absent"), **rows), ("lift",)) == []


def test_what_was_not_run_is_not_missing() -> None:
    assert requests.requests(run(slide("base.mode"), contacts=0), ("base",)) == []


def test_too_few_customers_is_no_request_but_an_appendix_page() -> None:
    told = deck.told(run(slide("base.cpm", "too_few"), slide("base.mode")), ("base",))
    assert body(told) == ["base.mode"]
    assert told.slides[-1]["id"] == "base.cpm"
    assert told.spare == ()


def test_many_requests_are_all_in_the_appendix() -> None:
    names = (
        "intake.tie_out",
        "intake.identity",
        "base.entry",
        "base.products",
        "retention.groups",
        "ltv.payback",
        "lift.campaigns",
    )
    variants = ("absent", "absent", "no_lines", "no_lines", "absent", "no_costs", "absent")
    sent = dict.fromkeys(("monthly_sales", "customers", "order_lines", "costs", "contacts"), 0)
    told = deck.told(run(*map(slide, names, variants), **sent), ("intake", "base", "retention", "ltv", "lift"))
    shown = {one["id"]: one["exhibits"]["en"][0]["rows"] for one in told.slides}
    assert (
        len(shown["deck.requests"])
        == requests.FIRST
        < len(shown["deck.request_list"])
        == told.ledger["deck.requests"].value
    )
    assert pages.deck(told, "ja")["pages"] > 3


def test_every_page_that_may_be_asked_for_has_its_texts() -> None:
    for place in storyline.standard().places:
        for wanted in place.asks.values():
            for language in LANGUAGES:
                assert {f"request.page.{place.id}", f"request.shows.{place.id}", f"request.send.{wanted}"} <= {
                    *catalogue(language)
                }


def test_every_variant_of_the_storyline_is_a_text_of_the_page() -> None:
    keys = catalogue("en")
    for place in storyline.standard().places:
        for variant in {*place.asks, *place.keeps, *place.thin} - {storyline.MISSING}:
            assert f"slide.{place.id}.title_{variant}" in keys, (place.id, variant)


def test_every_finding_of_the_storyline_is_one() -> None:
    known = {key.split(".positive")[0] for key in catalogue("en") if key.startswith("finding.")}
    for place in storyline.standard().places:
        assert {f"finding.{name}" for name in place.findings} <= known, place.id


def test_the_consultant_brings_a_page_of_the_appendix_or_a_request_back() -> None:
    told = deck.told(run(slide("base.mode"), slide("base.rules"), slide("lift.campaigns", "absent"), contacts=0), RAN)
    edited = deck.edited(told, Edit(order=("lift.campaigns", "base.rules"), drop=("deck.requests",)))
    assert body(edited) == ["lift.campaigns", "base.rules", "base.mode"]
    with pytest.raises(ConfigError, match=r"there is no page 'lift\.campaign'"):
        deck.edited(told, Edit(order=("lift.campaign",)))


def test_contents_name_every_page_with_its_number() -> None:
    laid_out = pages.deck(deck.told(run(*every()), RAN), "en")
    contents = " ".join(line for front in laid_out["fronts"] if front["kind"] == "contents" for row in front["rows"] for line in row["lines"])  # fmt: skip
    for page in laid_out["slides"]:
        assert f"{page['topic']} {page['page']}" in contents
    assert [page["page"] for page in laid_out["slides"]] == list(
        range(len(laid_out["fronts"]) + 2, laid_out["pages"] + 1)
    )


def test_restored_pages_keep_their_numbers() -> None:
    told = deck.told(run(slide("base.rules")), ("base",))
    assert arrange.restored(told.slides[0])["exhibits"] == replace(told).slides[0]["exhibits"]
