"""What is open now, as a sum for each owner and all that pages filter by."""

from __future__ import annotations

from revops_site.kernel.rollups import RollUp

# A stage is found by pipeline and name, else by name where one side does not tell its pipeline.
SELECT = """
    WITH open_deal AS MATERIALIZED (
        SELECT
            COALESCE(owner_id, '') AS owner_id, COALESCE(pipeline_id, '') AS pipeline_id,
            stage_name, segment, region, source_channel,
            CASE lower(btrim(forecast_category))
                WHEN 'pipeline' THEN 'Pipeline' WHEN 'best case' THEN 'Best Case'
                WHEN 'commit' THEN 'Commit' WHEN 'closed' THEN 'Closed'
                WHEN 'omitted' THEN 'Omitted' ELSE forecast_category
            END AS forecast_category,
            date_trunc('month', close_date::timestamp)::date AS close_month,
            currency, amount, probability
        FROM pipeline_deal
        WHERE status = 'open' AND NOT is_deleted
            AND (owner_id {among} OR (owner_id IS NULL AND '' {among}))
    ), staged AS (
        SELECT place.pipeline_id, place.stage_name, found.probability AS usual
        FROM (SELECT DISTINCT pipeline_id, stage_name FROM open_deal) AS place
        LEFT JOIN LATERAL (
            SELECT stage.probability
            FROM pipeline_stage AS stage
            WHERE stage.stage_name = place.stage_name
                AND (stage.pipeline_id = place.pipeline_id
                    OR stage.pipeline_id IS NULL OR place.pipeline_id = '')
            ORDER BY COALESCE(stage.pipeline_id, '') = place.pipeline_id DESC,
                stage.probability IS NULL, stage.pipeline_id, stage.stage_order, stage.stage_id
            LIMIT 1
        ) AS found ON true
    ), weighed AS (
        SELECT *, COALESCE(probability, usual) AS chance
        FROM open_deal JOIN staged USING (pipeline_id, stage_name)
    )
    SELECT
        owner_id, pipeline_id, stage_name, segment, region, source_channel, forecast_category,
        close_month, currency,
        count(*) AS deals,
        COALESCE(sum(amount), 0) AS amount,
        COALESCE(sum(amount * LEAST(1, GREATEST(0, chance))), 0) AS weighted,
        count(*) FILTER (WHERE amount IS NULL) AS missing_amount,
        count(*) FILTER (WHERE chance IS NULL) AS missing_probability
    FROM weighed
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
"""

STOCK = RollUp(
    name="open_deals",
    model="pipeline.OpenDealStock",
    bucket="owner_id",
    select=SELECT,
)
