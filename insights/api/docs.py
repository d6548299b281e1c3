"""The document for people: what there is to be asked, how, and what can be answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from insights.api.document import ABOUT, Api, followed
from insights.api.doors import guarded
from revops_site.kernel import pages

TITLE = "API"


def document(api: Api) -> Any:
    """The view of an API's document for programs."""

    @require_safe
    def openapi(request: HttpRequest) -> HttpResponse:
        return pages.as_json(api.get_openapi_schema())

    return guarded(openapi, lambda route, method: frozenset())


def page(api: Api) -> Any:
    """The view of an API's document for people."""

    @require_safe
    def docs(request: HttpRequest) -> HttpResponse:
        made = api.get_openapi_schema()
        context = {
            "title": TITLE,
            "about": ABOUT,
            "chapters": _chapters(made),
            "parameters": [_parameter(one) for one in _shared(made).values()],
            "host": request.build_absolute_uri("/").rstrip("/"),
        }
        return pages.plain(request, "insights/api.html", context)

    return docs


def _chapters(made: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    ways = list(_operations(made))
    return [
        {"label": label, "slug": label.lower().replace(" ", "-"), "operations": [*found]}
        for label, found in groupby(ways, lambda one: one["tag"])
    ]


def _operations(made: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    shared = _shared(made)
    for path, ways in made["paths"].items():
        for method, one in ways.items():
            given = [(name, followed(name, shared)) for name in one["parameters"]]
            body = one.get("requestBody", {}).get("content", {})
            yield {
                "id": one["operationId"],
                "tag": one["tags"][0],
                "method": method.upper(),
                "path": path,
                "says": one["summary"],
                "more": one["description"].removeprefix(one["summary"]).strip(),
                "own": [_parameter(told) for name, told in given if "$ref" not in name],
                "shared": [told["name"] for name, told in given if "$ref" in name],
                "body": [*_fields(body, made)],
                "sends": ", ".join(body),
                "answers": [
                    {"code": code, "says": told["description"]}
                    for code, told in one["responses"].items()
                ],
                "fields": [*_fields(_answered(one), made)],
            }


def _answered(one: Mapping[str, Any]) -> Mapping[str, Any]:
    """What comes where all goes well."""
    found: Mapping[str, Any] = next(
        told.get("content", {}) for code, told in one["responses"].items() if code < "300"
    )
    return found


def _fields(content: Mapping[str, Any], made: Mapping[str, Any]) -> Iterator[str]:
    """The names of what is sent or answered, of each row where it is a list."""
    for told in content.values():
        schema = told["schema"]
        schema = schema.get("items", schema)
        if "$ref" in schema:
            schema = made["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        yield from schema.get("properties", ())


def _shared(made: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = made["components"]["parameters"]
    return found


def _parameter(one: Mapping[str, Any]) -> Mapping[str, Any]:
    schema = one["schema"]
    words = schema.get("enum") or schema.get("items", {}).get("enum") or ()
    several = " Can be given several times." if schema.get("type") == "array" else ""
    return {
        "name": one["name"],
        "where": one["in"],
        "type": _type(schema),
        "needed": one.get("required", False),
        "says": (schema.get("description") or one.get("description", "")) + several,
        "words": [*words],
    }


def _type(schema: Mapping[str, Any]) -> str:
    kind = schema.get("items", schema) if schema.get("type") == "array" else schema
    low, high = schema.get("minimum"), schema.get("maximum")
    known = {"integer": "whole number", "string": "text"}
    name = "date" if kind.get("format") == "date" else str(known.get(kind.get("type", ""), "text"))
    return name if low is None or high is None else f"{name}, {low:,} to {high:,}"
