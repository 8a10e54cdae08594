"""The deck: executed notebooks in, one offline HTML file and one tagged PDF per language out."""

from crmlib.deck.build import render
from crmlib.deck.collect import Collected, collected, gathered, used_definitions
from crmlib.deck.slide import Exhibit, Slide

__all__ = ["Collected", "Exhibit", "Slide", "collected", "gathered", "render", "used_definitions"]
