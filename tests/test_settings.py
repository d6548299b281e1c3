"""What the product refuses to start with, and that the example of its settings is complete."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from revops_site.secrets import demo_key, refuse_weak_key

ROOT = Path(__file__).parent.parent
GOOD = "tGx0f3Qm-Yk2Vb8Rz_7Lc5Ns1Hd9Wp4Ja6Ue0Xi3Oo2Bt8Fg5Kq7"
EXAMPLE = (ROOT / ".env.example").read_text()
NAME = re.compile(r"^(?:# )?([A-Z_]+)=", re.MULTILINE)


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of manage.py outside of the demo."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**kept, "REVOPS_DEMO": "0", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_example_explains_each_setting_and_no_other() -> None:
    read = set(
        re.findall(r'env\.[a-z]+\(\s*"([A-Z_]+)"', (ROOT / "revops_site/settings.py").read_text())
    )
    assert set(NAME.findall(EXAMPLE)) == read
    for block in re.split(r"\n\n+", EXAMPLE):
        if NAME.search(block):
            assert block.startswith("# ")


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("", "SECRET_KEY is not set"),
        (GOOD[:49], "too short"),
        ("ab" * 40, "too plain"),
        (f"django-insecure-{GOOD}", "everybody knows"),
        (next(re.finditer(r"^SECRET_KEY=(.*)$", EXAMPLE, re.MULTILINE))[1], "everybody knows"),
    ],
    ids=["missing", "short", "plain", "django's", "the example's"],
)
def test_a_key_that_is_no_secret_is_refused_with_a_remedy(key: str, says: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=says) as refused:
        refuse_weak_key(key)
    assert "Make one with" in str(refused.value)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"SECRET_KEY": "", "ALLOWED_HOSTS": "revops.example.com"}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": GOOD, "ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set"),
    ],
)
def test_what_is_missing_is_told_in_a_sentence(environment: dict[str, str], says: str) -> None:
    done = manage("check", **environment)
    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_it_passes_the_deployment_checks_outside_of_the_demo() -> None:
    done = manage(
        "check",
        *("--deploy", "--fail-level", "WARNING"),
        SECRET_KEY=GOOD,
        ALLOWED_HOSTS="revops.example.com",
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_demo_command_runs_in_the_demo_alone() -> None:
    done = manage("demo", SECRET_KEY=GOOD, ALLOWED_HOSTS="revops.example.com")
    assert done.returncode == 2
    assert "REVOPS_DEMO=1" in done.stderr


def test_a_random_key_is_taken() -> None:
    assert refuse_weak_key(GOOD) == GOOD
    for _ in range(200):
        assert refuse_weak_key(secrets.token_urlsafe(48))


def test_the_demos_key_is_random_kept_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    key = demo_key(tmp_path / "one")
    assert key == demo_key(tmp_path / "one")
    assert key != demo_key(tmp_path / "two")
    assert (tmp_path / "one/demo-secret-key").stat().st_mode & 0o077 == 0
    assert refuse_weak_key(key) == key


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "eighty", "PORT cannot be read"),
        ("WEB_WORKERS", "0", "1 is the least"),
        ("ALLOWED_HOSTS", "*", "must name the hosts"),
        ("LOG_LEVEL", "LOUD", "is none of DEBUG"),
        ("TRUSTED_PROXIES", "-1", "0 is the least"),
        ("DATABASE_URL", "postgres://u:p@127.0.0.1:1/x", "database cannot be reached"),
    ],
)
def test_it_does_not_start_with_a_setting_that_cannot_be_meant(
    name: str, value: str, says: str
) -> None:
    good = {"SECRET_KEY": GOOD, "ALLOWED_HOSTS": "revops.example.com"}
    done = manage("serve", "--port", "0", **{**good, name: value})
    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr
