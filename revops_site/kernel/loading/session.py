"""The database session of a run: no limits meant for pages, and no second run of a dataset."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

from revops_site.guarded import patience
from revops_site.kernel.loading.staging import Cursor

# Statements of a load take as long as they take; sorting and hashing a file's rows needs room.
SETTINGS = {"statement_timeout": "0", "lock_timeout": "0", "work_mem": "128MB"}
LAST = ("reps", "teams")
ATTEMPTS = 5

Result = TypeVar("Result")


@contextmanager
def unhurried() -> Iterator[None]:
    """Within this block the session has the settings of a load."""
    with connection.cursor() as cursor:
        for name, value in SETTINGS.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [name, value])
    try:
        with patience.lifted():
            yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                for name in SETTINGS:
                    cursor.execute(f"RESET {name}")


@contextmanager
def locked(datasets: Iterable[str]) -> Iterator[None]:
    """Within this block no other run loads any of these datasets, in whatever transaction.

    Taken in one order by all, so that two runs wait for each other in turn at worst: people come
    last, reps before teams, since a run that names unknown ones will ``hold`` them later.
    """
    wanted = set(datasets)
    people = LAST if wanted & {LAST[-1]} else tuple(name for name in LAST if name in wanted)
    names = [f"load:{name}" for name in (*sorted(wanted - set(LAST)), *people)]
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                for name in names:
                    cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def hold(cursor: Cursor, dataset: str) -> None:
    """Keep others from writing a dataset until the transaction ends."""
    name = f"load:{dataset}"
    cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def check_references(cursor: Cursor) -> None:
    """Check the references of what was written so far, which is else done when all is committed.

    What points at nothing yet is looked at once more then.
    """
    with suppress(IntegrityError), transaction.atomic():
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def insist(do: Callable[[], Result]) -> Result:
    """What ``do`` gives, done again where the database ended it so that another could go on.

    Two runs that write the same rows in another order may wait for each other; one of them is
    then undone whole. Within a transaction it is for whoever began that to try again.
    """
    attempts = 1 if connection.in_atomic_block else ATTEMPTS
    while True:
        attempts -= 1
        try:
            return do()
        except OperationalError as error:
            if not attempts or not isinstance(error.__cause__, DeadlockDetected):
                raise
