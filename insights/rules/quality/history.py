"""Histories of deals that contradict themselves, or the deals."""

from __future__ import annotations

from insights.queries.quality import Check
from pipeline.datasets import PIPELINE_DEALS, STAGE_HISTORY

# Of two stays the one that began first is taken at its word: the later one is found.
BEFORE = """
    other.deal_id = it.deal_id
    AND (other.entered_at, COALESCE(other.exited_at, 'infinity'), other.key)
        < (it.entered_at, COALESCE(it.exited_at, 'infinity'), it.key)
"""
OVERLAPS = f"""EXISTS (
    SELECT FROM {{stage_history}} AS other
    WHERE {BEFORE} AND COALESCE(other.exited_at, 'infinity') > it.entered_at
        AND (other.exited_at IS NOT NULL OR it.exited_at IS NOT NULL)
)"""
OPEN_TWICE = f"""EXISTS (
    SELECT FROM {{stage_history}} AS other WHERE {BEFORE} AND other.exited_at IS NULL
)"""
ELSEWHERE = """EXISTS (
    SELECT FROM {stage_history} AS stay
    WHERE stay.deal_id = it.deal_id AND stay.exited_at IS NULL AND stay.stage_name <> it.stage_name
)"""
STAY = ("deal_id", "stage_name", "entered_at", "exited_at")

HISTORY = (
    Check(
        slug="stays-overlap",
        label="Stage visits that begin before the one before has ended",
        meaning="A deal is in one stage at a time: its days are counted in two of them. Load its "
        "stage_history with the right moments.",
        severity="wrong",
        dataset=STAGE_HISTORY,
        finds=OVERLAPS,
        columns=STAY,
        order=("deal_id", "entered_at"),
    ),
    Check(
        slug="stays-open-twice",
        label="Stage visits of deals that are in an earlier stage, too",
        meaning="Two visits of one deal have no end: how long it has been in its stage is told of "
        "one of them. Say when the deal left the earlier stage.",
        severity="wrong",
        dataset=STAGE_HISTORY,
        among="it.exited_at IS NULL",
        finds=OPEN_TWICE,
        columns=STAY[:-1],
        order=("deal_id", "entered_at"),
    ),
    Check(
        slug="deals-in-another-stage",
        label="Open deals whose stage is not that of their open visit",
        meaning="Their stage says one thing and their history another: how long they are in their "
        "stage is wrong in one of them. Load stage_history as new as the deals.",
        severity="wrong",
        dataset=PIPELINE_DEALS,
        among="it.status = 'open' AND NOT it.is_deleted",
        finds=ELSEWHERE,
        columns=("deal_id", "account_name", "owner_id", "stage_name", "last_stage_change"),
        needs=(STAGE_HISTORY,),
    ),
)
