"""The product's own web server over a database of a test, and browsers that time its answers."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import psutil

ROOT = Path(__file__).resolve().parents[2]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
PATIENCE = 60.0  # of a browser; long beyond what is promised
LOST = 0  # the status of a request that nobody answered


@dataclass(frozen=True)
class Answer:
    """What came of a request: ``status`` LOST where nothing did; ``seconds`` it took."""

    status: int
    seconds: float
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Browser:
    """Keeps its cookies, and tells of every answer how long it took."""

    port: int
    process: psutil.Popen | None = None
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, form: Mapping[str, str] | None = None, **headers: str) -> Answer:
        """One request on a line of its own."""
        began = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            body = urlencode(form)
            told["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            line.request("POST" if form is not None else "GET", path, body, told)
            answer = line.getresponse()
            said = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return Answer(LOST, time.monotonic() - began)
        finally:
            line.close()
        for value in answer.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: one.value for name, one in SimpleCookie(value).items()}
        told = {name.lower(): value for name, value in answer.headers.items()}
        return Answer(answer.status, time.monotonic() - began, said, told)

    def enter(self, name: str, password: str) -> None:
        """Log in."""
        page = self.ask("/accounts/login/")
        form = {"login": name, "password": password, "csrfmiddlewaretoken": token_of(page)}
        assert self.ask("/accounts/login/", form).status == 302

    def write(self, token: str, text: str) -> Answer:
        """Keep an annotation for oneself: what is answered by 302 was acknowledged."""
        form = {"start": "2026-01-05", "end": "", "text": text, "domain": "", "reach": "private"}
        return self.ask("/annotations/new/", {**form, "csrfmiddlewaretoken": token})


def token_of(page: Answer) -> str:
    """The token that the forms of a page carry."""
    found = TOKEN.search(page.body)
    assert found, page
    return found[1]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(holds: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Whether it comes to hold within this time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if holds():
            return True
        time.sleep(0.05)
    return False


@contextmanager
def web_server(database: str, workers: int = 1, **more: str) -> Iterator[tuple[int, psutil.Popen]]:
    """The web server as the launcher starts it, over this database; its port and its process."""
    from revops_site import launcher
    from revops_site.address import Address

    port = free_port()
    child = launcher.web_server(Address("127.0.0.1", port), workers)
    settings = {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database,
        "LOG_LEVEL": "ERROR",
        **child.environment,
        **more,
    }
    environment = {**os.environ, **settings}
    family: list[psutil.Process] = []
    process = psutil.Popen(
        [sys.executable, *child.command[1:]], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        assert eventually(lambda: Browser(port).ask("/livez").status == 200)
        family = process.children(recursive=True)
        yield port, process
        family += process.children(recursive=True) if process.is_running() else []
    finally:
        for one in [process, *family]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        process.wait()
