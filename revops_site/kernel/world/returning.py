"""Which account a deal is with: most are new, some come back after a deal that was lost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from revops_site.kernel.world.company import GEO_WEIGHTS
from revops_site.kernel.world.frame import Days, World

RETURNING = 0.09
COOL_OFF_DAYS = 60


def accounts(world: World, found: pd.DataFrame) -> Days:
    """The place of each deal's account, counted from 0 in the order of the deals that are told.

    -1 for deals that no file tells of. An account that comes back does so in the same segment and
    geo, after its last deal was lost, so none of them is won twice.
    """
    before = _before(world, found)
    root = np.where(before >= 0, before, np.arange(len(found)))
    told = found["told"].to_numpy()
    places = np.full(len(found), -1, dtype=np.int64)
    places[told] = pd.factorize(root[told])[0]
    return places


def _before(world: World, found: pd.DataFrame) -> Days:
    """The deal that each deal's account had before, -1 for none: a lost one, each used once."""
    dice = world.dice("returning")
    lots = dice.random((2, len(found)))
    created, closed = found["created"].to_numpy(), found["closed"].to_numpy()
    geos = found["geo"].map({geo: code for code, geo in enumerate(GEO_WEIGHTS)}).to_numpy()
    groups = found["segment"].to_numpy() * len(GEO_WEIGHTS) + geos
    lost = ~found["won"].to_numpy() & (closed <= world.last)
    before = np.full(len(found), -1, dtype=np.int64)
    for group in np.unique(groups):
        here = groups == group
        later = np.flatnonzero(here & (lots[0] < RETURNING))
        earlier = np.flatnonzero(here & lost & (lots[0] >= RETURNING) & (lots[1] < RETURNING))
        earlier = earlier[np.argsort(closed[earlier], kind="stable")]
        pairs = min(len(later), len(earlier))
        later, earlier = later[len(later) - pairs :], earlier[:pairs]
        fits = created[later] >= closed[earlier] + COOL_OFF_DAYS
        before[later[fits]] = earlier[fits]
    return before
