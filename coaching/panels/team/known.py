"""What all panels of the team's page share: their filters, their reps, their notes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from coaching.panels import figures
from coaching.queries.people import group, may_tell
from pipeline.panels.known import CLOSED
from pipeline.panels.ledgers import DATASETS
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import shared

__all__ = ["DATASETS", "KNOWN", "NOTHING", "OF_DEALS", "REP_LINK", "notes", "reps"]

KNOWN = CLOSED
OF_DEALS = tuple(name for name in KNOWN if name not in {"team", "owner"})
REP_LINK = "/coaching/reps/{rep_id}/"
NOTHING = "No rep is known whose figures you may see."
COLUMNS = (
    *("rep_id", "name", "team", "overall_rank", "rank_change_qoq", "ytd_attainment", "pace"),
    *("attainment_change_qoq", "performance_tier", "win_rate", "win_rate_shrunk", "win_rate_low"),
    *("win_rate_high", "decided", "few", "sure", "win_rate_rank", "avg_deal_size", "won_amount"),
    *("avg_sales_cycle_days", "coverage_ratio", "avg_daily_activities", "open_deals"),
)


@shared
def reps(slice_: Slice) -> pd.DataFrame:
    """One row for each rep whom the reader may see and asked for, by rank, then by name."""
    found = group(slice_)
    if not found.shown:
        return pd.DataFrame(columns=[*COLUMNS])
    whole = pd.concat(
        [
            figures.standing(slice_, found),
            figures.rates(slice_, found),
            figures.coverage(slice_, found)[["open_deals", "pipeline_total", "coverage_ratio"]],
            figures.activity(slice_, found, figures.last_days(slice_))[["avg_daily_activities"]],
        ],
        axis=1,
    )
    known = {one.rep_id: one for one in found.people}
    rows = whole.loc[[*found.shown]].rename_axis("rep_id").reset_index()
    people = [known[rep] for rep in rows["rep_id"]]
    rows = rows.assign(
        name=[one.name for one in people],
        team=[one.team for one in people],
        few=["few" if low else "" for low in rows["low_sample"]],
        sure=[_sure(row) for row in rows.to_dict("records")],
    )
    rows = rows.sort_values(["overall_rank", "name"], na_position="last", ignore_index=True)
    return rows[[*COLUMNS]]


def _sure(row: Mapping[Hashable, Any]) -> str:
    """Where a win rate lies with 95 % certainty, and of how many deals: "19–28%, n 212"."""
    n = int(row["decided"])
    if not n:
        return ""
    low, high = (formats.show(row[f"win_rate_{end}"], "percent") for end in ("low", "high"))
    return f"{low.removesuffix('%')}–{high}, n {n:,}{', few' if row['low_sample'] else ''}"


def notes(slice_: Slice) -> Sequence[str]:
    """What filters do not narrow, and who is ranked among whom."""
    found = group(slice_)
    said = []
    if any(getattr(slice_, name) for name in OF_DEALS):
        said.append(
            "Segment, channel, region and pipeline narrow win rate, deal size and cycle. "
            "Attainment, pace, rank, coverage and activities are of all that a rep does: quotas "
            "know no segment."
        )
    without = figures.standing(slice_, found)["ytd_attainment"].isna().sum() if found.ids else 0
    if 0 < without < len(found.ids):
        who = "1 rep has" if without == 1 else f"{without:,} reps have"
        said.append(f"{who} no quota to date and so no attainment and no rank.")
    elif without and without == len(found.ids):
        said.append("No quota to date is known: nobody has an attainment, a rank or a pace.")
    if found.ids and not may_tell(found.ids, found):
        said.append("The team is two reps: its rates would give the other one's figures away.")
    return said
