"""Writes the fonts of reports on paper: Inter for European languages, as TrueType, without hints.

Usage: python3 paper_fonts.py FOLDER-OF-WOFF2 FOLDER. Needs fonttools and brotli of PyPI.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font  # type: ignore[import-not-found]
from fontTools.ttLib import TTFont  # type: ignore[import-not-found]

RANGES = (
    *((0x20, 0x7E), (0xA0, 0x24F), (0x259, 0x259), (0x2BB, 0x2BC), (0x2C6, 0x2DD), (0x300, 0x304)),
    *((0x306, 0x30C), (0x370, 0x3FF), (0x400, 0x4FF), (0x1E00, 0x1EFF), (0x2000, 0x206F)),
    *((0x2070, 0x208E), (0x20A0, 0x20C0), (0x2116, 0x2116), (0x2122, 0x2122), (0x2190, 0x2199)),
    *((0x2212, 0x2212), (0x2215, 0x2215), (0x2248, 0x2248), (0x2260, 0x2260), (0x2264, 0x2265)),
    *((0x25A0, 0x25CF), (0xFFFD, 0xFFFD)),
)
FEATURES = ["kern", "tnum", "ccmp", "mark", "mkmk", "locl"]
KEPT, WINDOWS, UNICODE, ENGLISH = {0, 3, 5, 6, 13, 14}, 3, 1, 0x409


def main(source: Path, target: Path) -> None:
    """Write both weights."""
    for weight in ("Regular", "SemiBold"):
        options = Options(layout_features=FEATURES, hinting=False, desubroutinize=True)
        font: TTFont = load_font(str(source / f"Inter-{weight}.woff2"), options)
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=[one for a, b in RANGES for one in range(a, b + 1)])
        subsetter.subset(font)
        name(font, weight)
        font.flavor = None
        font.save(target / f"Inter-{weight}.ttf")


def name(font: TTFont, weight: str) -> None:
    """Call both weights one family, by which pictures find them."""
    table = font["name"]
    table.names = [one for one in table.names if one.nameID in KEPT]
    alone = "Inter" if weight == "Regular" else f"Inter {weight}"
    said = {1: alone, 2: "Regular", 4: f"Inter {weight}", 16: "Inter", 17: weight}
    for number, text in said.items():
        table.setName(text, number, WINDOWS, UNICODE, ENGLISH)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
