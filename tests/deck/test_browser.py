"""The deck in a real browser and in a PDF reader's eyes: requests, keys, printing, overflow, pictures of all pages."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from crmlib import deck
from crmlib.deck import build

from . import browser, samples

pytestmark = pytest.mark.full

OVERFLOWING = """[...document.querySelectorAll(".slide")].flatMap(s => [...s.querySelectorAll(".l, figure, table, .panel, .bar")]
  .filter(e => { const a = e.getBoundingClientRect(), b = s.getBoundingClientRect();
    return a.right > b.right + 1 || a.bottom > b.bottom + 1 || a.left < b.left - 1; }).map(e => s.id + ": " + e.textContent.slice(0, 40)))"""
SPILLING = """[...document.querySelectorAll(".panel, .bar")].filter(e => e.scrollHeight > e.clientHeight + 1)
  .map(e => e.closest(".slide").id)"""
BROKEN_LINES = """[...document.querySelectorAll(".slide .l")].filter(e => e.scrollWidth > e.parentElement.clientWidth + 1
  && getComputedStyle(e.parentElement).display !== "inline").map(e => e.textContent)"""


@pytest.fixture(scope="module", params=["ja", "en"])
def files(request: pytest.FixtureRequest, sample_notebooks: list[Any], tmp_path_factory: Any) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("deck")
    with samples.texts():
        parts = deck.collected(sample_notebooks, samples.META)
        laid_out = build.deck(parts, request.param)
        for form in ("html", "pdf"):
            (folder / f"deck.{form}").write_bytes(deck.render(parts, request.param, form))
    return {"html": folder / "deck.html", "pdf": folder / "deck.pdf", "deck": laid_out, "folder": folder}


def visit(files: dict[str, Any], use: Callable[[browser.Browser], Any]) -> Any:
    return asyncio.run(browser.opened(files["html"].as_uri(), use))


def test_no_request_no_error_and_nothing_overflows(files: dict[str, Any]) -> None:
    async def use(page: browser.Browser) -> None:
        assert await page.evaluate(OVERFLOWING) == []
        assert await page.evaluate(SPILLING) == []
        assert await page.evaluate(BROKEN_LINES) == []
        requests = [e["params"]["request"]["url"] for e in page.of("Network.requestWillBeSent")]
        assert {url.partition(":")[0] for url in requests} == {"file", "data"}
        assert page.of("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled") == []
        families = await page.evaluate(
            "[...document.fonts].map(f => f.family.replaceAll('\"', '') + f.weight + f.status)"
        )
        assert sorted(families) == ["Noto Sans JP400loaded", "Noto Sans JP700loaded"]

    visit(files, use)


def test_keys_turn_pages_and_present(files: dict[str, Any]) -> None:
    slides = ["cover", *(f["anchor"] for f in files["deck"]["fronts"]), *(s["anchor"] for s in files["deck"]["slides"])]

    async def use(page: browser.Browser) -> None:
        async def after(key: str, text: str = "") -> str:
            await page.press(key, text)
            return str(await page.evaluate("location.hash"))[1:]

        assert [await after(key) for key in ("ArrowRight", "PageDown", "ArrowLeft", "End", "Home")] == [
            slides[1], slides[2], slides[1], slides[-1], slides[0],
        ]  # fmt: skip
        assert await after("f", "f") == "cover"
        assert await page.evaluate("document.body.className") == "present"
        assert await after("ArrowRight") == slides[1]
        shown = "[...document.querySelectorAll('.slide')].filter(s => s.getClientRects().length).map(s => s.id)"
        assert await page.evaluate(shown) == [slides[1]]
        await page.press("f", "f")
        assert await page.evaluate("document.body.className") == ""

    visit(files, use)


def test_prints_one_page_per_slide(files: dict[str, Any]) -> None:
    printed = files["folder"] / "printed.pdf"
    command = [browser.PATH, *browser.OPTIONS[:-2], "--no-pdf-header-footer", f"--print-to-pdf={printed}"]
    subprocess.run([*command, files["html"].as_uri()], check=True, capture_output=True)
    assert len(PdfReader(printed).pages) == files["deck"]["pages"]


def test_policy_stops_a_foreign_script(files: dict[str, Any]) -> None:
    async def use(page: browser.Browser) -> None:
        await page.evaluate(
            "const s = document.createElement('script'); s.textContent = 'window.hit = 1'; document.body.append(s)"
        )
        assert await page.evaluate("window.hit === undefined")
        assert await page.evaluate("fetch('https://example.org').then(() => 'sent', () => 'stopped') && 1") == 1
        await asyncio.sleep(0.2)
        texts = [event["params"]["entry"]["text"] for event in page.of("Log.entryAdded")]
        assert any("script-src" in text for text in texts)
        assert any("https://example.org" in text and "Content Security Policy" in text for text in texts)

    visit(files, use)


def pictures(pdf: Path, folder: Path) -> list[bytes]:
    subprocess.run(["pdftoppm", "-r", "60", "-gray", str(pdf), str(folder / pdf.stem)], check=True)
    return [path.read_bytes() for path in sorted(folder.glob(f"{pdf.stem}-*.pgm"))]


def test_pdf_and_printed_html_look_alike(files: dict[str, Any]) -> None:
    printed = files["folder"] / "alike.pdf"
    command = [browser.PATH, *browser.OPTIONS[:-2], "--no-pdf-header-footer", f"--print-to-pdf={printed}"]
    subprocess.run([*command, files["html"].as_uri()], check=True, capture_output=True)
    for one, other in zip(pictures(files["pdf"], files["folder"]), pictures(printed, files["folder"]), strict=True):
        pixels = list(zip(one[-360_000:], other[-360_000:], strict=True))
        assert (
            sum(abs(a - b) for a, b in pixels) / len(pixels) < 5
        )  # of 255; a table whose rows drift by half a line gives 15


def test_pdf_reader_finds_only_embedded_fonts_and_no_picture(files: dict[str, Any]) -> None:
    fonts = subprocess.run(["pdffonts", str(files["pdf"])], capture_output=True, text=True, check=True).stdout
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts.splitlines()[2:])
    images = subprocess.run(["pdfimages", "-list", str(files["pdf"])], capture_output=True, text=True, check=True)
    assert len(images.stdout.splitlines()) == 2
    subprocess.run(["qpdf", "--check", str(files["pdf"])], capture_output=True, check=True)
