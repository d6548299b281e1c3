"""The example of the docs, run as it stands there, against the product over HTTP."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from revops_site.kernel import clock, tokens
from revops_site.kernel.models import User

DOCS = Path(__file__).parents[3] / "docs" / "programs.md"


def test_the_example_prints_the_channels(
    live_server: LiveServer,
    dee: User,
    marketing_days: None,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    assert "https://revops.example.com/" in example
    made = tokens.make(user=dee, name="docs", scope="read", days=30, at=clock.now())
    monkeypatch.setenv("REVOPS_TOKEN", made.secret)
    exec(example.replace("https://revops.example.com", live_server.url), {})
    assert "LinkedIn" in capsys.readouterr().out
