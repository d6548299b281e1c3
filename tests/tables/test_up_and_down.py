"""The newest migrations are taken back and applied again over a company's rows: none is lost."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from pipeline.actions import notes
from revops_site.kernel import clock
from revops_site.kernel.models import User, Workspace
from tests.proof import a_house
from tests.tables import standing

STEPS = int(os.environ.get("REVOPS_MIGRATIONS", "1"))
# What a migration throws away on purpose, since it is reckoned again and never a source.
RECKONED = {"pipeline_dealhealth", "pipeline_healthday", "pipeline_healthsnapshot"}
RECKONED |= {"revenue_healthrun", "insights_creditdue"}
# Migrations that cannot be taken back, or are no transaction, and why.
ONE_WAY: dict[str, str] = {}
IN_PARTS: dict[str, str] = {}


@pytest.fixture
def as_it_was() -> Iterator[None]:
    """Whatever happens, the next test finds the newest tables."""
    yield
    standing.apply()


@pytest.fixture
def company(workspace: Workspace, ana: User, cy: User, tmp_path: Path) -> None:
    """Two teams, whose files were loaded, and what a rep wrote besides."""
    a_house.load(tmp_path, a_house.OWN, a_house.FOREIGN)
    notes.add(by=ana, deal_id=a_house.OWN.key("deal_id", 0), body="They like it", at=clock.now())
    call_command("rollup", verbosity=0)


def differ(one: standing.Digests, other: standing.Digests) -> set[str]:
    """The tables that do not say the same, but for what is reckoned again."""
    return {table for table in one if one[table] != other[table]} - RECKONED


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("company", "as_it_was")
def test_the_newest_migrations_go_down_and_up_over_a_companys_rows_and_lose_none() -> None:
    shape, columns = standing.shape(), standing.columns()
    said = standing.by_column(columns)
    filled = [table for table, (count, _) in standing.contents(columns).items() if count]
    assert len(filled) > 40, "a company, not a few rows"

    taken = standing.take_back(standing.back(STEPS))
    older = standing.shared(columns, standing.columns())
    below = standing.contents(older)
    standing.apply()

    assert standing.shape() == shape
    assert differ(below, standing.contents(older)) == set()
    lost = {at for at, told in standing.by_column(older).items() if told != said[at]}
    assert {table for table, _ in lost} <= RECKONED
    sys.stdout.write(f"\n{taken} migrations down and up over {len(filled)} tables with rows")
    assert taken >= len(standing.APPS)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("company", "as_it_was")
def test_a_migration_that_meets_a_table_in_use_gives_up_and_is_run_again() -> None:
    shape, before = standing.shape(), standing.contents(standing.columns())
    app, older = "kernel", standing.back(1)["kernel"]
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            for table in standing.columns():
                cursor.execute(f'LOCK TABLE "{table}" IN ACCESS SHARE MODE')
        with pytest.raises(CommandError, match="was in use for longer than 3 s"):
            call_command("migrate", app, older, verbosity=0)
        assert standing.shape() == shape
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("0",), "what comes after it waits as ever"
    finally:
        other.close()
    call_command("migrate", app, older, verbosity=0)
    assert standing.shape() != shape
    call_command("migrate", verbosity=0)
    assert standing.shape() == shape
    assert differ(before, standing.contents(standing.columns())) == set()


def test_each_migration_is_a_transaction_that_can_be_taken_back_or_says_why_not() -> None:
    loader = MigrationLoader(None)
    one_way, in_parts = set(), set()
    for (app, name), migration in loader.disk_migrations.items():
        if app not in standing.APPS:
            continue
        if not all(operation.reversible for operation in migration.operations):
            one_way.add(f"{app}.{name}")
        if not migration.atomic:
            in_parts.add(f"{app}.{name}")
    assert one_way == set(ONE_WAY)
    assert in_parts == set(IN_PARTS)
