"""Which stage a deal was in before each move that its visits, or changes of its stage, tell of.

Parts of one statement; all of a deal's moves are put in order by day, then by moment.
"""

from __future__ import annotations

# Where visits tell of a time, changes of the stage do not count: a load sees a move late. They do
# where a deal comes back, of what was in between, and after the last visit, unless they are but its
# late news. A deal that two exports show in the same stage, since another day, was away meanwhile.
PARTS = """
    visit AS (
        SELECT deal_id, stage_name, entered_at, exited_at,
            (entered_at AT TIME ZONE (SELECT time_zone FROM zone))::date AS day,
            CASE WHEN lag(exited_at) OVER later < entered_at THEN (
                SELECT old FROM pipeline_dealchange AS change
                WHERE change.deal_id = visit.deal_id AND field = 'stage_name' AND old <> ''
                    AND changed_at = entered_at
                ORDER BY change.key LIMIT 1
            ) END AS came_from,
            lag(stage_name) OVER later AS before,
            lead(entered_at) OVER later > exited_at AS is_gone,
            lead(key) OVER later IS NULL AS is_last,
            min(entered_at) OVER (PARTITION BY deal_id) AS first_at
        FROM pipeline_stagevisit AS visit
        WHERE deal_id {among}
        WINDOW later AS (PARTITION BY deal_id ORDER BY entered_at, exited_at, key)
    ), last_visit AS (
        SELECT visit.*, COALESCE(exited_at, entered_at) AS until FROM visit WHERE is_last
    ), move AS (
        SELECT deal_id, day, entered_at AS at, 1 AS rank, COALESCE(came_from, before) AS stage,
            NULL::date AS since
        FROM visit
        UNION ALL
        SELECT deal_id, (exited_at AT TIME ZONE (SELECT time_zone FROM zone))::date, exited_at, 2,
            stage_name, NULL
        FROM visit
        WHERE exited_at IS NOT NULL AND (is_last OR is_gone)
        UNION ALL
        SELECT deal_id, deal.last_stage_change,
            deal.last_stage_change::timestamp AT TIME ZONE (SELECT time_zone FROM zone), 2,
            last_visit.stage_name, NULL
        FROM last_visit JOIN pipeline_deal AS deal USING (deal_id)
        WHERE exited_at IS NULL AND deal.stage_name <> last_visit.stage_name
            AND deal.last_stage_change > last_visit.day
        UNION ALL
        SELECT told.deal_id, LEAST(told.day, pipeline_day(now_since)), told.at, 0, told.old,
            pipeline_day(was_since)
        FROM told LEFT JOIN last_visit ON last_visit.deal_id = told.deal_id
        WHERE told.field = 'stage_name' AND told.old <> '' AND (
            last_visit.deal_id IS NULL OR told.at < last_visit.first_at
            OR told.at > last_visit.until AND CASE
                WHEN last_visit.exited_at IS NULL THEN told.new <> last_visit.stage_name
                ELSE told.old <> last_visit.stage_name
            END
        )
        UNION ALL
        SELECT told.deal_id, LEAST(told.day, pipeline_day(told.new)), told.at, 0, NULL,
            pipeline_day(told.old)
        FROM told LEFT JOIN last_visit ON last_visit.deal_id = told.deal_id
        WHERE told.field = 'last_stage_change' AND last_visit.deal_id IS NULL AND NOT is_moved
    ), staged AS (
        SELECT deal_id, day, at, rank, stage, COALESCE(
            since, lag(day) OVER (PARTITION BY deal_id ORDER BY day, at, rank), '-infinity'
        ) AS since
        FROM move
    )
"""
