"""edit.yaml, the consultant's hand: pages in another order, dropped, retitled or annotated; the firm's name, logo and colour."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from crmlib import yaml_text
from crmlib.config import InsidePath
from crmlib.errors import ConfigError, Problem, did_you_mean
from crmlib.validation import validated

FILE_NAME = "edit.yaml"
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
LEAST_CONTRAST = 4.5  # of text on white: WCAG 2, level AA


PNG, LARGEST_LOGO = b"\x89PNG\r\n\x1a\n", 500_000


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Strict):
    """A text in both languages; numbers stand in it as ledger keys: {retention.f2_km.90d:pct}."""

    ja: Annotated[str, Field(min_length=1, max_length=400)]
    en: Annotated[str, Field(min_length=1, max_length=400)]


def _colour(value: str) -> str:
    if not COLOUR.fullmatch(value):
        raise ValueError(f"'{value}' is not a colour, written #RRGGBB")
    if contrast(value) < LEAST_CONTRAST:
        raise ValueError(
            f"'{value}' is too pale to be read on white (contrast {contrast(value):.1f}, at least {LEAST_CONTRAST})"
        )
    return value.upper()


def contrast(colour: str) -> float:
    """Contrast of a colour with white.

    Source: WCAG 2.2, relative luminance and contrast ratio.

    Example:
        >>> round(contrast("#000000"), 1), round(contrast("#FFFFFF"), 1)
        (21.0, 1.0)
    """
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


class Page(_Strict):
    """What is changed on one page."""

    title: Text | None = None
    note: Text | None = None  # one more point


class Firm(_Strict):
    """Whose report it is."""

    name: Text | None = None
    logo: InsidePath | None = None  # a PNG in the client's folder
    colour: Annotated[str, AfterValidator(_colour)] | None = None
    disclaimer: Text | None = None


class Edit(_Strict):
    """Changes to a deck.

    `order` names pages that come first within the deck's body, in that order; `drop` those that are left out.
    """

    title: Text | None = None
    order: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    pages: Mapping[str, Page] = {}
    firm: Firm = Firm()


def load(folder: Path) -> Edit:
    """The edits of a client's folder; none when there is no edit.yaml.

    Raises:
        ConfigError: every problem of the file at once, with its line.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return Edit()
    try:
        document = yaml_text.parse(path.read_text("utf-8-sig"), FILE_NAME)
    except UnicodeDecodeError as error:
        raise ConfigError(Problem(f"is not UTF-8 (byte {error.start})", FILE_NAME, hint="Save it as UTF-8.")) from None
    return validated(Edit, document.tree or {}, document, FILE_NAME)


def logo(edit: Edit, folder: Path) -> bytes:
    """The firm's logo, empty without one.

    Args:
        edit: The edits.
        folder: The client's folder, in which the file lies.

    Raises:
        ConfigError: no such file, no PNG, or too large.
    """
    if edit.firm.logo is None:
        return b""
    path = folder / edit.firm.logo
    content = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
    if not content.startswith(PNG) or len(content) > LARGEST_LOGO:
        what = f"firm.logo: '{edit.firm.logo}' is not a PNG file of at most {LARGEST_LOGO // 1000:,} kB in the client's folder"
        raise ConfigError(Problem(what, FILE_NAME, hint="Save the logo as PNG beside client.yaml."))
    return content


def check(edit: Edit, known: list[str]) -> None:
    """Every page that an edit names must be in the deck.

    Raises:
        ConfigError: all that are not, at once.
    """
    named = [*edit.order, *edit.drop, *edit.pages]
    problems = [
        Problem(f"there is no page '{name}'", FILE_NAME, hint=did_you_mean(name, known))
        for name in dict.fromkeys(named)
        if name not in known
    ]
    twice = sorted({name for name in edit.order if edit.order.count(name) > 1} | set(edit.order) & set(edit.drop))
    problems += [Problem(f"page '{name}' is named twice in order: and drop:", FILE_NAME) for name in twice]
    if problems:
        raise ConfigError(problems)
