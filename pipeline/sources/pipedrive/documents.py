"""Pipedrive's answers as records: numbers as exact as they came, letters that can be stored."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from revops_site.kernel.sources import Record, TransientError

GARBAGE = "Pipedrive’s answer cannot be read."
SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
LONE = re.compile("[\ud800-\udfff]")
LONG = 18
Number = Callable[[str], Any]


def parse(body: bytes) -> dict[str, Any]:
    """The document that says that it is a success; TransientError where it is not whole."""
    try:
        found = json.loads(body, parse_float=_exact, parse_constant=_nothing, parse_int=_whole)
    except (ValueError, RecursionError):
        raise TransientError(GARBAGE) from None
    if not isinstance(found, dict) or found.get("success") is not True:
        raise TransientError(GARBAGE)
    return _storable(found) if SUSPECT.search(body) else found


def record(raw: Mapping[str, Any]) -> Record:
    """A record of any kind; without an id it is none."""
    id_ = raw.get("id", raw.get("field_code"))
    if isinstance(id_, bool) or not isinstance(id_, int | str) or id_ == "":
        raise TransientError(GARBAGE)
    return Record(
        external_id=str(id_),
        raw=orjson.dumps(raw),
        updated_at=moment(raw.get("update_time") or raw.get("modified")),
        is_deleted=raw.get("is_deleted") is True,
        is_archived=raw.get("is_archived") is True,
    )


def moment(text: Any) -> datetime | None:
    """A time of either version of the API, which are UTC; None where it is none."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _exact(text: str) -> Any:
    return orjson.Fragment(text)


def _whole(text: str) -> Any:
    return int(text) if len(text) <= LONG else orjson.Fragment(text)


def _nothing(text: str) -> None:
    return None


def _storable(value: Any) -> Any:
    """The same without NUL, with U+FFFD for half a letter."""
    if isinstance(value, str):
        return LONE.sub("\ufffd", value.replace("\0", ""))
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {_storable(name): _storable(one) for name, one in value.items()}
    return value
