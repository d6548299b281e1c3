"""Refused rows put aside while all that their run did is taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import IO

from django.db import connection
from psycopg.sql import SQL, Identifier

from revops_site.kernel.loading.staging import Cursor
from revops_site.kernel.models import RejectedRow

TABLE = Identifier(RejectedRow._meta.db_table)
COLUMNS = SQL('load_id, line, "column", value, reason')
BLOCK = 256 * 1024


def take(cursor: Cursor, loads: Sequence[int], file: IO[bytes]) -> None:
    """Write the refused rows of these loads, by their ids, to a file."""
    every = SQL("COPY (SELECT {} FROM {} WHERE load_id = ANY({}) ORDER BY id) TO STDOUT")
    copying = cursor.copy(every.format(COLUMNS, TABLE, list(loads)))
    with connection.wrap_database_errors, copying as copy:
        for data in copy:
            file.write(data)


def put_back(cursor: Cursor, file: IO[bytes], loads: Mapping[int, int]) -> None:
    """Keep the refused rows that the file holds, those of each load as those of another one."""
    make = SQL("CREATE TABLE pg_temp.load_aside AS SELECT {} FROM {} WITH NO DATA")
    cursor.execute(make.format(COLUMNS, TABLE))
    file.seek(0)
    copying = cursor.copy("COPY pg_temp.load_aside FROM STDIN")
    with connection.wrap_database_errors, copying as copy:
        while data := file.read(BLOCK):
            copy.write(data)
    keep = SQL("""
        INSERT INTO {} ({}) SELECT kept.id, line, "column", value, reason
        FROM pg_temp.load_aside JOIN unnest(%s::bigint[], %s::bigint[]) AS kept (was, id)
            ON load_id = kept.was
    """)
    cursor.execute(keep.format(TABLE, COLUMNS), [list(loads), list(loads.values())])
    cursor.execute("DROP TABLE pg_temp.load_aside")
