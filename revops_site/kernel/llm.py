"""Asks the language model that is configured, in a few seconds or not at all, for JSON alone.

Its server speaks as OpenAI does. Where it fails three times in a row, or has been waited for in
vain as long as ``LLM_SECONDS``, it is left alone for five minutes. Neither its key nor its words
are in any error's text or log; who asks keeps what was said in the audit record.
"""

from __future__ import annotations

import json
import time
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
MOST_KEPT = 8_000  # signs of what it said
SHORTEST = 1.0  # seconds: in less no model answers
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
    """Why there is no answer: ``kind`` is one of ``WHY``; ``said`` is what came in its place."""

    def __init__(self, kind: str, said: str = "") -> None:
        super().__init__(f"The language model {WHY[kind]}.")
        self.kind = kind
        self.said = said


@dataclass(frozen=True)
class Reply:
    """What a model said: an object of JSON, which nobody vouches for; and its very words."""

    data: dict[str, Any]
    model: str
    said: str


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

    To be called by jobs, outside of transactions: it takes up to ``LLM_SECONDS``, which tries that
    fail one after the other share.
    """
    spent = _spent()
    began = time.monotonic()
    try:
        data, said = _content(_sent(task, given, settings.LLM_SECONDS - spent))
    except ModelError:
        _note_failure(spent + time.monotonic() - began)
        raise
    Circuit.objects.filter(pk=NAME).update(failures=0, spent_seconds=0, open_until=None)
    return Reply(data, name(), said)


def _spent() -> float:
    """How many seconds of the budget are gone; ModelError while the model rests."""
    kept = Circuit.objects.filter(pk=NAME).first()
    if kept is None:
        return 0.0
    if kept.open_until is None:
        return kept.spent_seconds
    if kept.open_until > clock.now():
        raise ModelError("resting")
    return 0.0  # it has rested


def _note_failure(spent: float) -> None:
    Circuit.objects.get_or_create(pk=NAME)
    one = Circuit.objects.filter(pk=NAME)
    one.update(failures=F("failures") + 1, spent_seconds=spent, open_until=None)
    is_over = spent > settings.LLM_SECONDS - SHORTEST
    (one if is_over else one.filter(failures__gte=FAILURES)).update(open_until=clock.now() + REST)


def _sent(task: str, given: str, seconds: float) -> http.Answer:
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
    try:
        with http.Client(hosts=[host()], deadline=seconds, most_bytes=MOST_BYTES) as client:
            return client.post(url, json.dumps(asked).encode(), headers)
    except http.LateError:
        _fail("late")
    except http.TooLargeError:
        _fail("large")
    except (http.FailedError, http.RefusedError, ValueError):
        _fail("unreachable")


def _content(answer: http.Answer) -> tuple[dict[str, Any], str]:
    """The object that the model was to answer with, and the text that it stands in."""
    said = answer.body.decode(errors="replace")
    if answer.status != 200:
        _fail(_kind(answer.status), said)
    try:
        content = json.loads(answer.body)["choices"][0]["message"]["content"]
        said = str(content)
        data = json.loads(content)
    except (ValueError, LookupError, TypeError, RecursionError):
        _fail("odd", said)
    if not isinstance(data, dict):
        _fail("odd", said)
    return data, _kept(said)


def _kept(said: str) -> str:
    """What of the words can be kept: the beginning, without the key and what no database holds."""
    bare = said.replace(str(settings.LLM["key"]), "[key]").replace("\x00", "")
    return bare[:MOST_KEPT].encode(errors="replace").decode()


def _kind(status: int) -> str:
    if status in {401, 403}:
        return "refused"
    if status in {402, 429}:
        return "limited"
    return "broken" if status >= 500 else "odd"


def _fail(kind: str, said: str = "") -> NoReturn:
    raise ModelError(kind, _kept(said)) from None  # the cause may hold the key
