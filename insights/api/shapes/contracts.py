"""The widgets of the published contract: exactly its fields; null is what is not known."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from ninja import Schema

Number = float | None
Count = int | None
Text = str | None


class Stamped(Schema):
    """When the data came in, and the last day they tell of."""

    created_at: datetime | None
    updated_at: datetime | None
    data_freshness: date | None


class DashboardKPIs(Stamped):
    """The quarter's forecast against its target."""

    snapshot_date: date
    quarter: str
    team_filter: str
    quarter_target: Number
    ai_forecast: Number
    ai_forecast_confidence: Number
    commit_amount: Number
    commit_confidence: Number
    closed_won_amount: Number
    gap_to_target: Number
    gap_pct: Number
    coverage_ratio: Number
    risk_level: Literal["Low", "Medium", "High", "Critical"] | None
    forecast_change_1w: Number
    commit_change_1w: Number


class ForecastHistory(Stamped):
    """A week of the quarter as it was known then."""

    snapshot_date: date
    week_number: int
    quarter: str
    cumulative_target: Number
    cumulative_closed: Number
    cumulative_commit: Number
    cumulative_forecast: Number
    pipeline_commit: Number
    pipeline_best_case: Number
    pipeline_total: Number
    avg_pipeline_health: Number


class StageVelocity(Stamped):
    """A stage: how long deals stay, and how many go on."""

    stage_name: str
    stage_order: Count
    avg_duration_days: Number
    median_duration_days: Number
    benchmark_days: Number
    deviation_days: Number
    duration_change_pct: Number
    trend_direction: Literal["improving", "stable", "worsening"] | None
    conversion_rate: Number
    deals_in_stage: Count
    amount_in_stage: Number
    status_indicator: Literal["green", "yellow", "red"] | None
    trend_display: Text


class StuckDealView(Stamped):
    """A deal that is stuck or urgent."""

    opportunity_id: str
    account_name: Text
    opportunity_name: Text
    owner_name: Text
    amount: Number
    stage_name: Text
    days_in_stage: Count
    health_score: Count
    close_date: date | None
    urgency: Literal["CRITICAL", "HIGH", "MEDIUM", "LOW"]
    risk_flags: list[str]
    risk_flags_display: str
    days_until_close: Count
    slip_risk: Literal["HIGH", "MEDIUM", "LOW"]
    primary_action: Literal["call", "email", "meeting", "escalate"]
    action_target: Text
    action_reason: Text
    urgency_icon: str
    amount_display: str


class HealthDistribution(Stamped):
    """Open deals by how healthy they are."""

    quarter: str
    team_filter: str
    snapshot_date: date
    healthy_count: Count
    healthy_amount: Number
    healthy_pct: Number
    monitor_count: Count
    monitor_amount: Number
    monitor_pct: Number
    at_risk_count: Count
    at_risk_amount: Number
    at_risk_pct: Number
    critical_count: Count
    critical_amount: Number
    critical_pct: Number
    at_risk_change_1w: Number
    trend_direction: Literal["improving", "stable", "worsening"] | None


class RepPerformanceView(Stamped):
    """A rep beside the team."""

    rep_id: str
    rep_name: Text
    manager_name: Text
    region: Text
    segment: Text
    ytd_attainment: Number
    ytd_attainment_display: Text
    win_rate: Number
    avg_deal_size: Number
    avg_sales_cycle_days: Number
    overall_rank: Count
    total_reps: Count
    rank_display: Text
    rank_change_qoq: Count
    team_avg_win_rate: Number
    team_avg_deal_size: Number
    team_avg_cycle: Number
    win_rate_vs_team: Number
    win_rate_vs_team_display: Text
    cycle_vs_team: Number
    attainment_change_qoq: Number
    win_rate_change_qoq: Number
    performance_tier: Literal["Top Performer", "On Track", "Needs Improvement", "At Risk"] | None


class RepDriverComparison(Stamped):
    """What drives a rep's win rate, beside top performers and the team."""

    rep_id: str
    metric_name: str
    metric_label: str
    rep_value: Number
    top_performer_value: Number
    team_avg_value: Number
    format_type: Literal["decimal", "percent", "days"]
    good_direction: Literal["higher", "lower"]
    gap_to_top: Number
    gap_pct: Number
    gap_impact: Text
    bar_max: Number
    rep_bar_pct: Number
    top_bar_pct: Number


class RepActivityMetrics(Stamped):
    """What a rep did in a period."""

    rep_id: str
    period: Literal["30d", "7d", "today"]
    total_activities: Count
    call_count: Count
    email_count: Count
    meeting_count: Count
    demo_count: Count
    avg_daily_activities: Number
    team_avg_daily: Number
    top_performer_daily: Number
    monday_avg: Number
    tuesday_avg: Number
    wednesday_avg: Number
    thursday_avg: Number
    friday_avg: Number
    low_activity_days: list[str]
    activity_consistency_score: Count


class NextBestAction(Stamped):
    """What a rep does best next."""

    action_id: str
    rep_id: str
    opportunity_id: str
    account_name: Text
    contact_name: Text
    contact_role: Text
    action_type: Literal["call", "email", "meeting", "task"]
    action_reason: Text
    priority_score: Number
    priority_rank: Count
    best_time_start: Text
    best_time_end: Text
    urgency: Literal["today", "this_week", "soon"]
    deal_amount: Number
    deal_health: Count
    days_since_contact: Count
    risk_if_delayed: Text
    action_icon: str
    time_display: Text


class Strength(Schema):
    """What a rep does well."""

    title: str
    detail: str
    metric_value: str
    metric_comparison: str


class Improvement(Schema):
    """What a rep could do better."""

    title: str
    detail: str
    gap_value: str
    impact_estimate: str
    suggested_action: str


class PriorityAction(Schema):
    """What a rep is advised to do with a deal."""

    deal_name: str
    deal_amount: Number
    action: str
    reason: str
    deadline: Text


class RepCoachingInsights(Stamped):
    """What was written of a rep."""

    rep_id: str
    generated_at: datetime
    model_version: str
    strengths: list[Strength]
    improvements: list[Improvement]
    priority_actions: list[PriorityAction]
    overall_assessment: str
    primary_focus_area: str
