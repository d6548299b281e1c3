"""The support desk of marketing: the days that were loaded, to be looked at."""

from __future__ import annotations

from django.contrib import admin

from marketing.models import MarketingDay
from revops_site.kernel.desk import Kept, desk


@admin.register(MarketingDay, site=desk)
class MarketingDayAdmin(Kept):
    """Searched by the start of the campaign or channel, which an index can answer."""

    list_display = (
        *("date", "channel", "campaign", "segment", "geo", "spend", "currency", "fx_rate"),
        *("leads", "mqls", "sqls", "opportunities", "closed_won", "revenue"),
    )
    list_filter = (("fx_rate", admin.EmptyFieldListFilter), ("revenue", admin.EmptyFieldListFilter))
    list_select_related = ("load",)
    search_fields = ("campaign__startswith", "channel__startswith")
    date_hierarchy = "date"
