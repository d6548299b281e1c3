"""Whose a closed deal is: who owned it when it closed, whoever looks after it since.

What hands a deal on after its day of closing is recorded and taken back, but for what a person
corrected by hand. A change that came with the close itself tells who owned it then, and one before
the last close that a load noticed tells of nothing after it.
"""

from __future__ import annotations

HANDED = """
    SELECT DISTINCT ON (deal.deal_id) deal.deal_id,
        CASE WHEN change.source = 'edit' THEN change.new ELSE change.old END AS owner_id
    FROM pipeline_deal AS deal JOIN pipeline_dealchange AS change USING (deal_id)
    WHERE deal.deal_id {among} AND deal.status <> 'open' AND change.field = 'owner_id' AND (
        change.changed_at AT TIME ZONE (SELECT time_zone FROM kernel_workspace)
    )::date > deal.closed_at AND NOT EXISTS (
        SELECT FROM pipeline_dealchange AS turned
        WHERE turned.deal_id = change.deal_id AND turned.field IN ('status', 'closed_at')
            AND turned.changed_at >= change.changed_at
    )
    ORDER BY deal.deal_id, change.source = 'edit' DESC,
        CASE WHEN change.source = 'edit' THEN change.changed_at END DESC,
        change.changed_at, change.key
"""
WRONG = f"""
    SELECT deal.deal_id, NULLIF(handed.owner_id, '') AS rep_id
    FROM ({HANDED}) AS handed JOIN pipeline_deal AS deal USING (deal_id)
    WHERE deal.owner_id IS DISTINCT FROM NULLIF(handed.owner_id, '')
        AND (handed.owner_id = '' OR handed.owner_id IN (SELECT rep_id FROM kernel_rep))
"""  # noqa: S608
GIVE_BACK = f"""
    UPDATE pipeline_deal AS deal SET owner_id = wrong.rep_id
    FROM ({WRONG}) AS wrong
    WHERE deal.deal_id = wrong.deal_id
"""  # noqa: S608
# The day of a change: that of the close it came with, which may lie before the load.
DAY = """CASE
    WHEN field = 'owner_id' THEN LEAST(day, pipeline_day(now_closed)) ELSE day
END"""
COUNT = f"SELECT count(*) FROM ({WRONG}) AS wrong"  # noqa: S608


def at_close(owner: str, closed_at: str) -> str:
    """SQL for the owner of a stretch of days: while the deal is closed, who owned it at first."""
    return (
        f"CASE WHEN found.state IN ('won', 'lost') THEN first_value({owner}) OVER "
        f"(PARTITION BY deal_id, found.state, {closed_at} ORDER BY walked.day) ELSE {owner} END"
    )
