"""What was stored day by day, to be read: the rules' insights and every figure."""

from __future__ import annotations

from django.contrib import admin

from insights.models import InsightDay, Kpi
from revops_site.kernel.desk import Kept, desk


@admin.register(InsightDay, site=desk)
class InsightDayAdmin(Kept):
    """What the rules found on which day, for the whole company."""

    list_display = (
        *("day", "rule", "subject", "severity", "value", "threshold", "n", "confidence"),
        *("money", "currency"),
    )
    list_filter = ("category", "severity", "rule")
    search_fields = ("rule__startswith",)
    search_more = ("subject", "headline")
    search_help_text = "A rule; a part of a subject or headline."
    date_hierarchy = "day"
    ordering = ("-day", "rule", "subject")


@admin.register(Kpi, site=desk)
class KpiAdmin(Kept):
    """Every figure of every day, for the whole company."""

    list_display = (
        *("day", "metric_slug", "field", "value", "currency", "period_start", "period_end"),
        "taken_at",
    )
    search_fields = ("metric_slug__startswith",)
    search_more = ("field",)
    search_help_text = "The start of a metric’s name; a part of its field."
    date_hierarchy = "day"
    ordering = ("-day", "metric_slug")
