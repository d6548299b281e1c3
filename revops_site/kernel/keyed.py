"""A migration's step that gives a large table the key it would be distributed by."""

from __future__ import annotations

from django.db.migrations import RunSQL


def keyed_by(table: str, *columns: str, was: str) -> RunSQL:
    """The primary key of ``table`` becomes these columns, in this order; before it was ``was``.

    Django goes on to know the one column ``was`` as the key, since its admin serves no composite
    keys; the database holds what a distributed one needs: each key leads with the column that the
    rows are spread by.
    """
    change = "ALTER TABLE {0} DROP CONSTRAINT {0}_pkey, ADD PRIMARY KEY ({1})"
    return RunSQL(change.format(table, ", ".join(columns)), change.format(table, was))
