"""nbconvert exporters: ``jupyter nbconvert --to deck_pdf x.ipynb`` and JupyterLab's File > Save and Export Notebook As.

One notebook, or a list of them for the merged deck. The language is the trait ``lang``, else the notebook's metadata
``crmlib.lang``, else Japanese.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jinja2 import Environment
from nbconvert.exporters import Exporter, TemplateExporter
from traitlets import Dict, Unicode, default

from crmlib.deck import build, collect
from crmlib.errors import CrmError
from crmlib.home import TEMPLATES
from crmlib.schema import LANGUAGES


class DeckHTMLExporter(TemplateExporter):
    """The deck as one offline HTML file."""

    export_from_notebook = "CRM deck (HTML)"
    output_mimetype = "text/html"
    template_name = Unicode("deck").tag(config=True)
    lang = Unicode("").tag(config=True)
    meta = Dict().tag(config=True)

    @default("file_extension")
    def _extension(self) -> str:
        return ".html"

    @default("template_extension")
    def _template_extension(self) -> str:
        return ".html.j2"

    @default("extra_template_basedirs")  # read while the exporter is being made, so a later assignment is too late
    def _folders(self) -> list[str]:
        return [str(TEMPLATES)]

    def _create_environment(self) -> Environment:
        from crmlib.deck import tips

        environment = super()._create_environment()
        environment.autoescape = True
        environment.filters["marks"] = tips.marks
        return environment

    def from_notebook_node(self, nb: Any, resources: Any = None, **_: Any) -> tuple[str, Any]:
        """The HTML of a notebook or of a list of notebooks."""
        return self.rendered(_deck(nb, self.lang, self.meta)), self._init_resources(resources or {})

    def rendered(self, deck: dict[str, Any]) -> str:
        """The HTML of a laid-out deck."""
        from crmlib.deck import to_html

        return str(self.template.render(resources=to_html.resources(deck)))


class _FileExporter(Exporter):
    """The deck as a file of one form."""

    form = ""
    lang = Unicode("").tag(config=True)
    meta = Dict().tag(config=True)

    @default("file_extension")
    def _extension(self) -> str:
        return f".{self.form}"

    def from_notebook_node(self, nb: Any, resources: Any = None, **_: Any) -> tuple[bytes, Any]:
        """The file of a notebook or of a list of notebooks."""
        return build.printed(_deck(nb, self.lang, self.meta), self.form), self._init_resources(resources or {})


class DeckPDFExporter(_FileExporter):
    """The deck as a tagged PDF."""

    export_from_notebook = "CRM deck (PDF)"
    output_mimetype = "application/pdf"
    form = "pdf"


class DeckPPTXExporter(_FileExporter):
    """The deck as PowerPoint."""

    export_from_notebook = "CRM deck (PowerPoint)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    form = "pptx"


def _deck(nb: Any, lang: str, meta: dict[str, Any]) -> dict[str, Any]:
    notebooks: Sequence[Any] = nb if isinstance(nb, list) else [nb]
    language = lang or notebooks[0].get("metadata", {}).get("crmlib", {}).get("lang", LANGUAGES[0])
    if language not in LANGUAGES:
        raise CrmError(f"language '{language}' is not one of {', '.join(LANGUAGES)}")
    return build.deck(collect.collected(notebooks, meta or None), language)
