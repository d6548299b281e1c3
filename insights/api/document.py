"""The API's own description, as OpenAPI 3.1: what is asked how, and all that can be answered."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.operation import Operation

from insights.api import doors, failures, once
from revops_site.kernel.problems import API, CONTENT_TYPE

TITLE = "RevOps Control Center"
ABOUT = (
    "The figures of the product for programs: the same numbers, under the same filters, of what "
    "the person may see who made the token. Money is in the reporting currency, rates are from 0 "
    "to 1, days are ISO dates, moments are in UTC, and what is not known is null."
)
SECURITY: Mapping[str, Any] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token made on the account's page. One that may only read cannot post.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": settings.SESSION_COOKIE_NAME,
        "description": "A login in a browser; posts carry the CSRF token in X-CSRFToken.",
    },
}
PROBLEM = {"$ref": "#/components/schemas/Problem"}
TEXT = {"schema": {"type": "string"}}
WHEN: Mapping[str, Any] = {
    "schema": {"type": "integer"},
    "required": True,
    "description": "In how many seconds it is worth while to ask again.",
}
SEEN: Mapping[str, Any] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag of an answer that is kept: 304 where nothing has changed since.",
}


class Api(NinjaAPI):
    """Ninja's API with the house's door before it and its problems behind it."""

    def __init__(self) -> None:
        super().__init__(
            title=TITLE,
            version="1",
            description=ABOUT,
            openapi_url=None,
            docs_url=None,
            urls_namespace="api",
            auth=doors.known,
        )
        failures.told(self)
        self.add_decorator(once.once, mode="operation")

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of the function, which no other has."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **asked: Any) -> Any:
        """The document, with what holds for all operations."""
        return self._document

    @functools.cached_property
    def _document(self) -> dict[str, Any]:
        made: dict[str, Any] = {**super().get_openapi_schema(path_prefix=API)}
        made.pop("servers", None)
        schemas = made["components"]["schemas"]
        schemas["Problem"] = failures.Problem.model_json_schema()
        shared: dict[str, Any] = {}
        made["components"] = {
            "schemas": schemas,
            "parameters": shared,
            "securitySchemes": {**SECURITY},
        }
        made["security"] = [{name: []} for name in SECURITY]
        for ways in made["paths"].values():
            for method, operation in ways.items():
                _complete(method, operation, shared)
        return made

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        found = [one for one in super()._get_urls() if getattr(one, "name", "") != "api-root"]
        for one in found:
            if isinstance(one, URLPattern):
                one.callback = doors.guarded(one.callback, self._names)
        return found

    def _names(self, route: str, method: str) -> frozenset[str] | None:
        """What the address of an operation may say; None where there is no such operation."""
        ways = self._document["paths"].get(route, {})
        if method.lower() not in ways:
            return None
        shared = self._document["components"]["parameters"]
        given = (followed(one, shared) for one in ways[method.lower()]["parameters"])
        return frozenset(one["name"] for one in given if one["in"] == "query")


def followed(one: Mapping[str, Any], shared: Mapping[str, Any]) -> Mapping[str, Any]:
    """A parameter itself, where the document refers to it."""
    found: Mapping[str, Any] = shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one
    return found


def _complete(method: str, operation: dict[str, Any], shared: dict[str, Any]) -> None:
    operation["responses"] = {
        str(code): told for code, told in _responses(method, operation["responses"])
    }
    operation["summary"] = operation["description"].partition("\n")[0]
    more = (SEEN,) if method == "get" else (once.PARAMETER,)
    given = [_plain(one) for one in (*operation.get("parameters", ()), *more)]
    operation["parameters"] = [_shared(one, shared) for one in given]


def _plain(one: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter that is left out where there is none of it: an address holds no null."""
    schema = {name: said for name, said in one["schema"].items() if name != "title"}
    ways = [way for way in schema.pop("anyOf", ()) if way != {"type": "null"}]
    schema |= ways[0] if ways else {}
    return {**one, "schema": schema}


def _shared(one: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """The same by its name, where all operations that have it mean the same by it."""
    if one["in"] == "path" or shared.setdefault(one["name"], one) != one:
        return one
    return {"$ref": f"#/components/parameters/{one['name']}"}


def _responses(method: str, known: Mapping[Any, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    codes = {int(code): told for code, told in known.items()}
    codes.setdefault(401, {"description": "Unauthorized"})
    codes.setdefault(422, {"description": "Unprocessable Content"})
    codes.setdefault(429, {"description": "Too Many Requests"})
    if method == "get":
        codes.setdefault(304, {"description": "Not Modified"})
    else:
        for code, phrase in ((400, "Bad Request"), (403, "Forbidden"), (409, "Conflict")):
            codes.setdefault(code, {"description": phrase})
    for code in sorted(codes):
        told = {**codes[code]}
        if code >= 400:
            told["content"] = {CONTENT_TYPE: {"schema": PROBLEM}}
        if code == 401:
            told["headers"] = {"WWW-Authenticate": {**TEXT, "required": True}}
        if code == 429:
            told["headers"] = {"Retry-After": WHEN}
        if code == 200 and method == "get":
            told["headers"] = {"ETag": {**TEXT, "required": True}}
        yield code, told
