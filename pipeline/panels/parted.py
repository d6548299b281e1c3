"""What the pipeline's numbers can be taken apart by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import pandas as pd

from pipeline.analytics import shares
from pipeline.panels.forecasts import reckon
from pipeline.panels.health.kept import ready
from pipeline.panels.known import without_stage
from pipeline.panels.windows import entered, window
from pipeline.queries import forecast, groups, waits
from pipeline.queries.stock import GROUPS, by_dimension, watched_by_dimension
from revops_site.kernel.filters import Slice
from revops_site.kernel.parted import BELOW, Parted, folded

DEALS = ("segment", "channel", "region", "team", "owner", "stage", "pipeline")
CLOSED = ("segment", "channel", "region", "team", "owner", "pipeline")
PEOPLE = ("team", "owner")
WHOLE = (
    *("expected_pull_in", "expected_new", "quarter_target", "ai_forecast", "remaining_target"),
    *("past_pipeline", "past_won", "forecast_week_ago", "commit_week_ago", "commit_amount"),
)


def _scored(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    return groups.scored(slice_) if ready(slice_) else {}


def _forecast(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    found = reckon(slice_)
    if not found.deals.empty and "owner_id" not in found.deals:
        return {}
    return folded(shares.quarter(found.deals, forecast.won(slice_)), GROUPS, shares.QUARTER)


def _waiting(kind: str) -> Parted:
    read = partial(waits.by_dimension, kind=kind)
    return Parted(read=read, dimensions=DEALS, counted={"amount": "deals"})


FLOWED = Parted(
    read=groups.flowed,
    dimensions=CLOSED,
    counted={f"{event}_amount": event for event in ("created", "won", "lost")},
    sample=BELOW,
)
PARTED: Mapping[str, Parted] = {
    "forecast": Parted(
        read=_forecast,
        dimensions=DEALS,
        sample="open_deals",
        whole=WHOLE,
        given=tuple(shares.QUARTER),
    ),
    "open-deals": Parted(
        read=by_dimension,
        dimensions=DEALS,
        sample="open_deals",
        counted={"open_amount": "open_deals", "open_weighted": "open_deals"},
    ),
    **dict.fromkeys(
        ("past-due-deals", "stuck-deals"),
        Parted(
            read=watched_by_dimension,
            dimensions=DEALS,
            counted={"past_due_amount": "past_due", "stuck_amount": "stuck"},
        ),
    ),
    # Who owned a deal when it was created is not kept.
    "created-deals": replace(FLOWED, dimensions=tuple(d for d in CLOSED if d not in PEOPLE)),
    **dict.fromkeys(("won-deals", "decided-deals"), FLOWED),
    "moving-deals": Parted(
        read=lambda slice_: groups.moving(without_stage(slice_)), dimensions=CLOSED
    ),
    "quotas": Parted(read=groups.attained, dimensions=PEOPLE),
    "activities": Parted(read=groups.completed, dimensions=PEOPLE),
    "scored-deals": Parted(
        read=_scored,
        dimensions=DEALS,
        sample="scored_deals",
        counted={f"{name}_amount": f"{name}_count" for name in groups.BANDS},
    ),
    "ended-stays": Parted(
        read=lambda slice_: groups.stayed(slice_, window(slice_)),
        dimensions=("stage", "segment", "pipeline"),
        sample="exits",
    ),
    "begun-stays": Parted(
        read=lambda slice_: groups.begun(slice_, entered(slice_)),
        dimensions=("stage",),
        sample=BELOW,
    ),
    **{f"{kind}-waiting": _waiting(kind) for kind in waits.KINDS},
    "orders-waiting": Parted(
        read=groups.received, dimensions=DEALS, counted={"order_amount": "orders"}
    ),
    "orders-papers": Parted(read=groups.complied, dimensions=DEALS, sample=BELOW),
    "expected-cash": Parted(
        read=groups.expected_cash,
        dimensions=DEALS,
        counted={"expected_invoices": "projected_deals"},
    ),
    "deal-hygiene": Parted(read=groups.kept_clean, dimensions=DEALS, sample="deals"),
}
