"""What a form says of a source's words, as the mapping that the sync reads; or what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from insights.actions.connecting.refusals import RefusedError
from insights.queries.connecting import people
from pipeline.sources.pipedrive.outline import COLUMNS, Outline

LONGEST_NAME = 120
MOST_DAYS = 9_999
CURRENCY = re.compile(r"[A-Z]{3}")
MOST_TOLD = 50  # changes in the record of who did what
Part = Mapping[str, Any]


def part(what: str, given: Mapping[str, str], found: Outline, before: Part) -> dict[str, Any]:
    """One part of the mapping, anew; what the form does not ask stays. RefusedError if not so."""
    problems: dict[str, str] = {}
    read = {"stages": _stages, "pipelines": _pipelines, "users": _users, "fields": _fields}[what]
    after: dict[str, Any] = read(given, found, before, problems)
    if problems:
        raise RefusedError(problems)
    return after


def currency(given: Mapping[str, str]) -> str:
    """The currency of amounts that name none; "" for the workspace's."""
    code = given.get("currency", "").strip().upper()
    if code and not CURRENCY.fullmatch(code):
        raise RefusedError({"currency": "A currency is three letters, such as USD."})
    return code


def changes(before: Any, after: Any) -> list[str]:
    """What is another now, in a few words each."""
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return [] if before == after else [f"{before or 'none'} → {after or 'none'}"]
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return [f"{name}: {before.get(name)} → {after.get(name)}" for name in names[:MOST_TOLD]]


Problems = dict[str, str]


def _stages(given: Mapping[str, str], found: Outline, before: Part, wrong: Problems) -> Any:
    after = dict(before)
    for stage in found.get("stages", []):
        id_ = stage["id"]
        chance, days = f"probability:{id_}", f"days:{id_}"
        if chance not in given:
            continue
        one = dict(before.get(id_, {}))
        _put(one, "probability", _share(given[chance], wrong, chance, stage["name"]))
        _put(one, "expected_days", _days(given.get(days, ""), wrong, days, stage["name"]))
        _put(after, id_, one or None)
    return after


def _pipelines(given: Mapping[str, str], found: Outline, before: Part, wrong: Problems) -> Any:
    after = dict(before)
    for pipeline in found.get("pipelines", []):
        id_ = pipeline["id"]
        if f"name:{id_}" not in given:
            continue
        name = " ".join(given[f"name:{id_}"].split())
        if len(name) > LONGEST_NAME:
            wrong[f"name:{id_}"] = f"A name has at most {LONGEST_NAME} characters."
        one: dict[str, Any] = {"name": name} if name and name != pipeline["name"] else {}
        if given.get(f"out:{id_}"):
            one["is_left_out"] = True
        _put(after, id_, one or None)
    return after


def _users(given: Mapping[str, str], found: Outline, before: Part, wrong: Problems) -> Any:
    after, known = dict(before), {one.rep_id for one in people()}
    for user in found.get("users", []):
        name = f"rep:{user['id']}"
        if name not in given:
            continue
        rep = given[name].strip()
        if rep and rep not in known:
            wrong[name] = f"{user['name']}: there is no rep “{rep[:60]}”. Choose one of the list."
        _put(after, user["id"], rep or None)
    return after


def _fields(given: Mapping[str, str], found: Outline, before: Part, wrong: Problems) -> Any:
    after, taken = dict(before), dict[str, str]()
    for field in found.get("fields", []):
        name, id_ = f"column:{field['id']}", field["id"]
        if name not in given:
            continue
        column = given[name]
        if column and column not in COLUMNS:
            wrong[name] = f"{field['name']}: there is no such column."
        elif column in taken:
            wrong[name] = f"{field['name']}: {taken[column]} fills this column already."
        elif column:
            taken[column] = field["name"]
        _put(after, id_, column or None)
    return after


def _share(text: str, wrong: Problems, name: str, stage: str) -> str | None:
    text = text.strip().removesuffix("%").strip().replace(",", ".")
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value <= 100:
        wrong[name] = f"{stage}: a chance is a number from 0 to 100."
        return None
    return f"{round(value / 100, 4).normalize():f}"


def _days(text: str, wrong: Problems, name: str, stage: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 4 and int(text) <= MOST_DAYS):
        wrong[name] = f"{stage}: days are a whole number up to {MOST_DAYS:,}."
        return None
    return int(text)


def _put(into: dict[str, Any], name: str, value: Callable[..., Any] | Any) -> None:
    """Keep a value, or keep none."""
    if value is None:
        into.pop(name, None)
    else:
        into[name] = value
