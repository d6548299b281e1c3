"""The support desk of deals and of what customers ordered."""

from __future__ import annotations

from django.contrib import admin

from pipeline.datasets import ORDERS, PIPELINE_DEALS
from pipeline.models import Deal, Order
from revops_site.kernel.desk import Rows, desk, export, reassign


@admin.register(Deal, site=desk)
class DealAdmin(Rows):
    """A deal with its owner, its stage and its money."""

    dataset = PIPELINE_DEALS
    list_display = (
        *("deal_id", "account_name", "owner", "stage_name", "status", "amount", "currency"),
        *("created_at", "close_date", "closed_at", "segment", "region", "opportunity_name"),
    )
    list_filter = ("status", "is_deleted", ("amount", admin.EmptyFieldListFilter))
    list_select_related = ("owner",)
    search_fields = ("deal_id__startswith", "account__account_id__exact")
    search_more = ("account_name", "opportunity_name", "owner__name")
    search_help_text = (
        "The start of a deal's id or an account's id; names while there are few rows."
    )
    date_hierarchy = "created_at"
    autocomplete_fields = ("owner", "account", "pipeline")
    actions = (export, reassign)


@admin.register(Order, site=desk)
class OrderAdmin(Rows):
    """An order, and whether its papers are there."""

    dataset = ORDERS
    list_display = (
        *("order_id", "deal_id", "received_on", "amount", "currency", "end_user"),
        *("materials_purchased", "survey_checklist_present", "mdd_signed"),
        *("quality_docs_present", "invoiced_on", "paid_on"),
    )
    list_filter = ("mdd_signed", "quality_docs_present")
    search_fields = ("order_id__startswith", "deal_id__startswith")
    search_more = ("end_user",)
    search_help_text = "The start of an order's or a deal's id."
    date_hierarchy = "received_on"
