"""The deck: executed notebooks in, one offline HTML file, one tagged PDF and one PPTX per language out, and a workbook."""

from crmlib.deck.arrange import told
from crmlib.deck.build import render, workbook
from crmlib.deck.collect import Collected, collected, gathered, used_definitions
from crmlib.deck.editing import edited
from crmlib.deck.question_sheet import question_sheet
from crmlib.deck.slide import Exhibit, Slide

__all__ = [
    "Collected", "Exhibit", "Slide", "collected", "edited", "gathered", "question_sheet", "render", "told", "used_definitions",
    "workbook",
]  # fmt: skip
