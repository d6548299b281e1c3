"""While a release is rolled out the one before it runs on the new tables: they let it work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED

from tests.tables import standing

# The newest migration of each app in the release before; none was made so far.
RELEASED: Mapping[str, str] = {}
# Contracts: what the release before no longer reads or writes, as "app.migration", and since when.
CONTRACTS: Mapping[str, str] = {}
GONE = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
)


def in_the_way(operations: Iterable[Operation]) -> list[str]:
    """What of it an older release, which knows nothing of it, would fail at."""
    found = []
    for operation in operations:
        if isinstance(operation, GONE):
            found.append(operation.describe())
        elif isinstance(operation, migrations.AddField) and not _fills_itself(operation.field):
            found.append(f"{operation.describe()}, which is neither null nor has a db_default")
    return found


def _fills_itself(field: models.Field[object, object]) -> bool:
    return field.null or field.many_to_many or field.db_default is not NOT_PROVIDED


def newer(released: Mapping[str, str]) -> dict[str, list[str]]:
    """What is in the way, by each migration that came after those."""
    return {
        f"{app}.{name}": found
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        if app in standing.APPS and name > released.get(app, "~")
        if (found := in_the_way(migration.operations))
    }


def test_the_release_before_works_on_the_new_tables() -> None:
    assert set(newer(RELEASED)) <= set(CONTRACTS)


@pytest.mark.parametrize(
    ("operation", "fails"),
    [
        (migrations.RemoveField("deal", "amount"), True),
        (migrations.RenameField("deal", "amount", "sum"), True),
        (migrations.RenameModel("Deal", "Chance"), True),
        (migrations.DeleteModel("Deal"), True),
        (migrations.AddField("deal", "sum", models.IntegerField(default=0)), True),
        (migrations.AddField("deal", "sum", models.IntegerField(db_default=0)), False),
        (migrations.AddField("deal", "sum", models.IntegerField(null=True)), False),
        (migrations.CreateModel("Chance", []), False),
    ],
)
def test_what_an_older_release_would_fail_at_is_found(operation: Operation, fails: bool) -> None:
    assert bool(in_the_way([operation])) is fails


def test_only_what_came_after_a_release_is_asked() -> None:
    assert newer({"kernel": "0011_versions_of_records"}).keys() <= {
        key for key in newer({"kernel": "0000"}) if key > "kernel.0011_versions_of_records"
    }
    assert newer({"kernel": "0000"})
