"""Elements of SVG, and about how wide their texts are; no text of anybody's is ever markup."""

from __future__ import annotations

from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

Value: TypeAlias = str | float | int

FONT = 8.0
WIDE, NARROW = set("mwMW%@—…"), set("iljtfrI.,:;'|!()[] -·")
UPPER, WIDER = 0.69, 0.93
EVEN = set("0123456789$€£+−")


def element(name: str, text: str | None = None, /, **attributes: Value) -> str:
    """One element; ``stroke_width`` is written ``stroke-width``, numbers without noise."""
    said = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_written(value))}"
        for key, value in attributes.items()
    )
    return f"<{name}{said}/>" if text is None else f"<{name}{said}>{_plain(text)}</{name}>"


def text(said: str, x: float, y: float, **attributes: Value) -> str:
    """A line of text, its baseline at ``y``."""
    style: dict[str, Value] = {"font_size": FONT, "fill": "#4c5a75", **attributes}
    return element("text", said, x=x, y=y, font_family="Inter", **style)


def width(said: str, size: float = FONT) -> float:
    """About how wide a text is; rather too wide than too narrow."""
    return size * sum(map(_wide, said))


def shortened(said: str, most: float, size: float = FONT) -> str:
    """The text, or as much of its beginning as has room."""
    if width(said, size) <= most:
        return said
    while said and width(f"{said}…", size) > most:
        said = said[:-1]
    return f"{said.rstrip()}…"


def whole(parts: list[str], wide: float, high: float) -> str:
    """A picture of these elements."""
    size = f'width="{wide:g}" height="{high:g}" viewBox="0 0 {wide:g} {high:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'


def _wide(one: str) -> float:
    if one in WIDE:
        return WIDER
    if one in NARROW:
        return 0.34
    return UPPER if one.isupper() else 0.66 if one in EVEN else 0.62


def _plain(said: str) -> str:
    """What may stand in XML at all, with its marks escaped."""
    return escape("".join(one if one.isprintable() else " " for one in said))


def _written(value: Value) -> str:
    return value if isinstance(value, str) else f"{round(value, 2):g}"
