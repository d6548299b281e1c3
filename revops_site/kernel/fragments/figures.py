"""Headline figures as HTML: ``_tiles.html`` prints them with the filter ``figures``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.safestring import SafeString

from revops_site.kernel.fragments.markup import escape, icon

SURE = "Where the value lies with 95% certainty, and how many it rests on"
SPARK = (
    '<dd class="trend"><svg class="spark" viewBox="0 0 100 36" preserveAspectRatio="none" '
    'role="img" aria-label="{label}"><path class="area" d="{path}V36H0Z"/>'
    '<path class="line" d="{path}"/></svg></dd>'
)
BETTER = {"good": "better", "bad": "worse"}


def figures(tiles: Iterable[Mapping[str, Any]]) -> SafeString:
    """Each tile as a list of what is known of its figure; see ``_tiles.html`` for what it holds."""
    return SafeString("".join(map(_figure, tiles)))


def _figure(tile: Mapping[str, Any]) -> str:
    kind = " uncertain" if tile.get("uncertain") else ""
    exact = f' title="{escape(tile["exact"])}"' if tile.get("exact") else ""
    parts = [
        f'<dl class="card kpi{kind}"><dt>{escape(tile["label"])}</dt>',
        f'<dd class="value num"{exact}>{_value(tile)}</dd>',
    ]
    if tile.get("sure"):
        parts.append(f'<dd class="sure num" title="{SURE}">{escape(tile["sure"])}</dd>')
    if tile.get("delta"):
        parts.append(f'<dd class="delta num">{_changed(tile)} {escape(tile.get("base", ""))}</dd>')
    if tile.get("spark"):
        parts.append(SPARK.format_map({name: escape(one) for name, one in tile["spark"].items()}))
    if tile.get("note"):
        parts.append(f'<dd class="note">{escape(tile["note"])}</dd>')
    return f"{''.join(parts)}</dl>"


def _value(tile: Mapping[str, Any]) -> str:
    """The figure, as a link to its explanation where it has one."""
    value = escape(tile["value"])
    if not tile.get("explain_url"):
        return value
    said = f'<span class="vh">: explain {escape(tile["label"])}</span>'
    return f'<a href="{escape(tile["explain_url"])}">{value}{icon("math")}{said}</a>'


def _changed(tile: Mapping[str, Any]) -> str:
    """The change, as a link to the reasons for it where they can be told."""
    said = _delta(tile["delta"])
    if not tile.get("why_url"):
        return said
    asked = f'<span class="vh">: why did {escape(tile["label"])} change?</span>'
    return f'<a class="why" href="{escape(tile["why_url"])}">{said}{asked}</a>'


def _delta(delta: Mapping[str, str]) -> str:
    """How it changed: the way, how far, and whether that is better."""
    tone, way = escape(delta["tone"]), escape(delta["direction"])
    judged = BETTER.get(delta["tone"], "worse") if tone else ""
    word = f'<span class="vh">, {judged}</span>' if judged else ""
    said = f'{icon(way)}<span class="vh">{way} </span>{escape(delta["text"])}{word}'
    return f'<span class="tone {tone}">{said}</span>'
