"""The support desk of revenue: the customers that were loaded, to be looked at."""

from __future__ import annotations

from django.contrib import admin

from revenue.models import Customer
from revops_site.kernel.desk import Kept, desk


@admin.register(Customer, site=desk)
class CustomerAdmin(Kept):
    """A customer with what it pays a month."""

    list_display = (
        *("customer_id", "account_name", "segment", "plan", "start_date", "currency"),
        *("mrr", "expansion_mrr", "contraction_mrr", "churned_flag", "churn_date"),
    )
    list_filter = ("churned_flag", "segment", "plan")
    search_fields = ("customer_id", "account_name")
    date_hierarchy = "start_date"
