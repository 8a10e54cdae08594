"""`Slide`: one page of the deck as a cell's output, in both languages.

A slide reads its texts from the catalogue below ``slide.<id>.``: title, head, points, source, alt, notes, definition,
and where they apply yen, head2 (of the table in the right panel) and a suffix ``_<variant>`` to any of them.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Any, TypedDict, Unpack

from crmlib.deck import svg
from crmlib.errors import CrmError
from crmlib.figures.table import Table
from crmlib.numbers.model import PARTS, Ledger, Value
from crmlib.schema import LANGUAGES
from crmlib.text import PLACEHOLDER, Words

MIME = "application/vnd.crmlib.slide+json"
SCHEMA = 1
LAYOUTS = ("right", "full")
OPTIONAL = ("yen", "notes", "definition", "source", "alt")
APPENDIX = "appendix"

DIGITS = re.compile(r"\d[\d,.]*")

Label = str | Mapping[str, str]


class Options(TypedDict, total=False):
    """How a slide differs from the usual one (see `Slide`)."""

    variant: str
    layout: str
    section: str
    labels: Mapping[str, Label]
    lang: str


@dataclass(frozen=True)
class Exhibit:
    """A chart or a table of a slide: drawn once per language as ``draw(*data, words=words)``.

    Args:
        draw: Function that returns a matplotlib Figure or a `Table`.
        data: What it draws.
    """

    draw: Callable[..., Any]
    data: tuple[Any, ...]

    def __init__(self, draw: Callable[..., Any], *data: Any) -> None:
        object.__setattr__(self, "draw", draw)
        object.__setattr__(self, "data", data)


class _Recorder(Words):
    """Words that remember which texts were asked for: their literal digits and ledger keys are the slide's."""

    def __init__(self, language: str, ledger: Ledger) -> None:
        super().__init__(language)
        self.ledger = ledger
        self.templates: list[str] = []
        self.asked_money = False

    def raw(self, key: str) -> str | tuple[str, ...]:
        text = super().raw(key)
        self.templates += [text] if isinstance(text, str) else text
        return text

    def money(self, value: Value, currency: str) -> str:
        self.asked_money = True
        return super().money(value, currency)

    def literals(self) -> list[str]:
        return sorted({t for text in self.templates for t in DIGITS.findall(PLACEHOLDER.sub("\0", text))})

    def used(self) -> list[str]:
        names = [match[1] for text in self.templates for match in PLACEHOLDER.finditer(text) if match[2]]
        return [_key(name, self.ledger) for name in names]


def _key(reference: str, ledger: Ledger) -> str:
    head, _, part = reference.rpartition(".")
    return head if reference not in ledger and part in PARTS else reference


class Slide:
    """One page: an action title, an exhibit, so-whats, source and footnote.

    Args:
        slide_id: Text keys begin with ``slide.<slide_id>.``; its first word names the section.
        ledger: Where the texts' numbers come from.
        exhibits: The chart (or table), and for the layout "right" a small table above the so-whats.
        options: ``variant``: suffix of the texts that fit the result, e.g. "positive" or "unfitted".
            ``layout``: "right" (so-what panel on the right) or "full" (exhibit over the width, so-what below).
            ``section``: text key below ``slide.section.``; the id's first word when left out.
            ``labels``: plain locals of the texts (a cohort's month), one for both languages or one each.
            ``lang``: language of the preview in the notebook.

    A label that runs out of the chart is noted in the payload (``faults``): such a page is left out of the deck by name.

    Raises:
        CrmError: A text, number or layout is missing or unknown.
    """

    def __init__(self, slide_id: str, ledger: Ledger, *exhibits: Exhibit, **options: Unpack[Options]) -> None:
        layout = options.get("layout", "right")
        if layout not in LAYOUTS:
            raise CrmError(f"slide {slide_id}: layout '{layout}' is not one of {', '.join(LAYOUTS)}")
        if len(exhibits) > (2 if layout == "right" else 1):
            raise CrmError(f"slide {slide_id}: layout '{layout}' has no room for {len(exhibits)} exhibits")
        self.id, self.lang = slide_id, options.get("lang", "ja")
        section = options.get("section") or slide_id.split(".", maxsplit=1)[0]
        self.payload: dict[str, Any] = {"schema": SCHEMA, "id": slide_id, "layout": layout, "section": section}
        self.payload |= {"variant": options.get("variant", ""), "faults": [], "texts": {}, "exhibits": {}}
        for language in LANGUAGES:
            words = _Recorder(language, ledger)
            self.payload["texts"][language] = self._texts(words, ledger, options)
            recorders = [_Recorder(language, ledger) for _ in exhibits]
            self.payload["exhibits"][language] = [
                self._exhibit(index, exhibit, one)
                for index, (exhibit, one) in enumerate(zip(exhibits, recorders, strict=True))
            ]
            keys = sorted({key for one in (words, *recorders) for key in one.used()})
            self.payload["numbers"] = {key: asdict(ledger[key]) for key in keys if key in ledger}
            told = any(number["unit"] == "money" for number in self.payload["numbers"].values())
            self.payload["money"] = told or any(one.asked_money for one in recorders)

    def _texts(self, words: _Recorder, ledger: Ledger, options: Options) -> dict[str, Any]:
        labels, variant = options.get("labels", {}), options.get("variant", "")
        local = {k: v if isinstance(v, str) else v[words.language] for k, v in labels.items()}

        def text(name: str) -> str:
            key = self._text_key(words, name, variant)
            return words.fill(key, ledger, **local) if key in words else ""

        points = self._text_key(words, "points", variant)
        texts: dict[str, Any] = {name: text(name) for name in OPTIONAL}
        texts["yen"] = texts["yen"] if self._priced(words, ledger, variant) else ""
        texts["title"] = words.fill(self._text_key(words, "title", variant), ledger, **local)
        texts["points"] = list(words.fill_all(points, ledger, **local)) if points in words else []
        texts["section"] = words.fill(f"slide.section.{self.payload['section']}")
        texts["heads"] = [text("head"), text("head2")]
        texts["literals"] = sorted({*words.literals(), *(t for v in local.values() for t in DIGITS.findall(v))})
        return texts

    def _priced(self, words: Words, ledger: Ledger, variant: str) -> bool:
        """Whether every number of the money line is known: a stake with a dash in it is none."""
        key = self._text_key(words, "yen", variant)
        names = [match[1] for match in PLACEHOLDER.finditer(str(words.raw(key))) if match[2]] if key in words else []
        return all(ledger.part(name)[1] is not None for name in names)

    def _text_key(self, words: Words, name: str, variant: str) -> str:
        varied = f"slide.{self.id}.{name}_{variant}"
        return varied if variant and varied in words else f"slide.{self.id}.{name}"

    def _exhibit(self, index: int, exhibit: Exhibit, words: _Recorder) -> dict[str, Any]:
        drawn = exhibit.draw(*exhibit.data, words=words)
        shared = {"literals": words.literals()}
        if isinstance(drawn, Table):
            return shared | _table(drawn)
        return shared | self._figure(index, drawn, words.language)

    def _figure(self, index: int, figure: Any, language: str) -> dict[str, Any]:
        from crmlib.figures import export, reading

        if not self.payload["texts"][language]["alt"]:
            raise CrmError(f"slide {self.id} ({language}): a chart needs the text slide.{self.id}.alt")
        drawn = export.svg(figure)
        cut = export.clipped(figure)
        if cut:
            self.payload["faults"].append(f"slide {self.id} ({language}): the label '{cut[0]}' runs out of the chart")
        width, height = map(float, figure.get_size_inches())
        drawing = svg.cleaned(drawn, f"{self.id.replace('.', '-')}-{index}-{language}")
        native = reading.payload(figure)
        return {
            "kind": "figure",
            "svg": drawing,
            "width": width,
            "height": height,
            **({"native": native} if native else {}),
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:  # noqa: ARG002
        title = self.payload["texts"][self.lang]["title"]
        return {MIME: self.payload, "text/html": self._preview(), "text/plain": f"[slide {self.id}] {title}"}

    def _preview(self) -> str:
        """The slide for JupyterLab: inline styles and pictures only, which its sanitiser leaves in untrusted notebooks."""
        texts, exhibits = self.payload["texts"][self.lang], self.payload["exhibits"][self.lang]
        shown = [
            f'<p style="font-weight:bold;margin:4px 0">{escape(head)}</p>{self._shown(exhibit, texts["alt"])}'
            for head, exhibit in zip(texts["heads"], exhibits, strict=False)
        ]
        points = "".join(f"<li>{escape(point)}</li>" for point in texts["points"])
        cell = 'style="vertical-align:top;text-align:left'
        return (
            '<div style="border:1px solid #B8C2CA;border-top:4px solid #0B5C8C;padding:14px 20px;max-width:1080px;'
            f'background:#fff;color:#14212B"><h3 style="margin:0 0 8px">{escape(texts["title"])}</h3>'
            f'<table style="width:100%"><tr><td {cell};width:68%">{"".join(shown[:1])}</td>'
            f'<td {cell}">{"".join(shown[1:])}<ul>{points}</ul><p>{escape(texts["yen"])}</p></td></tr></table>'
            f'<p style="color:#66727C;font-size:11px;margin:6px 0 0">{escape(texts["source"])}</p></div>'
        )

    def _shown(self, exhibit: Mapping[str, Any], alt: str) -> str:
        if exhibit["kind"] == "figure":
            picture = exhibit["svg"].replace("'Noto Sans JP'", "'Noto Sans JP',sans-serif")  # an <img> has no web fonts
            data = base64.b64encode(picture.encode("utf-8")).decode()
            return f'<img alt="{escape(alt)}" style="width:100%" src="data:image/svg+xml;base64,{data}">'
        rows: Sequence[Sequence[str]] = [exhibit["columns"], *exhibit["rows"]]
        lines = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
        return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def _table(table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "columns": list(table.columns),
        "rows": [list(row) for row in table.rows],
        "highlight": list(table.highlight),
        "widths": list(table.widths),
        "left": table.left,
        "cut": table.cut,
    }
