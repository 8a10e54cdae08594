"""The bundled font cut down to the characters of a deck, as a data URI: selectable text without a font on the machine."""

from __future__ import annotations

import base64
import functools
import io

from fontTools import subset

from crmlib.home import FONTS

FAMILY = "Noto Sans JP"
ALWAYS = "".join(map(chr, range(0x20, 0x7F)))
WEIGHTS = ((400, "Regular"), (700, "Bold"))


def css(text: str) -> str:
    """@font-face rules for the characters of a text."""
    characters = "".join(sorted({*text, *ALWAYS}))
    return "".join(
        f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};'
        f'src:url(data:font/woff;base64,{_subset(name, characters)}) format("woff")}}'
        for weight, name in WEIGHTS
    )


@functools.lru_cache(maxsize=8)
def _subset(name: str, characters: str) -> str:
    options = subset.Options()
    options.flavor = "woff"  # a quarter larger than WOFF2, made in a quarter of the time
    options.layout_features = ["kern", "tnum", "locl"]
    options.hinting = False
    options.recalc_timestamp = False
    buffer = io.BytesIO()
    with subset.load_font(str(FONTS / f"NotoSansJP-{name}.ttf"), options) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(text=characters)
        cutter.subset(font)
        subset.save_font(font, buffer, options)
    return base64.b64encode(buffer.getvalue()).decode()
