"""One page that cannot be printed never costs the deck: it is left out by name, and the appendix says so."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crmlib.deck import Collected, build, faults, lint
from crmlib.deck.faults import NO_ROOM, UNBOUND, Fault
from crmlib.errors import DataError
from crmlib.run import lanes
from crmlib.text import Words


def spoilt(parts: Collected, page: str, change: Callable[[dict[str, Any]], None]) -> Collected:
    slides = copy.deepcopy(list(parts.slides))
    change(next(slide for slide in slides if slide["id"] == page))
    return replace(parts, slides=tuple(slides))


def unbound(slide: dict[str, Any]) -> None:
    slide["texts"]["en"]["points"].append("98,765 customers more")


def too_long(slide: dict[str, Any]) -> None:
    slide["texts"]["ja"]["title"] *= 5


def crowded(slide: dict[str, Any]) -> None:
    slide["texts"]["en"]["points"] *= 12


def clipped(slide: dict[str, Any]) -> None:
    slide["faults"] = ["slide retention.f2 (ja): the label 'x' runs out of the chart"]


@pytest.mark.parametrize(
    ("spoil", "why", "said"),
    [
        (unbound, UNBOUND, "98,765"), (too_long, NO_ROOM, "more than two lines"), (crowded, NO_ROOM, "pt fit"),
        (clipped, NO_ROOM, "runs out"),
    ],
)  # fmt: skip
def test_a_faulty_page_is_left_out_and_named(parts: Collected, spoil: Any, why: str, said: str) -> None:
    bad = spoilt(parts, "retention.f2", spoil)
    with pytest.raises(DataError):  # strict, as the tests and nbconvert's exporters are
        _ = [build.deck(bad, language) for language in ("ja", "en")]
    [fault] = faults.found(bad)
    assert (fault.page, fault.why) == ("retention.f2", why)
    assert said in fault.what
    good = faults.sound(bad, [fault])
    assert [s["id"] for s in good.slides if s["id"] != "deck.left_out"] == [
        s["id"] for s in parts.slides if s["id"] != "retention.f2"
    ]
    lint.check(good)
    for language in ("ja", "en"):
        made = build.laid_out(good, language)
        [notice] = [page for page in made["slides"] if page["id"] == "deck.left_out"]
        assert notice["appendix"]
        reason = Words(language).fill(f"left_out.why.{why}")
        assert ["retention.f2"] in [row["cells"][0] for row in notice["main"]["rows"]]
        assert reason.replace(" ", "") in "".join(map("".join, notice["main"]["rows"][0]["cells"])).replace(" ", "")


def test_no_unbound_number_is_printed(parts: Collected) -> None:
    bad = spoilt(parts, "retention.f2", unbound)
    html = build.printed(build.laid_out(faults.sound(bad, faults.found(bad)), "en"), "html").decode()
    assert "retention.f2" in html
    assert "98,765" not in html


def test_a_deck_without_faults_is_left_as_it_is(parts: Collected) -> None:
    assert faults.found(parts) == []
    assert faults.sound(parts, []) is parts


def test_every_page_may_be_faulty(parts: Collected) -> None:
    bad = parts
    for slide in parts.slides:
        bad = spoilt(bad, slide["id"], unbound)
    good = faults.sound(bad, faults.found(bad))
    assert [slide["id"] for slide in good.slides] == ["deck.left_out"]
    assert build.printed(build.laid_out(good, "ja"), "pdf").startswith(b"%PDF")


def test_a_fault_that_only_typst_sees_is_found_by_page(parts: Collected, tmp_path: Path) -> None:
    made = build.laid_out(parts, "ja")
    next(page for page in made["slides"] if page["id"] == "retention.cohort")["panel"]["height"] = 20.0
    failures = lanes.make([lanes.Task("deck_ja.pdf", "pdf", made)], tmp_path, lambda _: None, lambda: None)
    assert [failure.page for failure in failures] == ["retention.cohort"]
    assert not (tmp_path / "deck_ja.pdf").exists()


def test_one_file_that_fails_costs_no_other(parts: Collected, tmp_path: Path) -> None:
    made = build.laid_out(parts, "en")
    told: list[str] = []
    tasks = [lanes.Task("deck_en.pptx", "pptx", {"lang": "en"}), lanes.Task("deck_en.pdf", "pdf", made)]
    failures = lanes.make(tasks, tmp_path, told.append, (tmp_path / "meanwhile").touch)
    assert failures == [Fault("", "", "deck_en.pptx could not be made (KeyError)")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deck_en.pdf", "meanwhile"]
    assert sorted(told) == ["deck_en.pdf", "deck_en.pptx"]


def test_a_renderers_fault_names_the_page() -> None:
    from crmlib.errors import PageError

    assert faults.of(PageError("a.b", "slide a.b: too much")) == Fault("a.b", NO_ROOM, "slide a.b: too much")
