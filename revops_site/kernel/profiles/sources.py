"""The columns of a profile's TOML: where each comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from revops_site.kernel.profiles import entries, expressions
from revops_site.kernel.profiles.errors import ProfileError
from revops_site.kernel.profiles.profile import UNITS, Source

ORIGINS = ("from", "constant", "expression")
SOURCE = (
    *(*ORIGINS, "lookup", "column", "unit", "symbol", "formats", "values", "otherwise"),
    "default",
)
ONLY_FROM = ("unit", "symbol", "lookup", "column")


def sources(said: Mapping[str, Any]) -> dict[str, Source]:
    return {name: _source(f"columns.{name}", one) for name, one in said.items()}


def _source(place: str, said: Any) -> Source:
    if isinstance(said, str):
        said = {"from": said}
    if not isinstance(said, dict):
        raise ProfileError(
            f'{place}: is neither a header in quotes nor a table like {{ from = "…" }}'
        )
    entries.known(place, said, SOURCE)
    origins = [name for name in ORIGINS if name in said]
    if len(origins) != 1:
        found = " and ".join(origins) or "none"
        raise ProfileError(f"{place}: needs one of {', '.join(ORIGINS)}, and has {found}")
    if origins != ["from"]:
        for name in ONLY_FROM if origins == ["expression"] else [*SOURCE[3:]]:
            if name in said:
                raise ProfileError(f'{place}: "{name}" does not go with {origins[0]}')
    for one, other in (("lookup", "column"), ("column", "lookup")):
        if one in said and other not in said:
            raise ProfileError(f"{place}: {one} needs {other} beside it")
    if not isinstance(said.get("symbol", False), bool):
        raise ProfileError(f"{place}.symbol: is neither true nor false")
    values = said.get("values", {})
    if not isinstance(values, dict):
        raise ProfileError(f'{place}.values: is not a table like {{ Won = "won" }}')
    header = entries.text(f"{place}.from", said.get("from", ""))
    if origins == ["from"] and not header.strip():
        raise ProfileError(f'{place}: names no header; {{ constant = "" }} leaves it empty')
    expression = entries.text(f"{place}.expression", said.get("expression", ""))
    if origins == ["expression"]:
        expressions.check(expression, f"{place}.expression")
    optional = {
        name: entries.plain(f"{place}.{name}", said[name]) if name in said else None
        for name in ("constant", "otherwise", "default")
    }
    return Source(
        header=header,
        expression=expression,
        lookup=entries.text(f"{place}.lookup", said.get("lookup", "")),
        column=entries.text(f"{place}.column", said.get("column", "")),
        unit=entries.one_of(f"{place}.unit", said["unit"], tuple(UNITS)) if "unit" in said else "",
        symbol=said.get("symbol", False),
        formats=entries.formats(f"{place}.formats", said["formats"]) if "formats" in said else (),
        values={
            cell: entries.plain(f"{place}.values.{cell}", code) for cell, code in values.items()
        },
        **optional,
    )
