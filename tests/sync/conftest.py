"""A Pipedrive of our own: the simulator as a process, the product set up to read it."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from insights.catalog import DATASETS
from pipeline.sources import PIPEDRIVE
from revops_site.kernel import sync
from revops_site.kernel.models import SyncRun

SIMULATOR = Path(__file__).parent.parent / "simulators" / "pipedrive.py"
TOKEN = "sim-token"


class Simulator:
    """A company's Pipedrive, and what may be asked of its makers."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str) -> Any:
        """What an admin endpoint says."""
        with urllib.request.urlopen(f"{self.url}/__admin/{path}", timeout=30) as answer:
            return json.loads(answer.read())

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """What an admin endpoint says to an order."""
        data = json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.url}/__admin/{path}", data, timeout=30) as answer:
            return json.loads(answer.read())

    def change(self, *ops: dict[str, Any], tick: int = 1) -> Any:
        """Change the company's data, one thing a second."""
        return self.post("mutate", {"ops": list(ops), "tick": tick})

    def advance(self, **days_or_seconds: float) -> None:
        """Move the simulator's clock."""
        seconds = days_or_seconds.get("seconds", 0) + 86400 * days_or_seconds.get("days", 0)
        self.post("clock", {"advance": seconds})

    def faults(self, spec: str) -> None:
        """Misbehave from now on."""
        self.post("faults", {"spec": spec})

    def config(self, **values: Any) -> None:
        """Other limits, or another token."""
        self.post("config", values)

    def truth(self, fields: str = "") -> Any:
        """The counts and checksums of all that there is."""
        return self.get(f"truth?fields={fields}" if fields else "truth")


@contextmanager
def simulator(*arguments: str) -> Iterator[Simulator]:
    """A simulator while the block lasts."""
    command = [sys.executable, str(SIMULATOR), "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = process.stdout.readline()
        try:
            yield Simulator(line.split()[1])
        finally:
            process.kill()


@pytest.fixture
def outgoing(settings: LazySettings) -> LazySettings:
    """The product may ask this machine."""
    settings.OUTGOING_LOOPBACK = True
    return settings


def connect(settings: LazySettings, url: str, token: str = TOKEN) -> None:
    """Let the product read what is at this address."""
    settings.SOURCES = {"pipedrive": {"token": token, "base_url": url}}


@pytest.fixture
def pipedrive(transactional_db: None, outgoing: LazySettings) -> Iterator[Simulator]:
    """A small company's Pipedrive, which the product is set up to read."""
    with simulator("--deals", "300") as one:
        connect(outgoing, one.url)
        yield one


def run(*entities: str, **asked: Any) -> SyncRun:
    """A sync, done here and now."""
    return sync.run(PIPEDRIVE, DATASETS, entities=entities or None, **asked)
