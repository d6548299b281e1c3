"""How deals passed through their stages: each visit by its days, beside the stay it belongs to."""

from __future__ import annotations

from revops_site.kernel.rollups import RollUp

# A stage's place is that of the visit's pipeline, else of any that has a stage of that name.
# Of a stay with several visits each end is looked at for itself: whether all that had begun by
# then were over, how long they were together, and when the next one began.
SELECT = """
    WITH zone AS MATERIALIZED (SELECT time_zone FROM kernel_workspace),
    own AS MATERIALIZED (
        SELECT COALESCE(pipeline_id, '') AS stage_pipeline, stage_name, min(stage_order) AS place
        FROM pipeline_stage WHERE NOT is_closed GROUP BY 1, 2
    ), named AS MATERIALIZED (
        SELECT stage_name, min(place) AS place FROM own GROUP BY stage_name
    ), visit AS (
        SELECT visit.deal_id, visit.stage_name,
            row_number() OVER deal_s AS nth,
            COALESCE(lead(visit.stage_name) OVER deal_s, '') AS next_stage,
            deal.owner_id, deal.pipeline_id, deal.segment, deal.region, deal.source_channel,
            deal.status, deal.closed_at,
            COALESCE(NULLIF(visit.pipeline_id, ''), deal.pipeline_id, '') AS stage_pipeline,
            (entered_at AT TIME ZONE (SELECT time_zone FROM zone))::date AS entered_on,
            (exited_at AT TIME ZONE (SELECT time_zone FROM zone))::date AS left_on
        FROM pipeline_stagevisit AS visit
        JOIN pipeline_deal AS deal USING (deal_id)
        WHERE visit.deal_id {among} AND NOT deal.is_deleted AND NOT (
            deal.status = 'lost'
            AND lower(btrim(deal.lost_reason)) IN ('duplicate', 'test', 'merged')
        )
        WINDOW deal_s AS (PARTITION BY visit.deal_id ORDER BY entered_at, key)
    ), placed AS (
        SELECT visit.*, COALESCE(own.place, named.place)::int AS place
        FROM visit
        LEFT JOIN own USING (stage_pipeline, stage_name)
        LEFT JOIN named USING (stage_name)
    ), told AS MATERIALIZED (
        SELECT placed.*,
            row_number() OVER (
                PARTITION BY deal_id, stage_pipeline, stage_name ORDER BY nth
            ) = 1 AS is_first,
            count(*) OVER (PARTITION BY deal_id, stage_pipeline, stage_name) = 1 AS is_only,
            CASE WHEN place IS NOT NULL THEN min(entered_on) OVER (
                PARTITION BY deal_id ORDER BY place NULLS FIRST
                RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
            ) END AS passed_on
        FROM placed
    ), several AS MATERIALIZED (
        SELECT deal_id, stage_pipeline, stage_name, nth, entered_on, left_on
        FROM told WHERE NOT is_only
    ), ended AS MATERIALIZED (
        SELECT one.deal_id, one.nth,
            bool_and(other.left_on IS NOT NULL AND other.left_on <= one.left_on
                AND NOT (other.left_on = one.left_on AND other.nth > one.nth)
            ) FILTER (WHERE other.entered_on <= one.left_on) AS is_over,
            sum(other.left_on - other.entered_on)
                FILTER (WHERE other.entered_on <= one.left_on) AS days,
            min(other.entered_on) FILTER (WHERE other.entered_on > one.left_on) AS returned_on
        FROM several AS one JOIN several AS other USING (deal_id, stage_pipeline, stage_name)
        WHERE one.left_on IS NOT NULL
        GROUP BY one.deal_id, one.nth
    )
    SELECT told.deal_id, told.nth, owner_id, pipeline_id, segment, region, source_channel,
        status, closed_at, stage_pipeline, stage_name, next_stage, entered_on, left_on,
        is_first, is_only, passed_on,
        CASE WHEN is_only THEN left_on - entered_on
            WHEN ended.is_over THEN ended.days END AS stay_days,
        CASE WHEN ended.is_over THEN ended.returned_on END AS returned_on
    FROM told
    LEFT JOIN ended ON NOT told.is_only AND ended.deal_id = told.deal_id AND ended.nth = told.nth
    ORDER BY told.entered_on
"""

STAYS = RollUp(
    name="stage_stays",
    model="pipeline.StageStay",
    bucket="deal_id",
    select=SELECT,
)
