"""Asks the language model that is configured, in a few seconds or not at all, for JSON alone.

Its server speaks as OpenAI does. Where it fails three times in a row it is left alone for five
minutes. Neither its key nor its words are in any error or log.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F

from revops_site.kernel import clock, http
from revops_site.kernel.models import Circuit

NAME = "llm"
FAILURES = 3
REST = timedelta(minutes=5)
MOST_BYTES = 64 * 1024
MOST_TOKENS = 1_000
WHY = {
    "late": "did not answer in time",
    "limited": "is asked too often at present",
    "refused": "does not accept its key",
    "broken": "has a fault of its own",
    "odd": "did not answer as such servers do",
    "large": "answered far too much",
    "unreachable": "could not be reached",
    "resting": "is left alone for some minutes, since it failed",
}


class ModelError(Exception):
    """Why there is no answer: ``kind`` is one of ``WHY``."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"The language model {WHY[kind]}.")
        self.kind = kind


@dataclass(frozen=True)
class Reply:
    """What a model said: an object of JSON, which nobody vouches for."""

    data: dict[str, Any]
    model: str


def is_configured() -> bool:
    """Whether there is a model that could be asked."""
    return bool(settings.LLM["key"])


def name() -> str:
    """The model's name, as settings give it."""
    return str(settings.LLM["model"])


def host() -> str:
    """The server that is asked."""
    return urlsplit(settings.LLM["url"]).hostname or ""


def is_resting() -> bool:
    """Whether the model is left alone at present."""
    return Circuit.objects.filter(pk=NAME, open_until__gt=clock.now()).exists()


def ask(task: str, given: str) -> Reply:
    """The model's answer to a task, with what it is given as data; ModelError where there is none.

    To be called by jobs, outside of transactions: it takes up to ``LLM_SECONDS``.
    """
    if is_resting():
        raise ModelError("resting")
    try:
        reply = Reply(_content(_sent(task, given)), name())
    except ModelError:
        _note_failure()
        raise
    Circuit.objects.filter(pk=NAME).update(failures=0, open_until=None)
    return reply


def _note_failure() -> None:
    Circuit.objects.get_or_create(pk=NAME)
    Circuit.objects.filter(pk=NAME).update(failures=F("failures") + 1)
    often = Circuit.objects.filter(pk=NAME, failures__gte=FAILURES)
    often.update(open_until=clock.now() + REST)


def _sent(task: str, given: str) -> http.Answer:
    asked = {
        "model": name(),
        "messages": [{"role": "system", "content": task}, {"role": "user", "content": given}],
        "response_format": {"type": "json_object"},
        "temperature": 0,
        "max_tokens": MOST_TOKENS,
    }
    headers = {
        "authorization": f"Bearer {settings.LLM['key']}",
        "content-type": "application/json",
        "accept": "application/json",
    }
    url = f"{settings.LLM['url'].rstrip('/')}/chat/completions"
    seconds = settings.LLM_SECONDS
    try:
        with http.Client(hosts=[host()], deadline=seconds, most_bytes=MOST_BYTES) as client:
            return client.post(url, json.dumps(asked).encode(), headers)
    except http.LateError:
        _fail("late")
    except http.TooLargeError:
        _fail("large")
    except (http.FailedError, http.RefusedError, ValueError):
        _fail("unreachable")


def _content(answer: http.Answer) -> dict[str, Any]:
    """The object that the model was to answer with."""
    if answer.status != 200:
        _fail(_kind(answer.status))
    try:
        content = json.loads(answer.body)["choices"][0]["message"]["content"]
        data = json.loads(content)
    except (ValueError, LookupError, TypeError, RecursionError):
        _fail("odd")
    if not isinstance(data, dict):
        _fail("odd")
    return data


def _kind(status: int) -> str:
    if status in {401, 403}:
        return "refused"
    if status in {402, 429}:
        return "limited"
    return "broken" if status >= 500 else "odd"


def _fail(kind: str) -> NoReturn:
    raise ModelError(kind) from None  # the cause may hold the key
