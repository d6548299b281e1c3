"""The ledger of credit, to be read: what was known of a won deal, and each later revision."""

from __future__ import annotations

from django.contrib import admin

from insights.models import CreditRevision
from revops_site.kernel.desk import Kept, desk


@admin.register(CreditRevision, site=desk)
class CreditRevisionAdmin(Kept):
    """Every revision that was ever written, by whatever parameters held then."""

    list_display = (
        *("deal_id", "revision", "written_at", "reasons", "is_void", "closed_at", "amount"),
        *("currency", "version", "lookback_days", "half_life_days", "channels"),
    )
    list_filter = ("is_void", "version")
    search_fields = ("deal_id__startswith",)
    search_help_text = "The start of a deal’s id."
    date_hierarchy = "written_at"
    ordering = ("-written_at", "-id")
