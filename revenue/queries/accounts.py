"""What one account pays, month by month."""

from __future__ import annotations

import pandas as pd

from revenue.models import Customer
from revenue.queries import customers
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import cut, shared, to_frame

MONTHS = {
    "month": "datetime64[s]",
    "customer_id": "str",
    **dict.fromkeys(("plan", "kind"), "str"),
    **dict.fromkeys(("started_value", "moved_value", "value"), "float64"),
}


@shared
def months_of(slice_: Slice, account_id: str) -> pd.DataFrame:
    """The months of the account's customers within the slice, the newest first: ``MONTHS``.

    Money in the reporting currency: ``started_value`` at the rate of the month's start, ``value``
    and ``moved_value`` at that of its end.
    """
    whose = Customer.objects.filter(account_id=account_id).values("pk")
    rows = customers.balance(slice_).filter(customer_id__in=whose)
    return to_frame(rows.order_by("-month", "customer_id").values_list(*MONTHS), MONTHS)


def is_seen(slice_: Slice, account_id: str) -> bool:
    """Whether any customer of the account may be seen."""
    rows = Customer.objects.filter(account_id=account_id)
    return cut(rows, slice_, when=None, dimensions={"rep": "owner_id"}).exists()
