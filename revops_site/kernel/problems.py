"""What went wrong, told to programs: ``application/problem+json`` as of RFC 9457."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpResponse

CONTENT_TYPE = "application/problem+json"


def answer(status: int, detail: str, **more: Any) -> HttpResponse:
    """An answer that says in a sentence why it is none; ``more`` are members of the problem."""
    title = HTTPStatus(status).phrase
    said = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    response = HttpResponse(orjson.dumps(said), content_type=CONTENT_TYPE, status=status)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="RevOps Control Center"'
    return response
