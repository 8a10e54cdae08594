"""The deck: executed notebooks in, one offline HTML file, one tagged PDF and one PPTX per language out, and a workbook."""

from crmlib.deck.arrange import told
from crmlib.deck.build import laid_out, render, workbook
from crmlib.deck.collect import Collected, collected, gathered, used_definitions
from crmlib.deck.editing import edited
from crmlib.deck.faults import found, sound
from crmlib.deck.question_sheet import question_sheet
from crmlib.deck.slide import Exhibit, Slide

__all__ = [
    "Collected", "Exhibit", "Slide", "collected", "edited", "found", "gathered", "laid_out",
    "question_sheet", "render", "sound", "told", "used_definitions", "workbook",
]  # fmt: skip
