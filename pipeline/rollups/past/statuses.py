"""Whether a deal was open, won, lost or deleted before each turn that was recorded.

Parts of one statement. Status events come first; what a load noticed counts after the last of
them, on the day that the deal was closed by its own word; one that two exports show closed, on
different days, was open meanwhile or is corrected. Today's row has the last word.
"""

from __future__ import annotations

PARTS = """
    event AS (
        SELECT deal_id, (at AT TIME ZONE (SELECT time_zone FROM zone))::date AS day, at, 1 AS rank,
            status::text AS status
        FROM pipeline_statusevent
        WHERE deal_id {among}
    ), recorded AS (
        SELECT deal_id FROM told UNION SELECT deal_id FROM visit UNION SELECT deal_id FROM event
    ), last_event AS (
        SELECT deal_id, max(at) AS at FROM event GROUP BY deal_id
    ), seen AS (
        SELECT told.deal_id, told.day, told.at, told.old, told.new,
            pipeline_day(told.was_closed) AS was_closed,
            pipeline_day(told.now_closed) AS closed, 0 AS rank
        FROM told
        WHERE told.field = 'status' AND told.new IN ('open', 'won', 'lost')
        UNION ALL
        SELECT told.deal_id, told.day, told.at, ended.status, ended.status,
            pipeline_day(told.old), pipeline_day(told.new), 2
        FROM told JOIN pipeline_deal AS deal USING (deal_id), LATERAL (
            SELECT COALESCE((
                SELECT turned.old FROM pipeline_dealchange AS turned
                WHERE turned.deal_id = told.deal_id AND turned.changed_at + interval '0' > told.at
                    AND turned.field = 'status'
                ORDER BY turned.changed_at LIMIT 1
            ), deal.status) AS status
        ) AS ended
        WHERE told.field = 'closed_at' AND told.old <> '' AND told.new <> ''
            AND ended.status IN ('won', 'lost') AND NOT told.is_turned
    ), noticed AS (
        SELECT seen.*, last_event.deal_id IS NULL AS is_all,
            row_number() OVER (PARTITION BY seen.deal_id ORDER BY seen.day, seen.at) AS nth
        FROM seen LEFT JOIN last_event ON last_event.deal_id = seen.deal_id
        WHERE last_event.deal_id IS NULL OR seen.at > last_event.at
    ), happened AS (
        SELECT * FROM event
        UNION ALL
        SELECT deal_id, LEAST(day, closed), at, rank, new FROM noticed
        UNION ALL
        SELECT deal_id, was_closed, at, -1, old FROM noticed
        WHERE nth = 1 AND is_all AND was_closed <= day AND old IN ('won', 'lost')
    ), known AS (
        SELECT deal_id, day, at, rank, status
        FROM (
            SELECT *, lag(status) OVER (PARTITION BY deal_id ORDER BY day, at, rank) AS before
            FROM happened
        ) AS each
        WHERE rank <> 0 OR status IS DISTINCT FROM before
    ), settled AS (
        SELECT known.deal_id, known.status, known.at, known.rank,
            lead(known.day) OVER later IS NULL AS is_last,
            CASE WHEN lead(known.day) OVER later IS NULL AND known.status = deal.status
                AND (lag(known.day) OVER later > deal.closed_at) IS NOT TRUE
            THEN COALESCE(deal.closed_at, known.day) ELSE known.day END AS day
        FROM known JOIN pipeline_deal AS deal USING (deal_id)
        WINDOW later AS (PARTITION BY known.deal_id ORDER BY known.day, known.at, known.rank)
    ), turn AS (
        SELECT deal_id, day, at, rank, status FROM settled
        UNION ALL
        SELECT deal_id, deal.closed_at, 'infinity', 3, deal.status
        FROM recorded JOIN pipeline_deal AS deal USING (deal_id)
        LEFT JOIN (SELECT * FROM settled WHERE is_last) AS last USING (deal_id)
        WHERE deal.status <> 'open' AND (
            last.status IS NULL OR last.status <> deal.status AND last.day <= deal.closed_at
        )
    ), turned AS (
        SELECT deal_id, day, at, rank, status, COALESCE(lag(status) OVER later, 'open') AS before,
            lag(day) OVER later AS since
        FROM turn
        WINDOW later AS (PARTITION BY deal_id ORDER BY day, at, rank)
    )
"""
