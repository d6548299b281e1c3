"""The colours of paper: those of the light theme, by the tokens that figures are painted with."""

from __future__ import annotations

PAINTS = {
    "c1": "#2456d6",
    "c2": "#9c094f",
    "c3": "#8a8dcc",
    "c4": "#189379",
    "c5": "#df3f53",
    "c6": "#899316",
    "other": "#717d95",
    "good": "#0b7a3b",
    "bad": "#b42318",
    "warn": "#8a5a00",
    "text": "#101b30",
    "muted": "#4c5a75",
    "line": "#dbe1ec",
    "control": "#77839a",
    "surface": "#ffffff",
}


def paint(token: str) -> tuple[str, float]:
    """The colour of a token such as ``--c1/35``, and how opaque it is."""
    name, _, share = token.removeprefix("--").partition("/")
    return PAINTS.get(name, PAINTS["c1"]), int(share) / 100 if share else 1.0


def filled(token: str) -> dict[str, str | float]:
    """What fills a shape with a token."""
    colour, opacity = paint(token)
    return {"fill": colour, **({"fill_opacity": opacity} if opacity < 1 else {})}


def drawn(token: str, width: float) -> dict[str, str | float]:
    """What draws a line with a token."""
    colour, opacity = paint(token)
    more: dict[str, str | float] = {"stroke_opacity": opacity} if opacity < 1 else {}
    return {"stroke": colour, "stroke_width": width, "fill": "none", **more}
