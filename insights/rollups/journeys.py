"""The journeys of deals and of leads: what touched them, in the order of time, up to their end."""

from __future__ import annotations

from revops_site.kernel.rollups import RollUp

# The parts that both kinds of journey are made of: ``is_old`` are touches beyond the lookback.
ARRAYS = """
    array_agg(touch_id ORDER BY touched_at, touch_id) AS touch_ids,
    array_agg(channel ORDER BY touched_at, touch_id) AS channels,
    array_agg(campaign ORDER BY touched_at, touch_id) AS campaigns,
    array_agg(day ORDER BY touched_at, touch_id) AS days,
    (count(*) FILTER (WHERE is_old))::int + 1 AS first_within,
    COALESCE(array_agg(channel ORDER BY touched_at, touch_id) FILTER (
        WHERE NOT is_old AND (before IS NULL OR before_is_old OR before <> channel)
    ), ARRAY[]::varchar[]) AS path
"""
TOUCHES = """
    SELECT deal_id, lead_id, touch_id, channel, campaign, segment, region, touched_at,
        (touched_at AT TIME ZONE (SELECT time_zone FROM terms))::date AS day
    FROM marketing_touchpoint
"""
TERMS = "terms AS MATERIALIZED (SELECT time_zone, lookback_days FROM kernel_workspace)"
NEVER_REAL = """(
    deal.status = 'lost' AND lower(trim(deal.lost_reason)) IN ('duplicate', 'test', 'merged')
)"""
# A touch after the close is none of the journey; an open deal's is all that it had so far.
DEALS = f"""
    WITH {TERMS}, known AS (
        SELECT touch.*, source_channel, created_at,
            COALESCE(closed_at - day, 0) > (SELECT lookback_days FROM terms) AS is_old
        FROM ({TOUCHES} WHERE deal_id <> '' AND deal_id {{among}}) AS touch
        JOIN pipeline_deal USING (deal_id)
        WHERE closed_at IS NULL OR day <= closed_at
    ), placed AS (
        SELECT *, lag(channel) OVER own AS before, lag(is_old) OVER own AS before_is_old
        FROM known WINDOW own AS (PARTITION BY deal_id ORDER BY touched_at, touch_id)
    ), told AS (
        SELECT deal_id, {ARRAYS},
            (array_agg(campaign ORDER BY touched_at, touch_id) FILTER (
                WHERE channel = source_channel AND day <= created_at
            ))[1] AS source_campaign
        FROM placed GROUP BY deal_id
    )
    SELECT deal.deal_id,
        COALESCE(touch_ids, ARRAY[]::varchar[]) AS touch_ids,
        COALESCE(channels, ARRAY[]::varchar[]) AS channels,
        COALESCE(campaigns, ARRAY[]::varchar[]) AS campaigns,
        COALESCE(days, ARRAY[]::date[]) AS days,
        COALESCE(first_within, 1) AS first_within,
        COALESCE(path, ARRAY[]::varchar[]) AS path,
        COALESCE(source_campaign, '') AS source_campaign,
        credit.revision,
        CASE WHEN deal.status <> 'open' AND NOT {NEVER_REAL} THEN deal.closed_at END AS ended_on,
        deal.status = 'won' AS is_won, deal.amount, deal.currency, deal.segment, deal.region,
        deal.owner_id, deal.pipeline_id, deal.state_since
    FROM pipeline_deal AS deal LEFT JOIN told USING (deal_id)
    LEFT JOIN (
        SELECT deal_id, max(revision) AS revision FROM insights_creditrevision
        WHERE NOT is_void AND deal_id {{among}} GROUP BY deal_id
    ) AS credit USING (deal_id)
    WHERE NOT deal.is_deleted AND deal.deal_id {{among}}
    ORDER BY ended_on, deal.deal_id
"""  # noqa: S608
LEADS = f"""
    WITH {TERMS}, known AS (
        SELECT touch.*, max(day) OVER own AS ended_on,
            max(day) OVER own - day > (SELECT lookback_days FROM terms) AS is_old
        FROM ({TOUCHES} WHERE lead_id <> '' AND lead_id {{among}}) AS touch
        WINDOW own AS (PARTITION BY lead_id)
    ), placed AS (
        SELECT *, lag(channel) OVER own AS before, lag(is_old) OVER own AS before_is_old
        FROM known WINDOW own AS (PARTITION BY lead_id ORDER BY touched_at, touch_id)
    )
    SELECT lead_id, {ARRAYS}, ended_on,
        (array_agg(segment ORDER BY touched_at DESC, touch_id DESC))[1] AS segment,
        (array_agg(region ORDER BY touched_at DESC, touch_id DESC))[1] AS region
    FROM placed GROUP BY lead_id, ended_on HAVING bool_and(deal_id = '')
"""  # noqa: S608

DEAL_JOURNEYS = RollUp(
    name="deal_journeys", model="insights.DealJourney", bucket="deal_id", select=DEALS
)
LEAD_JOURNEYS = RollUp(
    name="lead_journeys", model="insights.LeadJourney", bucket="lead_id", select=LEADS
)
