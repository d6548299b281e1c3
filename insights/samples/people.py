"""Pretend people: the teams, who sells in them, and the accounts they sell to."""

from __future__ import annotations

import numpy as np
import pandas as pd

from revops_site.kernel.world import World, cast
from revops_site.kernel.world import accounts as world_accounts
from revops_site.kernel.world.company import SEGMENTS
from revops_site.kernel.world.frame import dates, number
from revops_site.kernel.world.moments import workdays

VETERAN_DAYS = (200, 6 * 365)


def teams(world: World) -> pd.DataFrame:
    """One row per team of the shard."""
    found = cast.teams(world)
    return pd.DataFrame(
        {
            "team": [team.name for team in found],
            "manager_name": [team.manager for team in found],
            "region": [team.region for team in found],
        }
    )


def reps(world: World) -> pd.DataFrame:
    """One row per rep of the shard; who has not joined lately did so before the files begin."""
    found = cast.reps(world)
    ago = world.dice("veterans").integers(*VETERAN_DAYS, len(found))
    started = [cast.started(world, rep) for rep in found]
    days = [
        world.first - int(before) if day is None else day
        for day, before in zip(started, ago, strict=True)
    ]
    return pd.DataFrame(
        {
            "rep_id": cast.rep_ids(world),
            "name": [rep.name for rep in found],
            "email": [f"{rep.name.lower().replace(' ', '.')}@example.com" for rep in found],
            "team": [rep.team for rep in found],
            "region": [rep.region for rep in found],
            "start_date": dates(workdays(np.array(days))),
            "is_active": True,
        }
    )


def accounts(world: World) -> pd.DataFrame:
    """One row per account of the shard that has a deal in the files or was a customer before."""
    found = world_accounts.accounts(world)
    codes = [segment.code for segment in SEGMENTS]
    created = np.minimum(found["created"].to_numpy(), number(world.as_of))
    return pd.DataFrame(
        {
            "account_id": found["account_id"],
            "account_name": found["account_name"],
            "segment": np.array(codes, dtype=object)[found["segment"]],
            "region": found["geo"],
            "industry": found["industry"],
            "owner": cast.rep_ids(world)[found["owner"]],
            "created_at": dates(created),
        }
    )
