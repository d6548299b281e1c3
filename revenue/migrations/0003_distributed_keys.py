"""The large tables get the keys that they would be distributed by: they lead with the customer."""

from typing import ClassVar

from django.db import migrations

from revops_site.kernel.keyed import keyed_by


class Migration(migrations.Migration):
    """From one column each to the customer and what tells its rows apart."""

    dependencies: ClassVar = [("revenue", "0002_ledger")]

    operations: ClassVar = [
        keyed_by("revenue_customermonth", "customer_id", "month", was="key"),
        keyed_by("revenue_subscription", "customer_id", "item_id", was="item_id"),
    ]
