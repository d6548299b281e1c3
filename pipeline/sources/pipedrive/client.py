"""Requests to Pipedrive: within its limits, tried again where that helps, told by what went wrong.

What is asked costs tokens of the company's day, so a page is always a large one, and nothing is
asked again that cannot go well.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple, TypeAlias

import stamina

from pipeline.sources.pipedrive import documents, throttle
from revops_site.kernel import http
from revops_site.kernel.sources import (
    AccountError,
    AddressError,
    AuthError,
    BadCursorError,
    BadDataError,
    ForbiddenError,
    QuotaExhaustedError,
    RateLimitedError,
    SourceError,
    TransientError,
)

ATTEMPTS = 6
FIRST_WAIT, LONGEST_WAIT, JITTER, GROWS = 0.2, 20.0, 0.3, 3.0
BAN = 6.0
SAYS = {
    401: "Pipedrive refuses the token. RevOps or an admin enters a new one on the page Data.",
    402: "The company’s Pipedrive account is not open: ask whoever pays for it.",
    403: "The token’s user may not read this in Pipedrive. Use the token of an admin.",
    410: "Pipedrive does not offer this any more. A newer version of this product is needed.",
}
QUOTA = "Pipedrive’s daily allowance is used up. The next sync goes on when there is a new one."
BUSY = "Pipedrive asks to slow down. The next sync goes on."
AWAY = "Pipedrive does not answer as it should ({}). The next sync tries again."
REFUSED = "Pipedrive does not accept what is asked ({}): {}"
WRONG_ADDRESS = "Pipedrive’s address cannot be used. {}"


Fits: TypeAlias = Callable[[Mapping[str, Any]], bool]


class Answer(NamedTuple):
    """A whole document, and Pipedrive’s clock when it was made."""

    document: dict[str, Any]
    at: datetime


def whole(document: Mapping[str, Any]) -> bool:
    """Whether a document has what it is about."""
    return document.get("data") is not None


class TooLargeError(SourceError):
    """The page is larger than may be taken in at once."""


class Client:
    """Asks with one token; ``requests`` counts what was sent."""

    def __init__(self, base_url: str, token: str) -> None:
        self.requests = 0
        self._base = base_url
        self._throttle = throttle.of(token)
        self._http = http.Client(headers={"x-api-token": token, "accept": "application/json"})

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def get(self, path: str, query: Mapping[str, str] | None = None, fits: Fits = whole) -> Answer:
        """The document at a path of the API, if it ``fits``; a SourceError where none is."""
        for attempt in stamina.retry_context(
            on=_pause,
            attempts=ATTEMPTS,
            timeout=None,
            wait_initial=FIRST_WAIT,
            wait_max=LONGEST_WAIT,
            wait_jitter=JITTER,
            wait_exp_base=GROWS,
        ):
            with attempt:
                return self._once(path, query or {}, fits)
        raise AssertionError("an attempt ends by an answer or an error")

    def _once(self, path: str, query: Mapping[str, str], fits: Fits) -> Answer:
        self._throttle.wait()
        self.requests += 1
        try:
            answer = self._http.get(f"{self._base}{path}", query)
        except http.RefusedError as error:
            raise AddressError(WRONG_ADDRESS.format(error)) from None
        except http.TooLargeError as error:
            raise TooLargeError(AWAY.format(error)) from None
        except http.FailedError as error:
            raise TransientError(AWAY.format(error)) from None
        wait = self._throttle.heard(answer.headers, is_refused=answer.status == 429)
        if answer.status != 200:
            raise _error(answer, query, wait)
        document = documents.parse(answer.body)
        if not fits(document):
            raise TransientError(documents.GARBAGE)
        return Answer(document, _clock(answer.headers))


def _pause(error: Exception) -> bool | float:
    """Whether, or after how many seconds, the same is asked again."""
    if isinstance(error, RateLimitedError) and error.seconds is not None:
        return error.seconds + JITTER
    return isinstance(error, RateLimitedError | TransientError)


def _error(answer: http.Answer, query: Mapping[str, str], wait: float | None) -> SourceError:
    status = answer.status
    is_page = "json" not in answer.headers.get("content-type", "")
    if status == 429:
        left = throttle.number(answer.headers, "token-remaining", "x-daily-ratelimit")
        return QuotaExhaustedError(QUOTA) if left == 0 else RateLimitedError(BUSY, wait)
    if status == 403 and is_page:  # a wall before Pipedrive, for those who asked too fast
        return RateLimitedError(BUSY, BAN)
    if status == 401:
        return AuthError(SAYS[401])
    if status == 402:
        return AccountError(SAYS[402])
    if status == 403:
        return ForbiddenError(SAYS[403])
    if status == 400 and "cursor" in query:
        return BadCursorError(REFUSED.format(status, _reason(answer)))
    if status >= 500 or status in {408, 425} or status < 400:
        return TransientError(AWAY.format(status))
    return BadDataError(SAYS.get(status) or REFUSED.format(status, _reason(answer)))


def _reason(answer: http.Answer) -> str:
    """What an error says of itself, if that can be read."""
    try:
        says = json.loads(answer.body)["error"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "without a reason"
    return str(says)[:200]


def _clock(headers: Mapping[str, str]) -> datetime:
    try:
        found = parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError, TypeError):
        raise TransientError(AWAY.format("without its time")) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
