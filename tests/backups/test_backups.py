"""A backup holds one moment, whole; a damaged one is refused in words, and nothing is lost."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection

from revops_site.kernel import audit, backups, clock, sealing
from revops_site.kernel.backups import (
    BackupError,
    comparing,
    keys,
    making,
    programs,
    records,
    restoring,
)
from revops_site.kernel.backups.manifest import DUMP, NAME
from revops_site.kernel.models import AuditEvent, BackupRun, SourceConnection, User
from tests.backups.conftest import databases, rows
from tests.conftest import PASSWORD

assert subprocess  # programs are started: these tests are not pure


def said(*arguments: str) -> str:
    """What a command of manage.py prints."""
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def scratches() -> str:
    """How the names of databases begin that are made to verify a backup of this one."""
    return f"{programs.ours().database[:30]}_verifying"


@pytest.fixture
def writer(vault: Path) -> Iterator[Callable[[], int]]:
    """Somebody who writes all the while, and how often by now."""
    stop, count = threading.Event(), 0

    def write() -> None:
        nonlocal count
        while not stop.is_set():
            audit.record("written meanwhile")
            count += 1
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    yield lambda: count
    stop.set()
    thread.join()


def test_a_backup_is_restored_and_equal_though_people_write_meanwhile(
    vault: Path, writer: Callable[[], int]
) -> None:
    begun = writer()
    told = said("backup", "--verify")
    assert "0 differ" in told
    assert writer() > begun
    assert not databases(scratches())
    one = BackupRun.objects.get()
    assert one.verified_at is not None
    assert one.tables > 100
    assert backups.state().is_well
    done = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"backup made", "backup verified"} <= done
    assert "All is well" in said("backup", "--list")


def test_the_files_are_kept_once_for_all_backups_and_come_back(
    vault: Path, settings: LazySettings, other: str
) -> None:
    first = making.make(clock.now() - timedelta(days=1))
    stored = {path: path.stat().st_mtime_ns for path in (vault / "files").rglob("*.age")}
    second = making.make()
    assert {path: path.stat().st_mtime_ns for path in (vault / "files").rglob("*.age")} == stored
    assert len(stored) == 2
    assert first.manifest.files == second.manifest.files
    target = vault.parent / "elsewhere"
    said("restore", "newest", "--into", other, "--files", str(target))
    assert (target / "uploads/a1").read_bytes() == b"a1" * 100_000
    assert (target / "made/b2-1.png").read_bytes() == b"b2-1.png" * 100_000


def test_neither_a_backup_nor_its_dump_tells_a_secret(
    vault: Path, settings: LazySettings, ad: User
) -> None:
    SourceConnection.objects.create(source="pipedrive", token=sealing.seal("canary-token-1"))
    made = making.make()
    secrets = [PASSWORD, "canary-token-1", settings.BACKUP_KEY, settings.SECRET_KEY]
    assert all(
        key not in path.read_bytes()
        for path in vault.rglob("*.*")
        if path.is_file()
        for key in (b"PGDMP", b"canary", *(one.encode() for one in secrets))
    )
    dump = io.BytesIO()
    with (made.folder / DUMP).open("rb") as source:
        keys.unlock(source, dump, made.folder)
    whole = vault.parent / "whole.dump"
    whole.write_bytes(dump.getvalue())
    asked = [str(programs.find("pg_restore", made.manifest.postgres)), "-f", "-", str(whole)]
    plain = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert "ad@example.com" in plain
    assert not [one for one in secrets if one in plain]
    assert (made.folder / DUMP).stat().st_mode & 0o077 == 0


def cut(folder: Path) -> None:
    path = folder / DUMP
    path.write_bytes(path.read_bytes()[:-1000])


def change(folder: Path) -> None:
    path = folder / DUMP
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)


def forge(folder: Path) -> None:
    path = folder / NAME
    path.write_text(path.read_text().replace('"migrations"', '"migrations" ', 1))


def halve(folder: Path) -> None:
    path = folder / NAME
    path.write_text(path.read_text()[:500])


def unstore(folder: Path) -> None:
    next((folder.parent / "files").rglob("*.age")).unlink()


def forget(folder: Path) -> None:
    (folder / NAME).unlink()


def test_a_damaged_backup_is_refused_in_words_and_nothing_is_left_of_the_try(
    vault: Path, other: str
) -> None:
    made = making.make()
    damages: dict[Callable[[Path], None], str] = {
        cut: "bytes where",
        change: "was changed after",
        forge: "was changed after",
        halve: "cut short or was changed",
        unstore: "is missing",
        forget: "is no backup",
    }
    for damage, says in damages.items():
        copy = vault.with_name(damage.__name__)
        shutil.copytree(vault, copy)
        damage(copy / made.folder.name)
        for command in (["restore", "--into", other], ["backup", "--verify"]):
            with pytest.raises(CommandError, match=says) as refused:
                said(*command, str(copy / made.folder.name))
            assert refused.value.returncode == 2
    assert not databases(other)
    assert not databases(scratches())


def test_damage_that_sums_do_not_tell_stops_a_restore_half_way_and_leaves_nothing(
    vault: Path, other: str
) -> None:
    made = making.make()
    path = made.folder / DUMP
    whole = path.read_bytes()
    for bad in (whole[: len(whole) // 2], whole[:-40] + bytes(40), b"no age at all"):
        path.write_bytes(bad)
        server = programs.ours()
        with pytest.raises(BackupError), restoring.scratch(server, other) as new:
            restoring.fill(new, made.folder, made.manifest)
        assert not databases(other)


def test_what_is_not_equal_is_found(vault: Path) -> None:
    made = making.make()
    audit.record("afterwards")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kernel_workspace SET name = name || '.'")
    problems = restoring.compare(programs.ours(), made.manifest)
    assert problems == [
        "public.kernel_auditevent has 1 rows where there were 0.",
        "public.kernel_workspace has other rows.",
    ]
    assert comparing.differences({}, {"t": ["1", "x"]}, {"views": "1"}, {}) == [
        "t is not in the backup.",
        "The views are others.",
    ]


def test_another_key_opens_nothing_and_no_key_makes_nothing(
    vault: Path, settings: LazySettings, other: str
) -> None:
    making.make()
    settings.BACKUP_KEY = keys.new()
    with pytest.raises(CommandError, match="another BACKUP_KEY"):
        said("restore", "newest", "--into", other)
    settings.BACKUP_KEY = ""
    with pytest.raises(CommandError, match="backup --new-key"):
        said("backup")
    assert "backup failed" in AuditEvent.objects.values_list("action", flat=True)
    settings.BACKUP_KEY = "AGE-SECRET-KEY-1NO"
    with pytest.raises(CommandError, match="no age key"):
        said("backup")
    settings.BACKUP_KEY = said("backup", "--new-key").strip()
    assert keys.key()


def test_a_restore_refuses_what_holds_rows_and_keeps_them_where_it_must_not(
    vault: Path, other: str
) -> None:
    made = making.make()
    said("restore", "newest", "--into", other)
    assert rows(other, "SELECT count(*) FROM kernel_workspace") == [(1,)]
    with pytest.raises(CommandError, match=r"holds .* tables.*--overwrite"):
        said("restore", str(made.folder), "--into", other)
    with programs.ours(other).connect() as session:
        session.execute("CREATE TABLE precious AS SELECT 42 AS answer")
        session.commit()
        with pytest.raises(CommandError, match="in use by 1 connection"):
            said("restore", str(made.folder), "--into", other, "--overwrite")
    told = said("restore", str(made.folder), "--into", other, "--overwrite")
    assert "What was there is kept" in told
    (kept,) = databases(f"{other}_before")
    assert rows(kept, "SELECT answer FROM precious") == [(42,)]
    assert rows(other, "SELECT to_regclass('precious')") == [(None,)]


def test_a_backup_of_a_newer_release_is_refused(vault: Path, other: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('kernel', '9999', now())"
        )
    try:
        making.make()
        with pytest.raises(CommandError, match="newer release"):
            said("restore", "newest", "--into", other)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '9999'")


def test_programs_that_do_not_fit_the_server_are_told_with_a_remedy(
    vault: Path, settings: LazySettings
) -> None:
    settings.POSTGRES_PROGRAMS = str(vault.parent)
    old = vault.parent / "pg_dump"
    old.write_text("#!/bin/sh\necho pg_dump 9.6")
    old.chmod(0o755)
    with pytest.raises(CommandError, match=r"is of version 9.*POSTGRES_PROGRAMS"):
        said("backup")
    assert not list(vault.glob(".*.new"))
    assert BackupRun.objects.get().problem


def test_old_backups_go_with_the_files_that_nobody_else_needs_and_the_last_good_one_stays(
    vault: Path, settings: LazySettings
) -> None:
    settings.BACKUPS_KEPT_DAYS = 30
    now = clock.now()
    old = making.make(now - timedelta(days=40))
    good = making.make(now - timedelta(days=35))
    BackupRun.objects.create(
        name=good.folder.name, began_at=now - timedelta(days=35), verified_at=now
    )
    (settings.UPLOADS / "a1").unlink()
    new = making.make(now)
    assert records.forget(now) == [old.folder.name]
    assert making.kept() == [good.folder, new.folder]
    assert (vault / "files/uploads/a1.age").exists()
    records.check(new.folder, BackupRun.objects.create(name=new.folder.name, began_at=now))
    assert records.forget(now) == [good.folder.name]
    assert not (vault / "files/uploads/a1.age").exists()
    assert (vault / "files/made/b2-1.png.age").exists()
    records.check(new.folder)


def test_an_alarm_sounds_when_the_last_good_backup_is_older_than_26_hours(
    vault: Path, settings: LazySettings
) -> None:
    now = clock.now()
    assert backups.state().alarm == "No backup was verified yet."
    began = now - timedelta(hours=25)
    BackupRun.objects.create(name="x", began_at=began, verified_at=now)
    BackupRun.objects.create(name="y", began_at=now, problem="The disk is full.")
    assert backups.state().is_well
    later = now + timedelta(hours=2)
    assert backups.state(later).alarm == "The last backup that was verified is 27 hours old."
    for _ in range(2):
        records.sound(later)
    assert AuditEvent.objects.filter(action="backup overdue").count() == 1
    settings.BACKUP_KEY = ""
    BackupRun.objects.all().delete()
    assert "BACKUP_KEY is not set" in backups.state().alarm


def test_a_half_that_a_killed_backup_left_is_no_backup_and_goes(vault: Path) -> None:
    half = vault / ".2026-01-01T000000Z.new"
    half.mkdir(parents=True)
    assert not making.kept()
    making.make()
    assert not half.exists()
    (one,) = making.kept()
    assert json.loads((one / NAME).read_text().rpartition("}\n{")[0] + "}")["form"] == 1
