"""Pretend leads: when each came, how soon it was answered, and what steps it took."""

from __future__ import annotations

import numpy as np
import pandas as pd

from revops_site.kernel.world import World, cast
from revops_site.kernel.world.company import SEGMENTS, WEBINARS
from revops_site.kernel.world.deals import assigned, deals
from revops_site.kernel.world.frame import Numbers, dates
from revops_site.kernel.world.leads import NEVER, leads, lines

USUAL_HOURS, WEBINAR_HOURS, SPREAD = 3.0, 40.0, 1.1
UNANSWERED = 0.05


def marketing_leads(world: World) -> pd.DataFrame:
    """One row per lead of the files' days, in the order that they came.

    Each day's leads are those that the marketing file counts, and so are the steps of later days
    but for leads that came before the files begin. Whoever sells the deal has answered its lead;
    nobody hurries to those who sat in a webinar.
    """
    people = leads(world)
    people = people[people["lead"].between(world.first, world.last)]
    people = people.sort_values("lead", kind="stable")
    table = lines(world).iloc[people["line"]]
    became = deals(world)
    became = became[became["lead"] >= 0].set_index("lead")
    rep = assigned(world, "reps of leads", table["geo"], people["lead"].to_numpy())
    sold = people.index.isin(became.index)
    rep[sold] = became["rep"].reindex(people.index[sold]).to_numpy()
    named = became["deal_id"].reindex(people.index).fillna("")
    return pd.DataFrame(
        {
            "lead_id": world.ids("LEAD", people.index.to_numpy() + 1),
            "created_at": dates(people["lead"].to_numpy()),
            "channel": table["channel"].to_numpy(),
            "campaign": table["campaign"].to_numpy(),
            "segment": np.array([each.code for each in SEGMENTS], dtype=object)[people["segment"]],
            "region": table["geo"].to_numpy(),
            "owner": cast.rep_ids(world)[rep],
            "response_hours": _hours(world, people, table["channel"].eq(WEBINARS).to_numpy()),
            **{
                name: _day(world, people[step])
                for name, step in (
                    ("mql_at", "mql"),
                    ("sql_at", "sql"),
                    ("converted_at", "opportunity"),
                )
            },
            "deal_id": named.to_numpy(),
        }
    )


def _hours(world: World, people: pd.DataFrame, is_webinar: np.ndarray) -> Numbers:
    """Hours until an answer; NaN where there is none yet, which none that went on lacks."""
    dice = world.dice("answers")
    usual = np.where(is_webinar, WEBINAR_HOURS, USUAL_HOURS)
    hours = np.round(usual * dice.lognormal(0.0, SPREAD, len(people)), 1)
    left = (world.last + 1 - people["lead"].to_numpy()) * 24.0
    silent = (dice.random(len(people)) < UNANSWERED) & (people["sql"].to_numpy() == NEVER)
    answered: Numbers = np.where(silent | (hours > left), np.nan, hours)
    return answered


def _day(world: World, day: pd.Series[int]) -> np.ndarray:
    """The day of a step as a file writes it; empty where it was not taken by ``as_of``."""
    known = (day <= world.last).to_numpy()
    texts = np.full(len(day), "", dtype=object)
    texts[known] = pd.Series(dates(day.to_numpy()[known])).astype(str).to_numpy()
    return texts
