"""What a source's words mean here, as forms: each with what was set, or else what is proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from insights.queries.connecting import Person, people
from pipeline.sources.pipedrive.outline import COLUMNS, Outline

MOST = 400  # of a kind; a form may not have more fields than a request may bring
Given = Mapping[str, str]
Part = Mapping[str, Any]


def forms(found: Outline, mapping: Part, given: Given, wrong: Given) -> dict[str, Any]:
    """The parts of the mapping; ``given`` is what was typed, ``wrong`` what was refused of it."""
    reps = people() if found.get("users") else []
    return {
        "stages": [
            _stage(one, mapping.get("stages", {}), given, wrong)
            for one in found.get("stages", [])[:MOST]
        ],
        "pipelines": [
            _pipeline(one, mapping.get("pipelines", {}), given, wrong)
            for one in found.get("pipelines", [])[:MOST]
        ],
        "users": [
            _user(one, mapping.get("users", {}), reps, given, wrong)
            for one in found.get("users", [])[:MOST]
        ],
        "reps": reps,
        "fields": [
            _field(one, mapping.get("fields", {}), given, wrong)
            for one in found.get("fields", [])[:MOST]
        ],
        "columns": COLUMNS,
    }


def proposed(user: Part, reps: Sequence[Person]) -> tuple[str, str]:
    """The rep that a user seems to be, by e-mail or else by name, and why; or nobody.

    Who is here by the sync itself is no proposal, and neither is one of several namesakes.
    """
    others = [one for one in reps if one.rep_id != user["id"]]
    mail, name = str(user["email"]).casefold(), str(user["name"]).casefold()
    for why, fits in (
        ("same e-mail", [one for one in others if mail and one.email.casefold() == mail]),
        ("same name", [one for one in others if one.name.casefold() == name]),
    ):
        if len(fits) == 1:
            return fits[0].rep_id, why
    return "", ""


def _stage(one: Part, kept: Part, given: Given, wrong: Given) -> dict[str, Any]:
    known = kept.get(one["id"], {})
    chance, days = f"probability:{one['id']}", f"days:{one['id']}"
    return {
        **one,
        "own": _percent(one["probability"]),
        "chance": _input(chance, _percent(known.get("probability")), given, wrong),
        "days": _input(days, _text(known.get("expected_days")), given, wrong),
    }


def _pipeline(one: Part, kept: Part, given: Given, wrong: Given) -> dict[str, Any]:
    known = kept.get(one["id"], {})
    return {
        **one,
        "called": _input(f"name:{one['id']}", known.get("name", ""), given, wrong),
        "is_out": known.get("is_left_out", False),
    }


def _user(
    one: Part, kept: Part, reps: Sequence[Person], given: Given, wrong: Given
) -> dict[str, Any]:
    rep, why = (kept[one["id"]], "") if one["id"] in kept else proposed(one, reps)
    return {**one, "rep": _input(f"rep:{one['id']}", rep, given, wrong), "why": why}


def _field(one: Part, kept: Part, given: Given, wrong: Given) -> dict[str, Any]:
    return {**one, "column": _input(f"column:{one['id']}", kept.get(one["id"], ""), given, wrong)}


def _input(name: str, value: str, given: Given, wrong: Given) -> dict[str, str]:
    """A field of a form: its name, its id, what stands in it, what is wrong with that."""
    at = name.replace(":", "-")
    return {"name": name, "id": at, "value": given.get(name, value), "wrong": wrong.get(name, "")}


def _percent(share: Any) -> str:
    try:
        return f"{(Decimal(str(share)) * 100).normalize():f}" if share else ""
    except InvalidOperation:
        return ""


def _text(value: Any) -> str:
    return "" if value is None else str(value)
