"""The support desk of the pipeline: the deals that were loaded, to be looked at."""

from __future__ import annotations

from django.contrib import admin

from pipeline.models import Deal
from revops_site.kernel.desk import Kept, desk


@admin.register(Deal, site=desk)
class DealAdmin(Kept):
    """A deal with its owner, its stage and its money."""

    list_display = (
        *("deal_id", "account_name", "opportunity_name", "owner", "region", "segment"),
        *("stage_name", "status", "amount", "currency", "created_at", "close_date", "closed_at"),
    )
    list_filter = ("status", "is_deleted", ("amount", admin.EmptyFieldListFilter))
    list_select_related = ("owner",)
    search_fields = ("deal_id", "account_name", "opportunity_name", "owner__name")
    date_hierarchy = "created_at"
