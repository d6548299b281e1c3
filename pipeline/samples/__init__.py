"""The pretend company's deals and all that hangs on them, as files."""

from __future__ import annotations

from pipeline.samples.calls import forecast_calls
from pipeline.samples.changes import deal_changes
from pipeline.samples.deals import pipeline_deals
from pipeline.samples.moves import stage_history, status_events
from pipeline.samples.notes import notes
from pipeline.samples.orders import orders
from pipeline.samples.people import contacts
from pipeline.samples.plan import pipelines, quotas, stages
from pipeline.samples.work import activities
from revops_site.kernel.world.files import File

__all__ = ["FILES"]

# In load order: a deal stands before what hangs on it.
FILES: tuple[File, ...] = (
    File("pipelines", pipelines, once=True),
    File("stages", stages, once=True),
    File("pipeline_deals", pipeline_deals),
    File("quotas", quotas),
    File("forecast_calls", forecast_calls),
    File("stage_history", stage_history),
    File("status_events", status_events),
    File("deal_changes", deal_changes),
    File("contacts", contacts),
    File("activities", activities),
    File("notes", notes),
    File("orders", orders),
)
