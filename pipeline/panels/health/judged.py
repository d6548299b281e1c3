"""Open deals judged as of a day: their score, their flags, and what to do about each."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from pipeline.analytics import forecast, health, risks
from pipeline.analytics.scorecard import Rules
from pipeline.queries import risks as known
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import shared


@shared
def rules() -> Rules:
    """What deals are judged by: the workspace's own scorecard, else the published one."""
    return Rules.of(known.scorecard())


def judge(
    slice_: Slice, ids: Collection[str] | None = None, by: Rules | None = None
) -> pd.DataFrame:
    """The open deals of the slice's day, or these of them, as ``risks.with_risks`` gives them.

    ``amount`` is in each deal's own currency, ``value`` in the reporting one. ``by`` are other
    rules than those that hold.
    """
    return weigh(known.inputs(slice_, ids), slice_, by or rules())


def weigh(found: pd.DataFrame, slice_: Slice, by: Rules) -> pd.DataFrame:
    """The same of what is known of deals already."""
    found = found.assign(amount=found["own_amount"], category=forecast.categories(found))
    scored = health.with_health(found, slice_.as_of, by)
    return risks.with_risks(scored, slice_.as_of, by)
