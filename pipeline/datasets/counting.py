"""What counts of a deal where its file, its history and people here tell of the same."""

from __future__ import annotations

# Who owned a deal when it closed counts. That it was handed on later is logged once, and the owner
# given back then: a file that tells of the same again changes nothing. A person may correct it.
OWNER = """CASE WHEN status <> 'open' AND
    current_setting('revops.by_hand', true) IS DISTINCT FROM 'yes'
AND EXISTS (
    SELECT FROM pipeline_deal AS deal JOIN pipeline_dealchange AS handed USING (deal_id)
    WHERE deal.deal_id = given.deal_id AND deal.status = given.status
        AND deal.closed_at = COALESCE(given.closed_on, given.last_stage_change)
        AND deal.owner_id IS DISTINCT FROM given.owner_id
        AND handed.field = 'owner_id' AND handed.new = COALESCE(given.owner_id, '')
        AND (
            handed.changed_at AT TIME ZONE (SELECT time_zone FROM kernel_workspace)
        )::date > deal.closed_at AND NOT EXISTS (
            SELECT FROM pipeline_dealchange AS turned
            WHERE turned.deal_id = deal.deal_id AND turned.field IN ('status', 'closed_at')
                AND turned.changed_at >= handed.changed_at
        )
) THEN (
    SELECT deal.owner_id FROM pipeline_deal AS deal WHERE deal.deal_id = given.deal_id
) ELSE given.owner_id END"""
# What somebody set by hand counts while the deal is open and has not closed since.
CATEGORY = """CASE WHEN status = 'open' AND (
    SELECT EXISTS (SELECT FROM pipeline_categoryoverride WHERE ended_at IS NULL)
) THEN COALESCE((
    SELECT override.category
    FROM pipeline_categoryoverride AS override
    WHERE override.deal_id = given.deal_id AND override.ended_at IS NULL AND NOT EXISTS (
        SELECT FROM pipeline_dealchange AS change
        WHERE change.deal_id = override.deal_id AND change.field = 'status'
            AND change.new IN ('won', 'lost', 'deleted') AND change.changed_at > override.at
    )
), given.forecast_category) ELSE given.forecast_category END"""
# A next step set by hand counts until it is ended, but for what the file plans before it.
NEXT = """CASE WHEN status = 'open' AND (
    SELECT EXISTS (SELECT FROM pipeline_nextstep WHERE ended_at IS NULL)
) THEN COALESCE((
    SELECT CASE WHEN given.next_activity_at >= step.set_on
        THEN LEAST(given.next_activity_at, step.due_date) ELSE step.due_date END
    FROM pipeline_nextstep AS step
    WHERE step.deal_id = given.deal_id AND step.ended_at IS NULL
), given.next_activity_at) ELSE given.next_activity_at END"""
# What somebody did for an open deal here counts as much as what the CRM has of it.
UPDATED = """GREATEST(given.update_time, CASE WHEN status = 'open' AND (
    SELECT EXISTS (SELECT FROM pipeline_nextstep) OR EXISTS (SELECT FROM pipeline_writtennote)
) THEN (
    SELECT max(moment) FROM (
        SELECT GREATEST(step.at, step.ended_at) AS moment
        FROM pipeline_nextstep AS step WHERE step.deal_id = given.deal_id
        UNION ALL
        SELECT note.created_at FROM pipeline_writtennote AS own JOIN pipeline_note AS note
            USING (note_id)
        WHERE own.deal_id = given.deal_id AND own.author_id IS NOT NULL
    ) AS work
) END)"""
WORKED = """GREATEST(given.last_activity_at, CASE WHEN status = 'open' AND (
    SELECT EXISTS (SELECT FROM pipeline_nextstep WHERE ended = 'done')
) THEN (
    SELECT (max(step.ended_at) AT TIME ZONE (SELECT time_zone FROM kernel_workspace))::date
    FROM pipeline_nextstep AS step WHERE step.deal_id = given.deal_id AND step.ended = 'done'
) END)"""
