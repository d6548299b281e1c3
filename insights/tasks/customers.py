"""Customers' health, of what they pay and of who met them: reckoned by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from pipeline.queries import contacted
from revenue import tasks as revenue
from revenue.queries import known, records

HEALTH_OF = (*known.DATASETS, "pipeline_deals", "activities")  # what customers' health is told by


@app.periodic(cron="1-59/5 * * * *")
@app.task(
    name="insights.tasks.keep_customer_health",
    queueing_lock="keep-customer-health",
    lock="keep-customer-health",
    pass_context=False,
)
def keep_customer_health(timestamp: int = 0) -> None:
    """Reckon how healthy customers are where they, what they pay or who met them is other."""
    run = records.health_run()
    if run is None or not run.loads.startswith(f"{records.loads(HEALTH_OF)} "):
        keep_customers(anew=False)


def keep_customers(*, anew: bool = True) -> int:
    """Reckon all customers' health, see ``keep_health``; of how many months' ends it is."""
    loads, met = records.loads(HEALTH_OF), contacted.by_month(*records.to_ask_for())
    return revenue.keep_health(met, loads, anew=anew)
