"""The product as one command starts it: people log in, faults heal, nothing is left behind."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import psutil
import pytest

from revops_site import launcher
from tests.folders import open_folder

ROOT = Path(__file__).parent.parent
ROLES = ["admin", "revops", "manager", "rep", "viewer"]
STOP_SECONDS = launcher.GRACE_SECONDS + 15  # a job under way ends, then the database
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')

pytestmark = pytest.mark.slow


class Demo:
    """A demo of its own, in a folder of its own."""

    def __init__(self, var: Path, *more: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        self.var = var
        self.settings = {
            "DJANGO_SETTINGS_MODULE": "revops_site.settings",
            "REVOPS_DEMO": "1",
            "DATABASE_URL": "",
            "VAR_DIR": str(var),
        }
        output = os.open(var / "out.txt", os.O_WRONLY | os.O_CREAT)
        self.process = psutil.Popen(
            [sys.executable, "manage.py", "demo", "--port", port, *more],
            cwd=ROOT,
            env={**os.environ, **self.settings},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        os.close(output)
        told = var / "demo.json"
        assert eventually(lambda: told.exists() or not self.process.is_running(), 240), self.said
        self.told = json.loads(told.read_text())

    @property
    def said(self) -> str:
        return (self.var / "out.txt").read_text()

    def servers(self) -> list[psutil.Process]:
        return [
            process
            for process in psutil.process_iter(["name", "cwd"])
            if process.info["name"] == "postgres"
            and (process.info["cwd"] or "").startswith(str(self.var))
        ]

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(self.told["url"] + path, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code

    def login(self, username: str, password: str) -> str:
        """The address that somebody ends on who tries to log in."""
        return self.enter(username, password)[1]

    def json(self, path: str, user: dict[str, str]) -> Any:
        """What an address says to somebody."""
        browser, _ = self.enter(user["username"], user["password"])
        with browser.open(self.told["url"] + path) as answer:
            return json.loads(answer.read())

    def enter(self, username: str, password: str) -> tuple[urllib.request.OpenerDirector, str]:
        """A browser that tried to log in, and where that led to."""
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        address = self.told["url"] + "accounts/login/"
        with browser.open(address) as page:
            token = TOKEN.search(page.read().decode())
        assert token
        form = {"login": username, "password": password, "csrfmiddlewaretoken": token[1]}
        with browser.open(address, urllib.parse.urlencode(form).encode()) as page:
            return browser, str(page.url)


def eventually(holds: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """The demo, started once for all tests here."""
    with open_folder() as var:
        running = Demo(var)
        yield running
        if running.process.is_running():
            running.process.terminate()
            running.process.wait()


def test_everybody_can_log_in_with_what_was_written_down(demo: Demo) -> None:
    assert [user["role"] for user in demo.told["users"]] == ROLES
    assert (demo.var / "demo.json").stat().st_mode & 0o077 == 0
    for user in demo.told["users"]:
        assert "login" not in demo.login(user["username"], user["password"])
    assert "login" in demo.login("admin", "not the password")


def test_all_parts_work_and_the_data_are_there(demo: Demo) -> None:
    assert demo.status("readyz") == 200
    assert "marketing_channels.csv" in demo.said
    assert "Traceback" not in demo.said


def test_a_killed_database_is_back_in_a_moment_and_readers_are_told(demo: Demo) -> None:
    pid = next((demo.var / "postgres").glob("data*/postmaster.pid")).read_text().split()[0]
    psutil.Process(int(pid)).kill()
    seen = set()
    began = time.monotonic()
    while (status := demo.status("accounts/login/")) != 200 or demo.status("readyz") != 200:
        seen.add(status)
        assert time.monotonic() - began < 40
    assert seen <= {200, 503}


def test_a_killed_web_process_is_replaced(demo: Demo) -> None:
    web = next(part for part in demo.process.children() if "granian" in part.cmdline())
    web.children()[0].kill()
    assert eventually(lambda: _answers(demo), 30)
    web.kill()
    assert eventually(lambda: web not in demo.process.children(), 20)
    assert eventually(lambda: _answers(demo), 40)


def test_at_the_end_no_process_is_left(demo: Demo) -> None:
    family = demo.process.children(recursive=True)
    demo.process.send_signal(signal.SIGTERM)
    assert demo.process.wait(STOP_SECONDS) == 0
    assert not any(part.is_running() for part in family)
    assert not demo.servers()


def _answers(demo: Demo) -> bool:
    try:
        return demo.status("livez") == 200
    except OSError:
        return False


def test_a_demo_that_syncs_reads_a_simulated_crm_and_takes_it_along() -> None:
    with open_folder() as var:
        demo = Demo(var, "--source", "pipedrive")
        try:
            user = next(user for user in demo.told["users"] if user["role"] == "revops")
            told = demo.json("api/sync/status", user)
            counts = {one["entity_type"]: one["records_synced"] for one in told["entities"]}
            assert counts["deals"] >= 1_200
            assert told["data_freshness"]
            family = demo.process.children(recursive=True)
            assert any("pipedrive.py" in " ".join(part.cmdline()) for part in family)
        finally:
            demo.process.send_signal(signal.SIGTERM)
            demo.process.wait(STOP_SECONDS)
        assert not any(part.is_running() for part in family)
        refused = subprocess.run(
            [sys.executable, "manage.py", "demo", "--port", "0"],
            cwd=ROOT,
            env={**os.environ, **demo.settings},
            capture_output=True,
            text=True,
            check=False,
        )
        assert refused.returncode == 2
        assert "another demo" in refused.stderr
