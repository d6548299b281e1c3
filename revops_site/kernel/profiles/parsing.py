"""A profile's TOML, read: what is not understood is an error with its place, never left aside."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import fields
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from revops_site.kernel.profiles import entries, shapes
from revops_site.kernel.profiles.entries import TOO_LONG
from revops_site.kernel.profiles.errors import ProfileError, unknown
from revops_site.kernel.profiles.profile import (
    DECIMALS,
    THOUSANDS,
    Lookup,
    Profile,
)
from revops_site.kernel.profiles.sources import sources
from revops_site.kernel.reading import Layout

LONGEST = 200_000
TOP = ("dataset", "repeats", "nulls", "others", "file", "dates", "numbers", "columns", "lookups")
LAYOUT = tuple(field.name for field in fields(Layout))


def parse(text: str, folder: Path | None = None) -> Profile:
    """The profile that a TOML text says, or ProfileError; files of lookups are in ``folder``."""
    if len(text) > LONGEST:
        raise ProfileError(f"the profile is longer than {LONGEST} characters")
    said = _said(text)
    entries.known("the profile", said, TOP)
    dates = _table(said, "dates", ("formats", "zone"))
    numbers = _table(said, "numbers", ("decimal", "thousands"))
    file = _table(said, "file", (*LAYOUT, "drop", "headers_again"))
    columns = sources(_table(said, "columns"))
    lookups = {name: _lookup(name, one) for name, one in _table(said, "lookups").items()}
    for name, source in columns.items():
        if source.lookup and source.lookup not in lookups:
            raise unknown(f"columns.{name}.lookup", "lookup", source.lookup, lookups)
    others = "leave" if "columns" in said else "match"
    profile = Profile(
        dataset=entries.text("dataset", said.get("dataset", "")),
        layout=_layout({name: file[name] for name in LAYOUT if name in file}),
        columns=columns,
        others=entries.one_of("others", said.get("others", others), ("match", "leave")),  # type: ignore[arg-type]
        repeats=entries.one_of("repeats", said.get("repeats", "keep"), ("keep", "drop")),  # type: ignore[arg-type]
        nulls=entries.texts("nulls", said.get("nulls", [])),
        drop=entries.texts("file.drop", file.get("drop", [])),
        headers_again=entries.one_of(  # type: ignore[arg-type]
            "file.headers_again", file.get("headers_again", "drop"), ("keep", "drop")
        ),
        formats=entries.formats("dates.formats", dates.get("formats", [shapes.ISO])),
        zone=_zone(dates.get("zone", "")),
        decimal=entries.one_of("numbers.decimal", numbers.get("decimal", "."), DECIMALS),
        thousands=entries.one_of("numbers.thousands", numbers.get("thousands", ""), THOUSANDS),
        lookups=lookups,
        folder=folder,
    )
    if profile.decimal == profile.thousands:
        raise ProfileError(f'numbers: decimal and thousands are both "{profile.decimal}"')
    return profile


def _said(text: str) -> dict[str, Any]:
    try:
        said = tomllib.loads(text, parse_float=Decimal)
        entries.short_numbers("", said)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"the profile is not TOML: {error}") from None
    except RecursionError:
        raise ProfileError("the profile is not TOML: nested too deep") from None
    except ProfileError:
        raise
    except (ValueError, ArithmeticError):  # of a number that Python itself will not read
        raise ProfileError(f"the profile has {TOO_LONG}") from None
    return said


def _table(said: Mapping[str, Any], place: str, known: Collection[str] = ()) -> dict[str, Any]:
    table = said.get(place, {})
    if not isinstance(table, dict):
        raise ProfileError(f"{place}: is not a table like [{place}]")
    if known:
        entries.known(place, table, known)
    return table


def _layout(said: dict[str, Any]) -> Layout:
    try:
        return Layout.of(said)
    except (ValueError, TypeError) as error:
        raise ProfileError(f"file: {error}") from None


def _zone(said: Any) -> str:
    zone = entries.text("dates.zone", said)
    try:
        if zone:
            ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        says = f'"{zone}" is no time zone; try one like "America/New_York" or "UTC"'
        raise ProfileError(f"dates.zone: {says}") from None
    return zone


def _lookup(name: str, said: Any) -> Lookup:
    place = f"lookups.{name}"
    if not isinstance(said, dict):
        raise ProfileError(f"{place}: is not a table with file and key")
    entries.known(place, said, ("file", "key"))
    for needed in ("file", "key"):
        if not said.get(needed):
            raise ProfileError(f"{place}: {needed} is missing")
    file = entries.text(f"{place}.file", said["file"])
    path = PurePosixPath(file.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in file or "\0" in file:
        raise ProfileError(f'{place}.file: "{file}" leads out of the folder')
    return Lookup(file, entries.text(f"{place}.key", said["key"]))
