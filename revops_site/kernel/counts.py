"""About how many rows a table has, from what the database knows of it anyway."""

from __future__ import annotations

from django.db.models import Model

from revops_site.kernel.replica import connection

KNOWN = "SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(%s)"


def about(model: type[Model]) -> int:
    """The number of rows when the table was last looked over, in no time whatever its size.

    A table that was never looked over counts its rows, of which there are few then.
    """
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [connection.ops.quote_name(model._meta.db_table)])
        found = cursor.fetchone()
    if found is None or found[0] is None or found[0] < 0:
        return int(model._base_manager.count())
    return int(found[0])
