"""A stage that is called otherwise was called so all along: a new name is no move of its deals.

Deals, and what is recorded of them, name their stage in words. Where a CRM renames one, all that
names it is renamed with it, and nothing is logged.
"""

from __future__ import annotations

from psycopg.sql import SQL, Composable

from revops_site.kernel.datasets import hash_of, moment
from revops_site.kernel.rollups import Cursor

# A name that two stages of a pipeline share does not tell which of them is meant.
RENAMED = """
    CREATE TEMPORARY TABLE stage_renamed ON COMMIT DROP AS
    SELECT new.pipeline_id, old.stage_name AS old, new.stage_name AS new
    FROM {changed} AS new JOIN {was} AS old USING (stage_id)
    WHERE new."is known" AND old.stage_name <> new.stage_name
        AND new.pipeline_id = old.pipeline_id AND NOT EXISTS (
            SELECT FROM pipeline_stage AS twin
            WHERE twin.pipeline_id = old.pipeline_id AND twin.stage_name = old.stage_name
                AND twin.stage_id <> old.stage_id
        )
"""
PLAIN = ("pipeline_deal", "pipeline_dealpast")
RENAME = """
    UPDATE {} AS named SET stage_name = renamed.new FROM stage_renamed AS renamed
    WHERE named.pipeline_id = renamed.pipeline_id AND named.stage_name = renamed.old
"""
VISITS = """
    UPDATE pipeline_stagevisit AS named SET stage_name = renamed.new, key = {key}
    FROM stage_renamed AS renamed
    WHERE named.pipeline_id = renamed.pipeline_id AND named.stage_name = renamed.old
"""
# The pipeline that a deal was in before and after a change of its stage: as it is now, but for
# what it has left since.
CHANGES = """
    WITH told AS (
        SELECT change.deal_id, change.key, change.changed_at,
            COALESCE(before.new, change.old) AS old, COALESCE(after.new, change.new) AS new
        FROM pipeline_dealchange AS change JOIN pipeline_deal AS deal USING (deal_id)
        LEFT JOIN LATERAL (
            SELECT left_.old AS pipeline_id FROM pipeline_dealchange AS left_
            WHERE left_.deal_id = change.deal_id AND left_.field = 'pipeline_id'
                AND left_.changed_at >= change.changed_at
            ORDER BY left_.changed_at LIMIT 1
        ) AS was ON true
        LEFT JOIN LATERAL (
            SELECT left_.old AS pipeline_id FROM pipeline_dealchange AS left_
            WHERE left_.deal_id = change.deal_id AND left_.field = 'pipeline_id'
                AND left_.changed_at > change.changed_at
            ORDER BY left_.changed_at LIMIT 1
        ) AS later ON true
        LEFT JOIN stage_renamed AS before ON before.old = change.old
            AND before.pipeline_id = COALESCE(was.pipeline_id, deal.pipeline_id)
        LEFT JOIN stage_renamed AS after ON after.old = change.new
            AND after.pipeline_id = COALESCE(later.pipeline_id, deal.pipeline_id)
        WHERE change.field = 'stage_name' AND (before.new IS NOT NULL OR after.new IS NOT NULL)
    )
    UPDATE pipeline_dealchange AS change SET old = told.old, new = told.new, key = {key}
    FROM told WHERE change.deal_id = told.deal_id AND change.key = told.key
"""


def rename(cursor: Cursor, changed: Composable, was: Composable) -> None:
    """Rename stages wherever they are named; before their own rows are changed.

    ``changed`` and ``was`` are the tables of the stages as they will be and as they are.
    """
    cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_renamed")
    cursor.execute(SQL(RENAMED).format(changed=changed, was=was))
    cursor.execute("SELECT EXISTS (SELECT FROM stage_renamed)")
    if not cursor.fetchone()[0]:
        return
    for table in PLAIN:
        cursor.execute(RENAME.format(table))
    visit = hash_of("named.deal_id", "renamed.new", moment("named.entered_at"))
    cursor.execute(VISITS.format(key=visit))
    change = hash_of("told.deal_id", "'stage_name'", moment("told.changed_at"), "told.new")
    cursor.execute(CHANGES.format(key=change))
