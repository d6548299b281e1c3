"""Each status is a part of the view of its own, which whoever asks for another need not read.

Of a closed deal's past that nothing tells of, what only its end gave it is unknown.
"""

from django.db import migrations

VIEW = """
CREATE OR REPLACE VIEW pipeline_deal_state AS
SELECT
    past.deal_id, deal.account_id, deal.account_name, deal.opportunity_name, past.owner_id,
    deal.manager_name, past.region, past.segment, past.source_channel, past.pipeline_id,
    past.stage_name, past.amount, past.currency, past.created_at, past.close_date, past.closed_at,
    past.status, past.lost_reason, past.probability, past.forecast_category,
    past.last_stage_change, past.discount_pct, past.has_champion, past.has_economic_buyer,
    past.valid_from, past.valid_to
FROM pipeline_dealpast AS past LEFT JOIN pipeline_deal AS deal ON deal.deal_id = past.deal_id
UNION ALL
SELECT
    deal_id, account_id, account_name, opportunity_name, owner_id,
    manager_name, region, segment, source_channel, pipeline_id,
    stage_name, amount, currency, created_at, close_date, NULL::date,
    'open'::varchar, ''::varchar, probability, forecast_category,
    last_stage_change, discount_pct, has_champion, has_economic_buyer,
    COALESCE(state_since, created_at), NULL::date
FROM pipeline_deal
WHERE status = 'open' AND NOT is_deleted
UNION ALL
SELECT
    deal_id, account_id, account_name, opportunity_name, owner_id,
    manager_name, region, segment, source_channel, pipeline_id,
    stage_name, amount, currency, created_at, close_date, closed_at,
    'won'::varchar, ''::varchar, probability, forecast_category,
    last_stage_change, discount_pct, has_champion, has_economic_buyer,
    COALESCE(state_since, closed_at), NULL::date
FROM pipeline_deal
WHERE status = 'won' AND NOT is_deleted
UNION ALL
SELECT
    deal_id, account_id, account_name, opportunity_name, owner_id,
    manager_name, region, segment, source_channel, pipeline_id,
    stage_name, amount, currency, created_at, close_date, closed_at,
    'lost'::varchar, lost_reason, probability, forecast_category,
    last_stage_change, discount_pct, has_champion, has_economic_buyer,
    COALESCE(state_since, closed_at), NULL::date
FROM pipeline_deal
WHERE status = 'lost' AND NOT is_deleted
UNION ALL
SELECT
    deal_id, account_id, account_name, opportunity_name, owner_id,
    manager_name, region, segment, source_channel, pipeline_id,
    stage_name, amount, currency, created_at, close_date, NULL::date,
    'deleted'::varchar, ''::varchar, probability, forecast_category,
    last_stage_change, discount_pct, has_champion, has_economic_buyer,
    COALESCE(state_since, created_at), NULL::date
FROM pipeline_deal
WHERE is_deleted
UNION ALL
SELECT
    deal_id, account_id, account_name, opportunity_name, owner_id,
    manager_name, region, segment, source_channel, pipeline_id,
    stage_name, amount, currency, created_at, close_date, NULL::date,
    'open'::varchar, ''::varchar, NULL::numeric(9, 6), ''::varchar(40),
    CASE WHEN last_stage_change < closed_at THEN last_stage_change END,
    discount_pct, has_champion, has_economic_buyer,
    created_at, closed_at
FROM pipeline_deal
WHERE status <> 'open' AND NOT is_deleted AND state_since IS NULL AND created_at < closed_at
    AND NOT (status = 'lost' AND lower(btrim(lost_reason)) IN ('duplicate', 'test', 'merged'));
"""


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0010_snapshots_of_days")]

    operations = [migrations.RunSQL(VIEW, migrations.RunSQL.noop)]
