"""docs/images/deck_ja.png and deck_en.png: a contact sheet of the sample's newest deck, the body's pages. `python -m crmlib.run.pictures`."""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image

from crmlib import config_file, deck
from crmlib.deck import to_pdf
from crmlib.home import CLIENT_DATA, ROOT
from crmlib.run import manifest, outputs
from crmlib.schema import DIAGNOSTICS, LANGUAGES

COLUMNS, GAP, PPI, COLOURS = 5, 6, 32, 128
GROUND = (140, 152, 162)


def contact_sheet(pages: list[bytes]) -> bytes:
    """Pages as one PNG of few colours, row by row.

    Args:
        pages: PNGs of one size.
    """
    pictures = [Image.open(io.BytesIO(page)).convert("RGB") for page in pages]
    width, height = pictures[0].width + GAP, pictures[0].height + GAP
    rows = -(-len(pictures) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * width + GAP, rows * height + GAP), GROUND)
    for place, picture in enumerate(pictures):
        sheet.paste(picture, (GAP + place % COLUMNS * width, GAP + place // COLUMNS * height))
    content = io.BytesIO()
    sheet.quantize(COLOURS, dither=Image.Dither.NONE).save(content, "PNG", optimize=True)
    return content.getvalue()


def main(folder: Path = CLIENT_DATA / "sample") -> None:
    """Write both pictures from the newest run of a client."""
    run = manifest.chosen(folder / "runs", "")
    client = config_file.load(folder, manifest.read(run)["as_of"])
    done = [path for name in DIAGNOSTICS if (path := run / "notebooks" / f"{name}.ipynb").is_file()]
    parts = outputs.collected(done, client)
    for language in LANGUAGES:
        made = deck.laid_out(parts, language)
        body = sum(not page["appendix"] for page in made["slides"]) + len(made["fronts"]) + 1
        target = ROOT / "docs" / "images" / f"deck_{language}.png"
        target.write_bytes(contact_sheet(to_pdf.pictures(made, PPI)[:body]))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
