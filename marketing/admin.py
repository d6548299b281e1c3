"""The support desk of marketing: its days, budgets, leads and touches."""

from __future__ import annotations

from django.contrib import admin

from marketing.datasets import LEADS, MARKETING_BUDGETS, MARKETING_CHANNELS, TOUCHPOINTS
from marketing.models import Lead, MarketingBudget, MarketingDay, Touchpoint
from revops_site.kernel.desk import History, Rows, desk


@admin.register(MarketingDay, site=desk)
class MarketingDayAdmin(Rows):
    """Searched by the start of the campaign, which an index can answer."""

    dataset = MARKETING_CHANNELS
    list_display = (
        *("date", "channel", "campaign", "segment", "geo", "spend", "currency", "fx_rate"),
        *("leads", "mqls", "sqls", "opportunities", "closed_won", "revenue"),
    )
    list_filter = (("fx_rate", admin.EmptyFieldListFilter), ("revenue", admin.EmptyFieldListFilter))
    search_fields = ("campaign__startswith",)
    search_more = ("channel__startswith", "geo")
    search_help_text = "The start of a campaign; of a channel too while there are few rows."
    date_hierarchy = "date"


@admin.register(MarketingBudget, site=desk)
class MarketingBudgetAdmin(Rows):
    """What may be spent, the newest month first."""

    dataset = MARKETING_BUDGETS
    list_display = ("month", "channel", "campaign", "amount", "currency", "fx_rate")
    list_filter = (("fx_rate", admin.EmptyFieldListFilter),)
    search_fields = ("campaign__startswith",)
    search_more = ("channel__startswith",)
    search_help_text = "The start of a campaign; of a channel too while there are few rows."
    date_hierarchy = "month"


@admin.register(Lead, site=desk)
class LeadAdmin(Rows):
    """Who came, the newest first."""

    dataset = LEADS
    list_display = (
        *("created_at", "lead_id", "channel", "campaign", "segment", "region", "owner_id"),
        *("response_hours", "mql_at", "sql_at", "converted_at", "deal_id"),
    )
    list_filter = (("deal_id", admin.EmptyFieldListFilter),)
    search_fields = ("lead_id__startswith", "deal_id__startswith")
    search_more = ("campaign",)
    search_help_text = "The start of a lead's or deal's id."
    date_hierarchy = "created_at"


@admin.register(Touchpoint, site=desk)
class TouchpointAdmin(History):
    """Who met what, newest first."""

    dataset = TOUCHPOINTS
    list_display = (
        *("touched_at", "touch_id", "lead_id", "account_id", "deal_id", "channel", "campaign"),
        *("type", "segment", "region"),
    )
    list_filter = (("deal_id", admin.EmptyFieldListFilter),)
    search_fields = ("touch_id__startswith", "deal_id__startswith")
    search_more = ("lead_id", "campaign")
    search_help_text = "The start of a touch's or deal's id."
    date_hierarchy = "touched_at"
