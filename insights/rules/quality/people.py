"""Reps and teams that no file of theirs knows, and reps who sell without a quota."""

from __future__ import annotations

from insights.datasets import REPS, TEAMS
from insights.queries.quality import Check
from pipeline.datasets import QUOTAS

NO_QUOTA = """NOT EXISTS (
    SELECT FROM {quotas} AS quota
    WHERE quota.rep_id = it.rep_id
        AND quota.period_start < %(quarter_end)s AND quota.period_end > %(quarter_start)s
)"""

PEOPLE = (
    Check(
        slug="reps-unknown",
        label="Owners that no file of reps knows",
        meaning="Only other rows have named them: they are of no team, so that no manager sees "
        "what is theirs.",
        severity="missing",
        dataset=REPS,
        finds="it.is_placeholder",
        columns=("rep_id", "name", "team_id"),
    ),
    Check(
        slug="teams-unknown",
        label="Teams that no file of teams knows",
        meaning="Only the files of reps have named them: who leads them is unknown.",
        severity="odd",
        dataset=TEAMS,
        finds="it.is_placeholder",
        columns=("name", "manager_name", "region"),
    ),
    Check(
        slug="reps-without-quota",
        label="Active reps without a quota for the current quarter",
        meaning="Attainment and gap to target are unknown for them, and the team's quota is too "
        "low by theirs. The current fiscal quarter is that of the last day of the deals.",
        severity="missing",
        dataset=REPS,
        among="it.is_active AND NOT it.is_placeholder",
        finds=NO_QUOTA,
        columns=("rep_id", "name", "team_id", "start_date"),
        needs=(QUOTAS,),
        clock=("pipeline_deals",),
    ),
)
