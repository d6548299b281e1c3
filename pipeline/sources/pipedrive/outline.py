"""What of a company's Pipedrive is told what it means here: stages, pipelines, users, fields."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from pipeline.sources.pipedrive import cells
from pipeline.sources.pipedrive.fields import COLUMNS
from revops_site.kernel.sources import Raw

__all__ = ["COLUMNS", "ENTITIES", "HOME", "Outline", "changed", "outline"]

ENTITIES = ("users", "pipelines", "stages", "deal_fields")
HOME = "pipedrive.com"
Outline: TypeAlias = dict[str, list[dict[str, Any]]]
# What a webhook calls a kind of record.
CALLED = {
    "deal": "deals",
    "person": "persons",
    "organization": "organizations",
    "activity": "activities",
    "pipeline": "pipelines",
    "stage": "stages",
    "user": "users",
}


def outline(records: Mapping[str, Sequence[Raw]]) -> Outline:
    """What there is to map, of the records by entity; as plain values.

    ``pipelines`` {id, name}, ``stages`` {id, name, pipeline, probability}, ``users`` {id, name,
    email, is_active}, ``fields`` {id, name, kind}.
    """
    pipelines = [_named(one, "Pipeline") for one in _ordered(records.get("pipelines", ()))]
    names = {one["id"]: one["name"] for one in pipelines}
    stages = [_stage(one, names) for one in _ordered(records.get("stages", ()))]
    places = {name: nth for nth, name in enumerate(names.values())}
    return {
        "pipelines": pipelines,
        "stages": sorted(stages, key=lambda one: places.get(one["pipeline"], len(places))),
        "users": [
            _named(one, "User")
            | {
                "email": cells.text(one.get("email")) or "",
                "is_active": one.get("active_flag") is not False,
            }
            for one in records.get("users", ())
        ],
        "fields": [
            {
                "id": cells.text(one.get("field_code")) or "",
                "name": cells.first(one.get("field_name"), one.get("field_code")) or "",
                "kind": cells.text(one.get("field_type")) or "",
            }
            for one in records.get("deal_fields", ())
            if one.get("is_custom_field") is True and cells.text(one.get("field_code"))
        ],
    }


def changed(body: bytes) -> str:
    """The kind of record that a webhook's message is about; empty where that cannot be told."""
    try:
        meta = json.loads(body)["meta"]
        said = meta.get("entity") or meta.get("object")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ""
    return CALLED.get(said, "") if isinstance(said, str) else ""


def _stage(raw: Raw, pipelines: Mapping[str, str]) -> dict[str, Any]:
    return _named(raw, "Stage") | {
        "pipeline": pipelines.get(cells.text(raw.get("pipeline_id")) or "", ""),
        "probability": _share(raw.get("deal_probability")),
    }


def _named(raw: Raw, what: str) -> dict[str, Any]:
    id_ = cells.text(raw.get("id")) or ""
    return {"id": id_, "name": cells.text(raw.get("name")) or f"{what} {id_}"}


def _ordered(records: Sequence[Raw]) -> list[Raw]:
    return sorted(records, key=lambda one: (_number(one.get("order_nr")), _number(one.get("id"))))


def _share(value: Any) -> str:
    exact = Decimal(str(value)) if isinstance(value, float) else value
    return cells.share(exact) or ""


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
