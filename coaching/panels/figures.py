"""The figures of reps: what the queries tell, measured and placed, one row a rep."""

from __future__ import annotations

import pandas as pd

from coaching.analytics import performance
from coaching.analytics.activity import Activity, working_days
from coaching.analytics.activity import activity as of_days
from coaching.analytics.attainment import top_performers
from coaching.analytics.performance import Spans
from coaching.queries import sums, work
from coaching.queries.people import Group, company, may_tell, people
from revops_site.kernel.filters import Slice
from revops_site.kernel.periods import Period, plus
from revops_site.kernel.queries import shared

DAYS = 30
TEAMS = ("team_avg_win_rate", "team_avg_deal_size", "team_avg_cycle")
VERSUS = ("win_rate_vs_team", "cycle_vs_team", "win_rate_shrunk", "win_rate_rank")


@shared
def standing(slice_: Slice, group: Group) -> pd.DataFrame:
    """Each rep of a group by attainment: the columns of ``placed``, index rep_id."""
    spans = Spans.of(slice_.as_of, slice_.first_month)
    reps = pd.Index(group.ids, dtype="str", name="rep_id")
    found = performance.standing(
        sums.months(slice_, group.ids, spans.all_days),
        sums.planned(slice_, group.ids, spans.all_days),
        reps,
        spans,
    )
    starts = {one.rep_id: one.start_date for one in group.people}
    return performance.placed(performance.with_tiers(found, starts, slice_.as_of))


@shared
def rates(slice_: Slice, group: Group) -> pd.DataFrame:
    """Each rep's rates of the slice's period beside the group's, index rep_id.

    What is the group's is unknown where it would give a single rep's figures away.
    """
    reps = pd.Index(group.ids, dtype="str", name="rep_id")
    own = sums.decided(slice_, group.ids).groupby("owner_id")[[*performance.SUMS]].sum()
    found = performance.measured(own.reindex(reps).fillna(0.0).astype("float64"))
    if may_tell(group.ids, group):
        return found
    return found.assign(**dict.fromkeys((*TEAMS, *VERSUS), float("nan")))


@shared
def coverage(slice_: Slice, group: Group) -> pd.DataFrame:
    """Each rep's open deals of the running quarter, of what is still to be won; index rep_id.

    Columns open_deals, pipeline_total, whole_quota, quarter_won, coverage_ratio.
    """
    reps = pd.Index(group.ids, dtype="str", name="rep_id")
    open_ = sums.cover(slice_, group.ids).set_index("owner_id").reindex(reps).fillna(0.0)
    planned = pd.Series(sums.whole_quarter(slice_, group.ids), dtype="float64").reindex(reps)
    won = standing(slice_, group)["quarter_won"]
    left = planned - won
    return open_.assign(
        whole_quota=planned,
        quarter_won=won,
        coverage_ratio=open_["pipeline_total"] / left.where(left > 0),
    )


@shared
def activity(slice_: Slice, group: Group, days: Period) -> pd.DataFrame:
    """What each rep completed in some days: done, squares, working_days, avg_daily_activities."""
    reps = pd.Index(group.ids, dtype="str", name="rep_id")
    found = work.spread(slice_, group.ids, days).set_index("rep_id").reindex(reps).fillna(0)
    worked = pd.Series(work.worked_by(group.people, days), dtype="float64").reindex(reps)
    return found.assign(
        working_days=worked, avg_daily_activities=found["done"] / worked.where(worked > 0)
    )


@shared
def segments(slice_: Slice, group: Group) -> dict[str, str]:
    """The segment in which each rep decided most deals of the period; "" of none."""
    found = sums.decided(slice_, group.ids)
    counted = found.assign(n=found["won"] + found["lost"])
    counted = counted.sort_values(["n", "segment"], ascending=[False, True], kind="stable")
    first = counted[counted["n"] > 0].drop_duplicates("owner_id")
    return dict(zip(first["owner_id"], first["segment"], strict=True))


@shared
def top(slice_: Slice) -> tuple[str, ...]:
    """The Top Performers of the company."""
    found = standing(slice_, company(slice_))
    return tuple(top_performers(found["ytd_attainment"], found["performance_tier"].tolist()))


def last_days(slice_: Slice, many: int = DAYS) -> Period:
    """The days up to the slice's own."""
    return Period(plus(slice_.as_of, 1 - many), plus(slice_.as_of, 1))


def evenness(slice_: Slice, rep_id: str) -> int | None:
    """How even a rep's working days of the last 30 are, from 0 to 100; None where unknown."""
    return one_activity(slice_, rep_id, last_days(slice_)).activity_consistency_score


@shared
def one_activity(slice_: Slice, rep_id: str, days: Period) -> Activity:
    """What one rep completed in some days."""
    whose = next(one for one in people() if one.rep_id == rep_id)
    found = work.done(slice_, rep_id, days)
    worked = working_days(days, work.off(days, whose.region), whose.start_date)
    return of_days(found, worked, days)
