"""Coaching's worked examples: files through the loader, and the sums of reps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from coaching.analytics import drivers, performance, priority, rates
from coaching.analytics.activity import SPANS, a_day, activity, span, working_days
from coaching.analytics.drivers import DRIVERS
from coaching.analytics.evidence import Sample, together
from coaching.panels import figures
from coaching.panels.team import contract
from coaching.queries.people import group
from revops_site.kernel.filters import Filters, narrow
from revops_site.kernel.permissions import EVERYBODY
from tests.golden.adapters.pipeline import REQUIRED, load, workspace_of
from tests.golden.files import Golden


def rep_performance(golden: Golden) -> dict[str, Any]:
    """Each rep's row of the contract, with the ranks of the quarter before as they are given."""
    given, day = golden.input, date.fromisoformat(golden.settings["as_of"])
    workspace = workspace_of(golden.settings)
    load("reps", [{"name": one["rep_id"], **one} for one in given["reps"]])
    load("quotas", given["quotas"])
    deals = [
        {"deal_id": f"D{nth}", "stage": "Demo", "owner": deal["owner_id"], **deal}
        for nth, deal in enumerate(given["deals"])
    ]
    load(
        "pipeline_deals",
        [{name: value for name, value in deal.items() if name != "owner_id"} for deal in deals],
        REQUIRED,
    )
    slice_ = narrow(
        Filters(as_of=day),
        EVERYBODY,
        day,
        first_month=workspace.fiscal_year_start_month,
        currency="USD",
        default_period="this_year",
    )
    found = group(slice_)
    before = {one["rep_id"]: one["overall_rank"] for one in given["previous_ranks"]}
    standing = performance.placed(
        figures.standing(slice_, found), pd.Series(before, dtype="float64")
    )
    rows = pd.concat([standing, figures.rates(slice_, found)], axis=1)
    named = {one.rep_id: one for one in found.people}
    return {
        "reps": [
            contract.view(named[one["rep_id"]], rows.loc[one["rep_id"]], "")
            for one in given["reps"]
        ]
    }


def rep_shrinkage(golden: Golden) -> dict[str, Any]:
    """Each rep's win rate as it is ranked."""
    reps = pd.DataFrame(golden.input["reps"]).set_index("rep_id").astype("float64")
    won, lost = reps["won"], reps["closed"] - reps["won"]
    found = rates.shrunk(won, lost, golden.settings["prior_strength"])
    names = ("win_rate", "win_rate_shrunk", "win_rate_rank")
    return {
        "team_win_rate": rates.team_rate(won, lost),
        "reps": [
            {
                "rep_id": rep,
                **{name: _known(row[name]) for name in names},
                "low_sample": bool(row["low_sample"]),
            }
            for rep, row in found.iterrows()
        ],
    }


def driver_comparison(golden: Golden) -> dict[str, Any]:
    """The three values of each driver, the gap and the bars."""
    return {"drivers": [_driver(one) for one in golden.input["drivers"]]}


def _driver(given: Mapping[str, Any]) -> dict[str, Any]:
    rep = _ratio([(given["rep_num"], given["rep_den"])])
    top, team = _ratio(given["top"]), _ratio(given["team"])
    (own,) = (one for one in DRIVERS if one.name == given["metric_name"])
    assert own.good == given["good_direction"]
    return {
        "metric_name": own.name,
        "rep_value": rep,
        "top_performer_value": top,
        "team_avg_value": team,
        **drivers.values(rep, top, team, own.good),
    }


def _ratio(pairs: Any) -> float | None:
    samples = [Sample(of, total, 0.0) for total, of in pairs]
    return together(samples).mean


def activity_metrics(golden: Golden) -> dict[str, Any]:
    """Each rep's activities of the period, and those of all together."""
    day = date.fromisoformat(golden.settings["as_of"])
    assert golden.settings["period"] in SPANS
    days = span(golden.settings["period"], day)
    off = [date.fromisoformat(one) for one in golden.input["holidays"]]
    worked = working_days(days, off)
    found = {}
    for rep in golden.input["reps"]:
        done = Counter(
            (date.fromisoformat(one["done_at"]), one["type"])
            for one in golden.input["activities"]
            if one["rep_id"] == rep
        )
        found[rep] = activity(done, worked, days)
    total = sum(one.total_activities for one in found.values())
    return {
        "team_avg_daily": a_day(total, sum(one.working_days for one in found.values())),
        "reps": [
            {
                "rep_id": rep,
                "total_activities": one.total_activities,
                **{f"{kind}_count": n for kind, n in one.counts.items()},
                "working_days": one.working_days,
                "avg_daily_activities": one.avg_daily_activities,
                **{f"{name.lower()}_avg": mean for name, mean in one.weekdays.items()},
                "low_activity_days": list(one.low_activity_days),
                "activity_consistency_score": one.activity_consistency_score,
            }
            for rep, one in found.items()
        ],
    }


def next_best_actions(golden: Golden) -> dict[str, Any]:
    """Each open deal with its factors, its score, and its place for its rep."""
    given = [
        priority.Open(
            opportunity_id=one["opportunity_id"],
            rep_id=one["rep_id"],
            health=one["deal_health"],
            days_since_contact=one["days_since_contact"],
            amount=one["deal_amount"],
            days_until_close=one["days_until_close"],
            flags=len(one["risk_flags"]),
            urgency=one["urgency"],
        )
        for one in golden.input["deals"]
    ]
    found = priority.ranked(given, golden.settings["median_won_amount"])
    return {
        "actions": [
            {
                "opportunity_id": one.deal.opportunity_id,
                "rep_id": one.deal.rep_id,
                "factors": dict(one.factors),
                "priority_score": one.priority_score,
                "urgency": one.urgency,
                "priority_rank": one.priority_rank,
            }
            for one in found
        ]
    }


def _known(value: float) -> float | None:
    return None if value != value else float(value)


ADAPTERS: Mapping[str, Callable[[Golden], Any]] = {
    "rep_performance": rep_performance,
    "rep_shrinkage": rep_shrinkage,
    "driver_comparison": driver_comparison,
    "activity_metrics": activity_metrics,
    "next_best_actions": next_best_actions,
}
