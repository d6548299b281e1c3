"""What the background keeps: of which loads health is, how past forecasts did."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from hashlib import blake2s

import pandas as pd
from django.db.models import Count, Max

from revenue.models import Customer, HealthRun, MrrTrial, MrrTrialScore
from revops_site.kernel.models import DataLoad
from revops_site.kernel.queries import lasting, to_frame

SCORES = {
    "method": "str",
    "horizon": "int64",
    "n": "int64",
    **dict.fromkeys(("wape", "bias", "coverage_80", "coverage_95"), "float64"),
    "skill_vs_baseline": "float64",
}


def loads(datasets: Collection[str]) -> str:
    """Which loads of these datasets there are: another text once one came, or was undone."""
    rows = DataLoad.objects.filter(dataset__in=datasets, status=DataLoad.Status.LOADED)
    found = rows.aggregate(newest=Max("id"), count=Count("id"))
    return f"{found['newest'] or 0}:{found['count']}"


def health_run() -> HealthRun | None:
    """The newest reckoning of customers' health."""
    return HealthRun.objects.first()


def to_ask_for() -> tuple[Sequence[str], Sequence[str]]:
    """The accounts of customers, and the deals of those whose account is not known."""
    rows = Customer.objects.values_list("account_id", "deal_id")
    known = list(rows)
    accounts = sorted({account for account, _ in known if account})
    deals = sorted({deal for account, deal in known if deal and not account})
    return accounts, deals


def digests(contacts: Iterable[tuple[str, date, date]]) -> dict[str, str]:
    """What tells the contacts with customers of each month apart, in whichever order they come.

    By the month's first day in ISO; under "" stands the day of the first of all contacts.
    """
    sums: dict[str, int] = {}
    first = date.max
    for one in contacts:
        _, month, day = one
        told = int.from_bytes(blake2s(repr(one).encode(), digest_size=8).digest())
        sums[month.isoformat()] = (sums.get(month.isoformat(), 0) + told) % 2**64
        first = min(first, day)
    return {"": first.isoformat(), **{month: f"{told:x}" for month, told in sums.items()}}


def first_other(before: Mapping[str, str], now: Mapping[str, str]) -> date | None:
    """The first month with other contacts than before; None where all months are to be told anew.

    What is seen of a customer at a month's end rests on the months until then, and on the day of
    the first contact of all.
    """
    if before.get("") != now[""]:
        return None
    other = (month for month in {*before, *now} if before.get(month) != now.get(month))
    return date.fromisoformat(min(other))


def newest_trial() -> MrrTrial | None:
    """The newest trial of MRR forecasts."""
    return MrrTrial.objects.first()


@lasting
def trial() -> MrrTrial | None:
    """The same, remembered until the data change."""
    return newest_trial()


@lasting
def scores() -> pd.DataFrame:
    """The newest trial's scores by method and months ahead, 0 for all of them: ``SCORES``."""
    newest = newest_trial()
    rows = MrrTrialScore.objects.filter(trial=newest) if newest else MrrTrialScore.objects.none()
    return to_frame(rows.order_by("id").values_list(*SCORES), SCORES)
