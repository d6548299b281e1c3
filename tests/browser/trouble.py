"""What a browser complains of: each complaint fails the test, unless the test provoked it."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

# So a browser gives up a request: for a newer one, for a download, or when the page is left.
GIVEN_UP = "net::ERR_ABORTED"


class Trouble:
    """Errors in the console (the CSP writes its own there), in scripts, answers and requests."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.provoked: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        """Listen to all pages of a context."""
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("requestfailed", self._failure)
        context.on("response", self._response)

    def expect(self, pattern: str) -> None:
        """Complaints in which this expression is found are what the test is about."""
        self.provoked.append(pattern)

    @property
    def unexpected(self) -> list[str]:
        """What no test asked for."""
        known = [re.compile(pattern) for pattern in self.provoked]
        return [one for one in self.complaints if not any(it.search(one) for it in known)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            where = message.location.get("url", "")
            self.complaints.append(f"console: {message.text} ({where})")

    def _error(self, error: WebError) -> None:
        self.complaints.append(f"script: {error.error}")

    def _failure(self, request: Request) -> None:
        if request.failure != GIVEN_UP:
            self.complaints.append(f"request: {request.failure} {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"answer: {response.status} {response.url}")
