"""The large tables get the keys that they would be distributed by: they lead with the deal."""

from typing import ClassVar

from django.db import migrations

from revops_site.kernel.keyed import keyed_by

KEYS = {
    "pipeline_stagevisit": "key",
    "pipeline_statusevent": "key",
    "pipeline_dealchange": "key",
    "pipeline_contact": "key",
    "pipeline_activity": "activity_id",
    "pipeline_note": "note_id",
    "pipeline_order": "order_id",
}


class Migration(migrations.Migration):
    """From one column each to the deal and that column."""

    dependencies: ClassVar = [("pipeline", "0002_plan_history_and_work")]

    operations: ClassVar = [keyed_by(table, "deal_id", was, was=was) for table, was in KEYS.items()]
