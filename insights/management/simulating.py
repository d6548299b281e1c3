"""A made-up company's CRM on this machine, which the demo syncs from as from a real one."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from contextlib import suppress
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError

from revops_site.kernel import clock, sealing
from revops_site.kernel.models import SourceConnection
from revops_site.kernel.sources import Source
from revops_site.launcher import Child

PROGRAM = Path("tests", "simulators", "pipedrive.py")
TOKEN = "sim-token"  # noqa: S105
DEALS = 1_200
# Two deals change before every page of them, so that each sync brings something.
LIVELY = "churn.deals=1:2"
EVERY_MINUTES = "3"
PATIENCE_SECONDS = 30.0
MISSING = "The simulator {} is not here: start the demo in a checkout of the whole project."
FORBIDDEN = "--source asks a program of this machine, and OUTGOING_LOOPBACK=0 forbids that."


class Simulation:
    """The simulator as a program beside the product, the same company at each start."""

    def __init__(self) -> None:
        if os.environ.get("OUTGOING_LOOPBACK", "1").lower() in {"0", "false", "no", "off"}:
            raise CommandError(FORBIDDEN)
        program = Path(settings.BASE_DIR) / PROGRAM
        if not program.is_file():
            raise CommandError(MISSING.format(program))
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, str(program), "--port", str(self.port), "--deals", str(DEALS)]
        self.began = _began()
        command += [
            "--now",
            f"{self.began:%Y-%m-%dT%H:%M:%SZ}",
            "--clock",
            "run",
            "--token",
            TOKEN,
            "--faults",
            LIVELY,
        ]
        self.child = Child("simulator", command)

    def begin(self) -> None:
        """Start it, and let this process and its children ask it."""
        settings.OUTGOING_LOOPBACK = True
        os.environ["OUTGOING_LOOPBACK"] = "1"
        os.environ.setdefault("SYNC_INTERVAL_MINUTES", EVERY_MINUTES)
        self.child.watch()
        now = f"{clock.now():%Y-%m-%dT%H:%M:%SZ}"
        ends = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                self._order("/__admin/clock", {"set": now})
                return
            except (HTTPException, OSError) as error:
                if time.monotonic() > ends:
                    raise CommandError(f"The simulator does not answer: {error}") from error
            time.sleep(0.2)

    def _order(self, path: str, body: dict[str, str]) -> None:
        line = HTTPConnection("127.0.0.1", self.port, timeout=5)
        line.request("POST", path, json.dumps(body))
        line.getresponse().read()
        line.close()

    def end(self) -> None:
        """Stop it, where the product did not come so far as to do that."""
        self.child.ask_to_end()
        self.child.end(time.monotonic() + 5)

    def connect(self, source: Source) -> None:
        """Let the source be read from it; what its words mean here stays as it was set."""
        kept, _ = SourceConnection.objects.get_or_create(pk=source.name)
        kept.company, kept.base_url, kept.is_enabled = "simulated", self.url, True
        kept.token, kept.changed_at = sealing.seal(TOKEN), clock.now()
        kept.save()
        _since().write_text(self.began.isoformat())


def is_simulated() -> bool:
    """Whether the deals of this folder's database come from a simulated CRM."""
    return _since().exists()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _began() -> datetime:
    """When the company was made up, which its data are told by."""
    path = _since()
    with suppress(OSError, ValueError):
        return datetime.fromisoformat(path.read_text())
    return clock.now().replace(microsecond=0)


def _since() -> Path:
    return Path(settings.VAR) / "simulated-since"
