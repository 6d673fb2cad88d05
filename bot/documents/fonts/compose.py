"""Makes the fonts of this folder from those of the pages: `compose.py <woff2> <ttf>`.

A document's reader (copying, searching, reading aloud) gets the letters of a PDF through its
glyphs. Where a letter is two glyphs, the second set apart from the first, readers repeat or lose
part of it. So each letter of Bahnar and Jrai that Unicode has no single code for becomes one glyph
here, put together as the font itself would place its parts.

Needs fonttools, brotli and uharfbuzz; run by hand when the font changes.
"""

from __future__ import annotations

import sys
from io import BytesIO
from typing import Any

BREVE = "\u0306"
BASES = "âêôơưÂÊÔƠƯ"


def compose(woff2: str, ttf: str) -> None:
    """Write the font with one glyph for each of `BASES` with a breve."""
    import uharfbuzz as hb
    from fontTools.otlLib.builder import buildLigatureSubstSubtable, buildLookup
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont

    font = TTFont(woff2)
    font.flavor = None
    plain = BytesIO()
    font.save(plain)
    shaper = hb.Font(hb.Face(plain.getvalue()))
    cmap, order = font.getBestCmap(), font.getGlyphOrder()
    ligatures: dict[tuple[str, ...], str] = {}
    for base in BASES:
        buffer = hb.Buffer()
        buffer.add_str(base + BREVE)
        buffer.guess_segment_properties()
        hb.shape(shaper, buffer)
        names = [order[info.codepoint] for info in buffer.glyph_infos]
        name = f"{names[0]}_breve"
        pen, x = TTGlyphPen(font.getGlyphSet()), 0
        for part, position in zip(names, buffer.glyph_positions, strict=True):
            pen.addComponent(part, (1, 0, 0, 1, x + position.x_offset, position.y_offset))
            x += position.x_advance
        font["glyf"][name] = pen.glyph()
        font["hmtx"][name] = font["hmtx"][names[0]]
        ligatures[(cmap[ord(base)], cmap[ord(BREVE)])] = name
    _keep_whole(font)
    _first(font, buildLookup([buildLigatureSubstSubtable(ligatures)]))
    if "GDEF" in font and font["GDEF"].table.GlyphClassDef:
        font["GDEF"].table.GlyphClassDef.classDefs |= dict.fromkeys(ligatures.values(), 1)
    for hinting in ("fpgm", "prep", "cvt ", "gasp", "hdmx", "VDMX", "LTSH"):
        if hinting in font:
            del font[hinting]
    font.save(ttf)


def _keep_whole(font: Any) -> None:
    """Letters that have a code stay one glyph; the font takes some (ị, ụ) apart."""
    letters = set(font.getBestCmap().values())
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for subtable in lookup.SubTable:
            inner = getattr(subtable, "ExtSubTable", subtable)
            if type(inner).__name__ == "MultipleSubst":
                kept = {name: to for name, to in inner.mapping.items() if name not in letters}
                inner.mapping = kept


def _first(font: Any, lookup: Any) -> None:
    """Put a lookup before all others and into every `ccmp` feature."""
    table = font["GSUB"].table
    table.LookupList.Lookup.insert(0, lookup)
    for other in table.LookupList.Lookup[1:]:
        for subtable in other.SubTable:
            _shift(subtable)
    for record in table.FeatureList.FeatureRecord:
        indices = [index + 1 for index in record.Feature.LookupListIndex]
        record.Feature.LookupListIndex = [0, *indices] if record.FeatureTag == "ccmp" else indices


def _shift(value: Any) -> None:
    """Lookups that call others by number call the same ones as before."""
    if isinstance(value, list):
        for item in value:
            _shift(item)
    elif hasattr(value, "__dict__"):
        if type(value).__name__ == "SubstLookupRecord":
            value.LookupListIndex += 1
            return
        for item in vars(value).values():
            _shift(item)


if __name__ == "__main__":
    compose(*sys.argv[1:])
