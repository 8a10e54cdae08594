"""Colours, lines and type of charts in DrawingML: the theme's own colours wherever the house has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from crmlib.deck.office.template import THEME

POINT = 12700
NAMES = {"dk1": "tx1", "lt1": "bg1", "dk2": "tx2", "lt2": "bg2"}
ROLES = {value: NAMES.get(name, name) for name, value in THEME.items() if name not in ("hlink", "folHlink")}
LANGUAGES = {"ja": "ja-JP", "en": "en-US"}
LATIN_SHRINK = 0.95  # Arial runs wider than the font that charts are measured with; Meiryo's kanji do not


def colour(code: str, alpha: float = 1.0) -> str:
    """A colour by its role in the theme, so that the firm's own changes it; else by its code."""
    inside = "" if alpha >= 1 else f'<a:alpha val="{round(alpha * 100000)}"/>'
    if code in ROLES:
        return f'<a:schemeClr val="{ROLES[code]}">{inside}</a:schemeClr>'
    return f'<a:srgbClr val="{code}">{inside}</a:srgbClr>'


def lighter(code: str) -> str:
    """A tint of a colour.

    Example:
        >>> lighter("000000")
        'B2B2B2'
    """
    return "".join(f"{round(255 - (255 - int(code[at : at + 2], 16)) * 0.3):02X}" for at in (0, 2, 4))


def fill(code: str, alpha: float = 1.0) -> str:
    """A ground; none for an empty code."""
    return f"<a:solidFill>{colour(code, alpha)}</a:solidFill>" if code else "<a:noFill/>"


def line(code: str, width: float, dash: str = "", alpha: float = 1.0) -> str:
    """A line; none for an empty code or no width."""
    if not code or width <= 0:
        return "<a:ln><a:noFill/></a:ln>"
    pattern = f'<a:prstDash val="{dash}"/>' if dash and dash != "none" else ""
    return f'<a:ln w="{round(width * POINT)}" cap="rnd">{fill(code, alpha)}{pattern}<a:round/></a:ln>'


def size(points: float, language: str) -> int:
    """Type in hundredths of a point."""
    return round(points * (1.0 if language == "ja" else LATIN_SHRINK) * 10) * 10


def run(look: Mapping[str, Any], language: str, tag: str = "a:rPr") -> str:
    """The look of a text: ``size``, ``bold``, ``colour``."""
    spoken = f' lang="{LANGUAGES[language]}"' if tag == "a:rPr" else ""
    return (
        f'<{tag}{spoken} sz="{size(look["size"], language)}" b="{int(bool(look.get("bold")))}">{fill(look["colour"])}'
        f'<a:latin typeface="+mn-lt"/><a:ea typeface="+mn-ea"/></{tag}>'
    )


def paragraphs(text: str, look: Mapping[str, Any], language: str, align: str = "") -> str:
    """A text as paragraphs, a line each."""
    side = f"<a:pPr algn={quoteattr(align)}/>" if align else ""
    return "".join(
        f"<a:p>{side}<a:r>{run(look, language)}<a:t>{escape(one)}</a:t></a:r></a:p>" for one in text.split("\n")
    )


def text_properties(look: Mapping[str, Any], language: str) -> str:
    """The look of labels that the chart writes itself; never turned."""
    inside = run(look, language, "a:defRPr")
    return f'<c:txPr><a:bodyPr rot="0" vert="horz"/><a:lstStyle/><a:p><a:pPr>{inside}</a:pPr><a:endParaRPr lang="{LANGUAGES[language]}"/></a:p></c:txPr>'
