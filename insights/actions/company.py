"""Takes a pretend company out of the database, so that another one can come in its place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Model
from psycopg.sql import SQL, Identifier

from insights.models import InsightDay, Kpi, QualityCount
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading.staging import Cursor
from revops_site.kernel.models import DataLoad, Rep, Team, User
from revops_site.kernel.rollups import RollUp

# Whoever logs in points at them: they stay, and are updated by the company that comes.
PEOPLE = (Rep, Team)
KEPT_OF_DAYS = (InsightDay, Kpi, QualityCount)
OTHERS = """
    SELECT {name}, file_name FROM {loads}
    WHERE kind <> 'generated' AND id IN (SELECT load_id FROM {table}) ORDER BY id DESC LIMIT 1
"""
# Keys that are checked at the commit would keep the tables from being emptied until then.
EMPTY = "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {tables}; SET CONSTRAINTS ALL DEFERRED"
UNUSED_REPS = """
    DELETE FROM {reps} AS rep
    WHERE NOT EXISTS (SELECT FROM {users} AS person WHERE person.rep_id = rep.rep_id)
"""
UNUSED_TEAMS = """
    DELETE FROM {teams} AS team
    WHERE NOT EXISTS (SELECT FROM {users} AS person WHERE person.team_id = team.id)
        AND NOT EXISTS (SELECT FROM {reps} AS rep WHERE rep.team_id = team.id)
"""
FORGET_DAYS = """
    UPDATE {loads} SET first_day = NULL, last_day = NULL
    WHERE last_day IS NOT NULL AND dataset = ANY(%s)
"""


class OtherDataError(Exception):
    """The database holds more than a pretend company; the text says what."""


def insist_on_no_other(datasets: Iterable[Dataset]) -> None:
    """Raise OtherDataError where a row came by anything but a load of a pretend company.

    What the product made by itself is of no account, such as a rep whom only a deal names.
    """
    with connection.cursor() as cursor:
        found = []
        for one in datasets:
            cursor.execute(SQL(OTHERS).format(name=one.name, table=_table(one.table), **_tables()))
            found += cursor.fetchall()
    if found:
        listed = ", ".join(f"{dataset} ({file})" for dataset, file in found)
        raise OtherDataError(f"The database holds other data than a pretend company: {listed}.")


def take_out(cursor: Cursor, datasets: Sequence[Dataset], roll_ups: Iterable[RollUp]) -> None:
    """Empty the tables of these datasets and sums, and what was kept of their days.

    People who log in stay, with the reps and teams that they are, and so do settings, the audit
    log and the record of loads, which tells no more how far the data reach. Call it in the
    transaction that loads the next company. Raises OtherDataError where anything else is there.
    """
    insist_on_no_other(datasets)
    models: list[type[Model]] = [
        *(one.table for one in datasets),
        *(one.table for one in roll_ups),
        *KEPT_OF_DAYS,
    ]
    emptied = [one for one in dict.fromkeys(models) if one not in PEOPLE]
    tables = SQL(", ").join(map(_table, emptied))
    cursor.execute(SQL(EMPTY).format(tables=tables))
    for statement in (UNUSED_REPS, UNUSED_TEAMS):
        cursor.execute(SQL(statement).format(**_tables()))
    names = [one.name for one in datasets]
    cursor.execute(SQL(FORGET_DAYS).format(**_tables()), [names])


def _tables() -> dict[str, Identifier]:
    named: dict[str, type[Model]] = {"loads": DataLoad, "reps": Rep, "teams": Team, "users": User}
    return {name: _table(model) for name, model in named.items()}


def _table(model: type[Model]) -> Identifier:
    return Identifier(model._meta.db_table)
