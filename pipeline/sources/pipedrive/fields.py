"""Custom fields of deals that an admin has said to be one of our columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.datasets import PIPELINE_DEALS
from pipeline.sources.pipedrive import cells
from revops_site.kernel.sources import Lookup, Raw, Settings

COLUMNS = (
    *("segment", "region", "source_channel", "forecast_category", "manager_name"),
    *("discount_pct", "has_champion", "has_economic_buyer"),
)


@dataclass(frozen=True)
class Field:
    """A custom field: its key, the column it fills, and what its options are called."""

    key: str
    column: str
    options: Mapping[str, str]


def columns(lookup: Lookup, settings: Settings) -> list[Field]:
    """The custom fields that fill a column."""
    said = {
        key: column
        for key, column in settings.mapping.get("fields", {}).items()
        if column in COLUMNS
    }
    known = lookup("deal_fields", list(said), ("options",)) if said else {}
    return [Field(key, column, _options(known.get(key))) for key, column in said.items()]


def values(raw: Raw, custom: list[Field]) -> dict[str, str | None]:
    """What a deal's custom fields say, by column; what a column cannot hold is not said."""
    own = raw.get("custom_fields")
    own = own if isinstance(own, dict) else {}
    return {one.column: _fitting(one.column, _said(own.get(one.key), one)) for one in custom}


def _said(value: Any, field: Field) -> str | None:
    if isinstance(value, dict):
        value = value.get("label", value.get("value", value.get("id")))
    if isinstance(value, list):
        return ", ".join(said for one in value if (said := _said(one, field))) or None
    if isinstance(value, bool):
        return cells.flag(value)
    plain = cells.text(value)
    return field.options.get(plain, plain) if plain else None


def _fitting(name: str, value: str | None) -> str | None:
    """A choice or yes and no in any of its spellings; else nothing is said."""
    column = PIPELINE_DEALS.column(name)
    if value is None or not column.spellings:
        return value
    known = {one.lower() for code, more in column.spellings.items() for one in (code, *more)}
    return value if value.strip().lower() in known else None


def _options(field: Raw | None) -> dict[str, str]:
    found = field.get("options") if field else None
    options = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return {
        id_: label
        for one in options
        if (id_ := cells.text(one.get("id"))) and (label := cells.text(one.get("label")))
    }
