from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from crmlib.deck import Collected, lint
from crmlib.deck.slide import MIME, Exhibit, Slide
from crmlib.errors import CrmError, DataError
from crmlib.figures import style
from crmlib.findings.model import Findings
from crmlib.text import Words

from . import samples


def made(name: str, *exhibits: Exhibit, **options: Any) -> Slide:
    changed = options.pop("changed", {})
    with samples.texts(**changed):
        return Slide(name, samples.ledger(), *exhibits, **options)


def test_payload_holds_both_languages_and_the_keys() -> None:
    payload = made("retention.f2", Exhibit(samples.f2), Exhibit(samples.f2_table)).payload
    assert payload["texts"]["en"]["title"].startswith("Only 41.2% of new customers")
    assert payload["texts"]["ja"]["yen"] == "F2を1ポイント上げると年間3,450万円"
    assert payload["texts"]["en"]["section"] == "Retention"
    assert list(payload["numbers"]) == ["ltv.point", "retention.f2"]
    assert payload["numbers"]["retention.f2"]["n"] == 2357
    chart, table = payload["exhibits"]["ja"]
    assert (chart["kind"], chart["width"], chart["height"]) == ("figure", *style.WIDE)
    assert table["rows"][0] == ["半数", "41.2%"]
    assert "90" in payload["texts"]["ja"]["literals"]
    assert "41.2" not in payload["texts"]["ja"]["literals"]


def test_bundle_has_payload_preview_and_text() -> None:
    bundle = made("retention.f2", Exhibit(samples.f2), lang="en")._repr_mimebundle_()
    assert set(bundle) == {MIME, "text/html", "text/plain"}
    assert bundle["text/plain"].startswith("[slide retention.f2] Only 41.2%")
    assert 'src="data:image/svg+xml;base64,' in bundle["text/html"]
    assert "<svg" not in bundle["text/html"]
    assert "<style" not in bundle["text/html"]


def test_bundle_is_the_same_each_time() -> None:
    bundles = [made("retention.f2", Exhibit(samples.f2))._repr_mimebundle_() for _ in range(2)]
    assert bundles[0] == bundles[1]


def test_preview_escapes_texts() -> None:
    changed = {"slide__retention__f2__title": "1 <script>alert(1)</script>"}
    bundle = made("retention.f2", Exhibit(samples.f2), changed=changed)._repr_mimebundle_()
    assert "<script" not in bundle["text/html"]


def test_variant_takes_its_own_texts_and_the_common_ones() -> None:
    texts = made("retention.f2", Exhibit(samples.f2_table), variant="unfitted").payload["texts"]["en"]
    assert texts["title"] == "No repurchase curve can be fitted: 0 customers bought twice"
    assert texts["points"] == ["First create a reason to buy twice, then measure again in six months"]
    assert texts["source"].startswith("Source: Purchases of 2,357")


def test_a_stake_that_is_not_known_is_no_stake() -> None:
    ledger = samples.ledger()
    ledger.numbers["ltv.point"] = replace(ledger["ltv.point"], value=None, why="too_few")
    with samples.texts():
        texts = Slide("retention.f2", ledger, Exhibit(samples.f2_table)).payload["texts"]
    assert (texts["ja"]["yen"], texts["en"]["yen"]) == ("", "")


def test_labels_may_differ_by_language() -> None:
    changed = {"slide__data__rows__title": "{month} 1"}
    labels = {"month": {"ja": "1997年1月", "en": "January 1997"}}
    texts = made("data.rows", Exhibit(samples.rows_table), labels=labels, changed=changed).payload["texts"]
    assert (texts["ja"]["title"], texts["en"]["title"]) == ("1997年1月 1", "January 1997 1")


def test_unknown_layout_is_refused() -> None:
    with pytest.raises(CrmError, match=r"^slide data\.rows: layout 'wide' is not one of right, full$"):
        made("data.rows", Exhibit(samples.rows_table), layout="wide")


def test_too_many_exhibits_are_refused() -> None:
    with pytest.raises(CrmError, match=r"^slide data\.rows: layout 'full' has no room for 2 exhibits$"):
        made("data.rows", Exhibit(samples.rows_table), Exhibit(samples.rows_table), layout="full")


def test_chart_needs_an_alternative_text() -> None:
    with pytest.raises(CrmError, match=r"^slide data\.rows \(ja\): a chart needs the text slide\.data\.rows\.alt$"):
        made("data.rows", Exhibit(samples.f2))


def test_missing_text_is_an_error() -> None:
    with pytest.raises(CrmError, match=r"^text key 'slide\.data\.columns\.title' is missing in ja$"):
        made("data.columns", Exhibit(samples.rows_table))


def test_label_that_runs_out_of_the_chart_is_noted_and_stops_a_checked_deck() -> None:
    @style.styled
    def draw(*, words: Words) -> Any:
        figure = style.figure()
        figure.text(0.95, 0.5, words.fill("figure.risk") * 5)
        return figure

    payload = made("retention.f2", Exhibit(draw)).payload
    message = r"^slide retention\.f2 \(ja\): the label '観察対象者数.*' runs out of the chart$"
    assert re.match(message, payload["faults"][0])
    with pytest.raises(DataError, match=message[:-1]):
        lint.check(Collected((payload,), samples.ledger(), Findings()))


def test_import_is_light() -> None:
    heavy = "'nbconvert', 'typst', 'matplotlib', 'fontTools', 'ibis'"
    code = f"import sys, crmlib.deck; print([m for m in ({heavy}) if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
