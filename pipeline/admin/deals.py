"""The support desk of deals and of what customers ordered."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from pipeline.actions import stages
from pipeline.datasets import ORDERS, PIPELINE_DEALS, STAGE_HISTORY
from pipeline.models import Deal, Order
from revops_site.kernel.desk import Rows, desk, export, reassign
from revops_site.kernel.desk.forms import RowForm
from revops_site.kernel.loading import rows


class DealForm(RowForm):
    """A deal whose new stage begins today, unless the form says on which day it began."""

    @property
    def moves(self) -> bool:
        """Whether the deal is in another stage than before, or in none any more."""
        return not self.is_new and bool({"stage_name", "status"} & set(self.changed_data))

    def _ask(self) -> None:
        """Ask for the stage visits, too, which will follow."""
        if self.moves:
            try:
                rows.hold(STAGE_HISTORY)
            except rows.BusyError as error:
                self.add_error(None, str(error))
                return
        told = "last_stage_change" in self.changed_data
        if self.moves and "stage_name" in self.changed_data and not told:
            self.row["last_stage_change"] = stages.today().isoformat()
        super()._ask()


@admin.register(Deal, site=desk)
class DealAdmin(Rows):
    """A deal with its owner, its stage and its money."""

    dataset = PIPELINE_DEALS
    form = DealForm
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

    def keep(self, request: HttpRequest, obj: Any, form: Any) -> None:
        """Load the deal, and let its stage visits follow."""
        super().keep(request, obj, form)
        if form.moves:
            deal, said = Deal.objects.get(pk=obj.pk), form.row["last_stage_change"]
            moved = "stage_name" in form.changed_data and said
            on = date.fromisoformat(said) if moved else deal.closed_at or stages.today()
            stages.follow(deal=deal, on=on, kind="edit", source=form.source(), by=form.by)


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
