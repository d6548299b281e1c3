"""Thousands of answers to a rep and to a manager, beside strangers and beside other strangers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from revops_site.kernel.models import User, Workspace
from tests.proof.looking import differences

MOST = 25


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("who", ["ana", "bo"])
def test_what_strangers_have_and_write_changes_no_answer(
    who: str, request: pytest.FixtureRequest, workspace: Workspace, settings: Any, tmp_path: Path
) -> None:
    settings.FILES, settings.UPLOADS = tmp_path / "files", tmp_path / "uploads"
    reader: User = request.getfixturevalue(who)
    stranger: User = request.getfixturevalue("cy")
    request.getfixturevalue("ana")
    changed, telling, counts = differences(tmp_path, reader, stranger, MOST)
    sys.stdout.write(f"\n{who}: {sum(counts.values()):,} addresses, twice; {len(changed)} differ")
    assert (changed, telling) == ({}, [])
