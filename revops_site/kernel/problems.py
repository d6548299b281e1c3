"""What went wrong, told to programs: ``application/problem+json`` as of RFC 9457."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse

API = "/api/"
CONTENT_TYPE = "application/problem+json"


def is_asked(request: HttpRequest) -> bool:
    """Whether a program asks, which reads no pages."""
    return request.path.startswith(API)


def answer(status: int, detail: str, **more: Any) -> HttpResponse:
    """An answer that says in a sentence why it is none; ``more`` are members of the problem."""
    title = HTTPStatus(status).phrase
    said = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    response = HttpResponse(orjson.dumps(said), content_type=CONTENT_TYPE, status=status)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="RevOps Control Center"'
    return response
