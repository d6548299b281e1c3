"""What runs in the background for revenue: customers' health reckoned, forecasts tried."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from procrastinate.contrib.django import app

from revenue.actions import health, trials
from revenue.queries import known, records
from revops_site.kernel import clock, freshness


def keep_health(
    contacts: Iterable[tuple[str, date, date]], loads: str, *, anew: bool = True
) -> int:
    """Reckon all customers' health of the data as they are now; 0 where there are none.

    ``loads`` says which loads these are; see ``revenue.queries.records.loads``. Unless ``anew``
    only months are reckoned from which on others were met, as long as customers stay as they are:
    most loads of deals and activities are of nobody's, or of the last days.
    """
    last = freshness.of(known.DATASETS, freshness.workspace()).last_day
    if last is None or known.ends() is None:
        return 0
    contacted, run, since = list(contacts), records.health_run(), None
    of_customers, met = records.loads(known.DATASETS), records.digests(contacted)
    told = f"{loads} {of_customers}"
    if not anew and run and run.as_of == last and run.loads.partition(" ")[2] == of_customers:
        if run.met == met:
            return health.stands(loads=told)
        since = records.first_other(run.met, met)
    return health.keep(
        contacts=contacted, as_of=last, loads=told, met=met, since=since, at=clock.now()
    )


@app.periodic(cron="7-59/10 * * * *")
@app.task(name="try-mrr-forecasts", queueing_lock="try-mrr-forecasts", lock="try-mrr-forecasts")
def try_forecasts(timestamp: int = 0) -> None:
    """Try all methods of forecasting MRR on the months that are over, where one is new."""
    newest, at = records.newest_trial(), freshness.workspace()
    month = known.complete(trials.whole(at))
    if month is None:
        return
    if newest is None or newest.as_of != month or newest.currency != at.reporting_currency:
        try_again()


def try_again() -> None:
    """Try all methods on the data as they are now."""
    at = freshness.workspace()
    if known.ends() is not None:
        trials.run(trials.whole(at), at=clock.now(), generation=at.generation)
