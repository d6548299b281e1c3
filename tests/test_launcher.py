"""The launcher: what it starts answers, what dies comes back, and nothing outlives it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from revops_site.address import Address, AddressTakenError

ROOT = Path(__file__).parent.parent
LAUNCHER = """
import sys
from revops_site import launcher
from revops_site.address import Address

port, web, idle, launcher.GRACE_SECONDS = int(sys.argv[1]), sys.argv[2], sys.argv[3], 1.5
parts = [("web", web, sys.argv[1]), ("idle", idle)]
launcher.run(
    Address("127.0.0.1", port),
    [launcher.Child(name, [sys.executable, "-c", *code]) for name, *code in parts],
    with_parent=True,
    keep_database=lambda: None,
    on_ready=lambda: print("answers", flush=True),
)
print("stopped", flush=True)
"""
WEB = """
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Silent(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

HTTPServer(("127.0.0.1", int(sys.argv[1])), Silent).serve_forever()
"""
CHILDREN = 2
IDLE = "import time; time.sleep(600)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {IDLE}"

pytestmark = pytest.mark.slow


def eventually(holds: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def ended(processes: list[psutil.Process]) -> bool:
    return not any(
        process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes
    )


@contextmanager
def started(*command: str) -> Iterator[psutil.Popen]:
    """A program that says when the web server answers; what it started is killed at the end."""
    process = psutil.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout.readline() == "answers\n"
        family = process.children(recursive=True)
        yield process
    finally:
        for one in [*family, process]:
            if one.is_running():
                one.kill()
        process.communicate()


def command(port: int, idle: str = IDLE) -> list[str]:
    return [sys.executable, "-c", LAUNCHER, str(port), WEB, idle]


@pytest.fixture
def port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_everything(port: int, how: signal.Signals) -> None:
    with started(*command(port)) as launcher:
        family = launcher.children(recursive=True)
        assert len(family) == CHILDREN
        launcher.send_signal(how)
        assert launcher.wait(10) == 0
        assert ended(family)
        assert launcher.stdout.read() == "stopped\n"


def test_what_does_not_listen_is_killed(port: int) -> None:
    with started(*command(port, DEAF)) as launcher:
        family = launcher.children(recursive=True)
        launcher.terminate()
        assert launcher.wait(10) == 0
        assert ended(family)


def test_what_dies_comes_back(port: int) -> None:
    with started(*command(port)) as launcher:
        web = launcher.children()[0]
        assert web.cmdline()[-1] == str(port)
        web.kill()
        assert eventually(lambda: web not in launcher.children())
        assert eventually(lambda: Address("127.0.0.1", port).answer("/") is not None)
        launcher.terminate()
        assert launcher.wait(10) == 0


def test_nothing_outlives_a_killed_launcher(port: int) -> None:
    with started(*command(port)) as launcher:
        family = launcher.children(recursive=True)
        launcher.kill()
        assert eventually(lambda: ended(family))


def test_it_goes_with_who_started_it(port: int) -> None:
    starter = f"import subprocess; subprocess.run({command(port)!r})"
    with started(sys.executable, "-c", starter) as process:
        family = process.children(recursive=True)
        assert len(family) == CHILDREN + 1
        process.kill()
        assert eventually(lambda: ended(family))


def test_a_port_that_is_taken_is_told_in_a_sentence(port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(AddressTakenError, match=f"port {port}: Address already in use"):
            Address("127.0.0.1", port).check()
        done = subprocess.run(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "REVOPS_DEMO": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "Choose another one" in done.stderr
    assert "Traceback" not in done.stderr
    Address("127.0.0.1", port).check()


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80/"),
        ("0.0.0.0", "http://127.0.0.1:80/"),
        ("::1", "http://[::1]:80/"),
    ],
)
def test_an_address_is_one_that_a_browser_can_open(host: str, url: str) -> None:
    assert Address(host, 80).url == url
