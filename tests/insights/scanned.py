"""The series of a pretend company, read from its frames as the worker reads them from tables."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import pandas as pd

from insights.analytics.measures import NAMED
from insights.analytics.series import Series, read, weekly
from insights.samples import FILES
from revops_site.kernel.world import World

MARKETING = ("spend", "leads", "cpl", "ctr", "mqls", "conversions")
LOWER = {"date": "start", "geo": "region", "MQLs": "mqls"}


@lru_cache(maxsize=4)
def rows(world: World) -> tuple[tuple[tuple[str, ...], str, pd.DataFrame], ...]:
    """Which measures are made of which rows, and by what they are told apart."""
    made = {file.name: file.make for file in FILES}
    days = made["marketing_channels"](world).rename(columns=LOWER)
    deals, work = made["pipeline_deals"](world), made["activities"](world)
    ledger, team = made["customer_mrr"](world), made["reps"](world).set_index("rep_id")["team"]
    created = pd.DataFrame(
        {
            "start": _mondays(pd.to_datetime(deals["created_at"])),
            "created_amount": deals["amount"].fillna(0.0).astype("float64"),
            "created": 1,
            "segment": deals["segment"],
        }
    )
    done = work[work["is_done"].astype(str) == "True"]
    activities = pd.DataFrame(
        {
            "start": _mondays(pd.to_datetime(done["done_at"].astype(str).str[:10])),
            "activities": 1,
            "team": done["rep_id"].map(team),
        }
    )
    paid = ledger.groupby("month")["mrr"].sum().diff().iloc[1:]
    months = pd.DataFrame(
        {"start": pd.to_datetime(paid.index + "-01"), "net_new_mrr": paid.to_numpy()}
    )
    return (
        *((MARKETING, by, days) for by in ("", "channel", "region", "segment")),
        *((("created",), by, created) for by in ("", "segment")),
        *((("activities",), by, activities) for by in ("", "team")),
        (("net_new_mrr",), "", months),
    )


def series(world: World) -> Iterator[Series]:
    """All that is looked at for anomalies."""
    first = world.first_day
    for slugs, by, frame in rows(world):
        for slug in slugs:
            yield from read(NAMED[slug], frame, by, first, world.as_of)


def weeks(world: World) -> Iterator[Series]:
    """All that is looked at for patterns."""
    for slugs, by, frame in rows(world):
        for slug in slugs:
            if NAMED[slug].grain != "month":
                yield from weekly(NAMED[slug], frame, by, world.first_day, world.as_of)


def _mondays(days: pd.Series[pd.Timestamp]) -> pd.Series[pd.Timestamp]:
    return days - pd.to_timedelta(days.dt.day_of_week, unit="D")
