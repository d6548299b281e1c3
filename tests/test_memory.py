"""Folders in memory are a service's own, and found again."""

from __future__ import annotations

from pathlib import Path

import pytest

from revops_site import memory


def test_each_service_has_its_own_and_finds_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "SHARED", tmp_path)
    one = memory.folder(Path("/srv/one"), "meters")
    one.mkdir()
    assert one.parent == tmp_path
    assert memory.folder(Path("/srv/one"), "meters") == one
    assert memory.folder(Path("/srv/other"), "meters") != one


def test_a_name_that_somebody_took_and_memory_that_is_not_there_are_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    var = Path("/srv/one")
    monkeypatch.setattr(memory, "SHARED", tmp_path)
    memory.folder(var, "meters").symlink_to("/etc")
    assert memory.folder(var, "meters") == var / "meters"
    monkeypatch.setattr(memory, "SHARED", tmp_path / "none")
    assert memory.folder(var, "meters") == var / "meters"
