"""The support desk of revenue: the customers and what they pay."""

from __future__ import annotations

from django.contrib import admin

from revenue.datasets import CUSTOMER_MRR, REVENUE_CUSTOMERS, SUBSCRIPTIONS
from revenue.models import Customer, CustomerMonth, Subscription
from revops_site.kernel.desk import History, Rows, desk, export, reassign


@admin.register(Customer, site=desk)
class CustomerAdmin(Rows):
    """A customer with what it pays a month."""

    dataset = REVENUE_CUSTOMERS
    list_display = (
        *("account_name", "customer_id", "segment", "plan", "owner", "start_date", "currency"),
        *("mrr", "expansion_mrr", "contraction_mrr", "churned_flag", "churn_date"),
    )
    list_filter = ("churned_flag",)
    list_select_related = ("owner",)
    search_fields = ("customer_id__startswith",)
    search_more = ("account_name", "plan", "owner__name")
    search_help_text = "The start of an id; a part of a name while there are few rows."
    date_hierarchy = "start_date"
    autocomplete_fields = ("account", "owner")
    actions = (export, reassign)


@admin.register(CustomerMonth, site=desk)
class CustomerMonthAdmin(History):
    """What customers paid, month by month: loaded again where it is wrong."""

    dataset = CUSTOMER_MRR
    list_display = ("month", "customer_id", "mrr", "currency", "segment", "plan", "origin")
    list_display_links = None
    list_filter = ("origin",)
    search_fields = ("customer_id__startswith",)
    search_help_text = "The start of a customer's id."
    date_hierarchy = "month"


@admin.register(Subscription, site=desk)
class SubscriptionAdmin(Rows):
    """An item that a customer subscribes to."""

    dataset = SUBSCRIPTIONS
    list_display = (
        *("item_id", "customer_id", "plan", "unit_amount", "quantity", "interval", "currency"),
        *("status", "start_date", "ended_on"),
    )
    list_filter = ("status", "interval", "usage_type")
    date_hierarchy = "start_date"
    search_fields = ("item_id__startswith", "customer_id__startswith")
    search_help_text = "The start of an item's or a customer's id."
