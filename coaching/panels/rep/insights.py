"""What a rep's figures mean: found as the rep may see them, kept, and shown with what proves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from coaching.analytics.drivers import Compared, compared
from coaching.analytics.insights import told
from coaching.analytics.points import Action, Calls, Known, Stage, Told
from coaching.analytics.trend import trend
from coaching.panels import figures, priorities
from coaching.panels.rep import drivers, past, why
from coaching.panels.rep.known import beside
from coaching.panels.team.known import DATASETS
from coaching.queries import insights as kept
from coaching.queries.people import Person, person, team_of
from pipeline.analytics.calls import HIGH, LOW, verdict
from pipeline.panels.health.urgent import DOING
from revops_site.kernel import formats, freshness
from revops_site.kernel.filters import Allowed, Filters, Slice, narrow
from revops_site.kernel.pages import Visit
from revops_site.kernel.periods import Period
from revops_site.kernel.permissions import EVERYBODY
from revops_site.kernel.queries import sharing

SLUG = "coaching-insights"
TEMPLATE = "coaching/_insights.html"
FRIDAY = 4
PROOF: Mapping[str, str] = {
    "rep-drivers": "Compare",
    "rep-quarters": "Quarter by quarter",
    "rep-stages": "Where deals stop",
    "rep-calls": "The own calls",
}
DAYS = {"today": 0, "soon": 14}


def find(rep_id: str) -> tuple[date, Told] | None:
    """What is to be said of a rep as of the data's last day; None of nobody, or without data.

    With the rights of the rep: what is kept may be read by the rep, whoever had it written.
    """
    whose = person(rep_id, EVERYBODY)
    at = freshness.workspace()
    last = freshness.of(DATASETS, at).last_day
    if whose is None or last is None:
        return None
    with sharing():
        slice_ = narrow(
            Filters(owner=(rep_id,)),
            Allowed((rep_id,)),
            last,
            first_month=at.fiscal_year_start_month,
            currency=at.reporting_currency,
            default_period="this_year",
        )
        return last, told(_known(slice_, whose))


def content(found: Told) -> dict[str, Any]:
    """What is kept of it."""
    return {
        "strengths": [asdict(one) for one in found.strengths],
        "improvements": [asdict(one) for one in found.improvements],
        "actions": [asdict(one) for one in found.actions],
        "assessment": found.assessment,
        "focus": found.focus,
    }


def _known(slice_: Slice, whose: Person) -> Known:
    standing = figures.standing(slice_, team_of(slice_, whose.rep_id)).loc[whose.rep_id].to_dict()
    attainment = float(standing["ytd_attainment"])
    quarters = past.frame(slice_, whose)
    own = figures.one_activity(slice_, whose.rep_id, figures.last_days(slice_))
    lost = why.lost(slice_, whose).to_dict("records")
    return Known(
        tier=standing["performance_tier"],
        attainment=None if attainment != attainment else attainment,
        to_top=drivers.comparisons(slice_, whose),
        to_team=_to_team(slice_, whose),
        trend=trend(
            [(row["won"], row["won"] + row["lost"]) for row in quarters.to_dict("records")]
        ),
        stages=[
            Stage(
                str(row["stage_name"]),
                int(row["moved_on"]),
                int(row["resolved"]),
                float(row["team_conversion_rate"]),
            )
            for row in why.stages(slice_, whose).to_dict("records")
            if row["finding"] == "behind"
        ],
        calls=_calls(slice_, whose),
        lost=(str(lost[0]["reason"]), int(lost[0]["lost"]), sum(int(one["lost"]) for one in lost))
        if lost
        else None,
        low_days=own.low_activity_days,
        done_before=figures.one_activity(
            slice_, whose.rep_id, _before(slice_.as_of)
        ).avg_daily_activities,
        actions=[_action(one, slice_) for one in priorities.actions(slice_, 3)],
        currency=slice_.currency,
    )


def _before(day: date) -> Period:
    """The 60 days before the last 30."""
    return Period(day - timedelta(days=89), day - timedelta(days=29))


def _to_team(slice_: Slice, whose: Person) -> Sequence[Compared]:
    """The rep by each driver beside the team, as top performers are told otherwise."""
    team, rep = beside(slice_, whose), whose.rep_id
    if len(team) < 2 or rep not in team:
        return []
    found = drivers.samples(slice_, rep)
    of_team = {name: [one[other] for other in team] for name, one in found.items()}
    own = {name: one[rep] for name, one in found.items()}
    return compared(own, of_team, of_team, slice_.currency, is_top=True)


def _calls(slice_: Slice, whose: Person) -> Calls | None:
    found = past.errors(slice_, whose)
    actual = float(found["actual"].sum()) if len(found) else 0.0
    if actual <= 0:
        return None
    bias, quarters = float(found["error"].sum()) / actual, int(found["quarter"].nunique())
    said = verdict(quarters, bias)
    return Calls(quarters, bias, said, said in {HIGH, LOW})


def _action(one: priorities.Action, slice_: Slice) -> Action:
    row = one.row
    whom = row["action_target"]
    amount = row["value"]
    return Action(
        deal_id=row["deal_id"],
        deal_name=row["deal_name"],
        deal_amount=None if amount is None else float(amount),
        action=f"{DOING[row['primary_action']]} {whom}".strip(),
        reason=row["action_reason"],
        deadline=_by(one.ranked.urgency, slice_.as_of).isoformat(),
    )


def _by(urgency: str, day: date) -> date:
    """Today, the Friday of the week, or in two weeks."""
    if urgency == "this_week":
        return day + timedelta(days=max(0, FRIDAY - day.weekday()))
    return day + timedelta(days=DAYS[urgency])


def contract(whose: Person) -> list[dict[str, Any]]:
    """RepCoachingInsights of the rep; none where nothing was written yet."""
    found = kept.newest(whose.rep_id)
    if found is None:
        return []
    said = found.content
    return [
        {
            "rep_id": whose.rep_id,
            "generated_at": found.generated_at.isoformat(),
            "model_version": found.model_version,
            "strengths": [
                {
                    "title": one["title"],
                    "detail": _whole(one),
                    "metric_value": one["value"],
                    "metric_comparison": one["comparison"],
                }
                for one in said["strengths"]
            ],
            "improvements": [
                {
                    "title": one["title"],
                    "detail": _whole(one),
                    "gap_value": f"{one['value']} ({one['comparison']})",
                    "impact_estimate": one["impact"],
                    "suggested_action": one["action"],
                }
                for one in said["improvements"]
            ],
            "priority_actions": [
                {name: one[name] for name in ACTION} for one in _own(whose, said["actions"])
            ],
            "overall_assessment": said["assessment"],
            "primary_focus_area": said["focus"],
        }
    ]


ACTION = ("deal_name", "deal_amount", "action", "reason", "deadline")


def _whole(one: Mapping[str, Any]) -> str:
    return f"{one['detail']} {one['caveat']}".strip()


def _own(whose: Person, actions: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Those on deals that are open and the rep's still: a deal may have gone to somebody else."""
    still = kept.still_open(whose.rep_id, [one["deal_id"] for one in actions])
    return [one for one in actions if one["deal_id"] in still]


def drawn(visit: Visit, whose: Person, address: str, token: str) -> Mapping[str, Any]:
    """What ``_insights.html`` prints; ``token`` is "" where the reader may not have it anew."""
    found = kept.newest(whose.rep_id)
    is_asked = kept.is_asked(whose.rep_id)
    return {
        "template": TEMPLATE,
        "url": f"{address}insights/",
        "contract": f"{address}insights.json",
        "token": token,
        "is_asked": is_asked,
        "said": _said(visit, found, address) if found else None,
        "state": _state(visit, found, is_asked=is_asked),
    }


def _state(visit: Visit, found: kept.Kept | None, *, is_asked: bool) -> Mapping[str, str]:
    if is_asked:
        return {"word": "Being written", "tone": "muted", "says": "The worker is writing it anew."}
    last = visit.fresh.last_day
    if found and last and found.day < last:
        newest = formats.show(last, "date")
        says = f"The data go on to {newest}: it is written anew within minutes."
        return {"word": "Older than the data", "tone": "warn", "says": says}
    return {"word": "", "tone": "", "says": ""}


def _said(visit: Visit, found: kept.Kept, address: str) -> Mapping[str, Any]:
    said = found.content
    local = found.generated_at.astimezone(ZoneInfo(visit.workspace.time_zone))
    by_model = found.model_version.partition(" + ")[2]
    return {
        "assessment": said["assessment"],
        "focus": said["focus"],
        "strengths": [_point(one, address) for one in said["strengths"]],
        "improvements": [_point(one, address) for one in said["improvements"]],
        "day": formats.show(found.day, "date"),
        "day_iso": found.day.isoformat(),
        "at": f"{formats.show(local.date(), 'date')}, {local:%H:%M}",
        "iso": found.generated_at.isoformat(),
        "origin": f"model: {by_model}" if by_model else "template",
        "version": found.model_version,
        "explain": f"{address}#panel-rep-coaching-kpis",
    }


def _point(one: Mapping[str, Any], address: str) -> Mapping[str, Any]:
    return {
        **one,
        "url": f"{address}#panel-{one['panel']}",
        "proof": PROOF[one["panel"]],
    }


__all__ = ["SLUG", "TEMPLATE", "content", "contract", "drawn", "find"]
