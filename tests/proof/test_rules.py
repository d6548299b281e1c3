"""What no template, script or query of ours does, since a text could become more than a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
APPS = ("revops_site", "marketing", "pipeline", "revenue", "coaching", "insights")
# Where markup is put together from parts that are escaped one by one.
MARKUP = {
    "revops_site/kernel/fragments/figures.py",
    "revops_site/kernel/fragments/markup.py",
    "revops_site/kernel/fragments/controls.py",
    "revops_site/kernel/pages/talks.py",
}
# The link in a mail; a hook's own password; the programs' tokens.
WITHOUT = {"coaching/views/mails.py", "insights/views/connecting.py"}
NEVER = {
    "templates/**/*.html": (
        r"\|\s*safe\b(?!seq)",
        r"autoescape\s+off",
        r"\bhx-on",
        r"hx-(?:vals|headers)=.js:",
        r"<[^>{]+\son[a-z]+=",
        r"<style\b",
        r"\sstyle=",
        r"<script(?![^>]*\bsrc=)",
        r"(?:src|href)=.https?://",
    ),
    "static/app/*.js": (
        r"\beval\(",
        r"new Function",
        r"outerHTML\s*=",
        r"document\.write",
    ),
    "*/**/*.py": (r"\bmark_safe\(", r"filter\(\*\*request", r"\.extra\("),
}


def found(pattern: str, rule: str) -> Iterator[str]:
    """The lines that break a rule."""
    for path in ROOT.glob(pattern):
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py" and not name.startswith(APPS):
            continue
        for nth, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(rule, line):
                yield f"{name}:{nth}: {line.strip()[:100]}"


@pytest.mark.parametrize(
    ("pattern", "rule"), [(pattern, rule) for pattern, rules in NEVER.items() for rule in rules]
)
def test_no_text_can_become_more_than_a_text(pattern: str, rule: str) -> None:
    assert list(found(pattern, rule)) == []


def test_only_what_comes_with_a_secret_of_its_own_needs_no_token_of_a_form() -> None:
    assert {line.partition(":")[0] for line in found("*/**/*.py", "@csrf_exempt")} == WITHOUT


def test_markup_is_put_together_in_few_places() -> None:
    rule = r"(?<!-> )(?<!\| )\bSafeString\("
    assert {line.partition(":")[0] for line in found("*/**/*.py", rule)} <= MARKUP
