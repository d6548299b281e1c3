"""What the worker keeps, to be read: anomalies and patterns, alerts and what they told."""

from __future__ import annotations

from django.contrib import admin

from insights.models import Alert, AlertMail, Firing, Pattern, ScanRun, SeriesScan
from revops_site.kernel.desk import Kept, desk
from revops_site.kernel.models import Anomaly


@admin.register(Anomaly, site=desk)
class AnomalyAdmin(Kept):
    """Days, weeks and months that were not to be expected."""

    list_display = (
        *("start", "series", "by", "part", "observed", "expected", "z", "severity", "direction"),
        *("method", "in_batch"),
    )
    list_filter = ("series", "severity", "direction", "grain")
    search_fields = ("part__startswith",)
    search_help_text = "The start of a part’s name, such as a channel."
    date_hierarchy = "start"
    ordering = ("-start", "series", "by", "part")


@admin.register(Pattern, site=desk)
class PatternAdmin(Kept):
    """Trend breaks, and series that move together."""

    list_display = ("kind", "series", "by", "part", "other", "lag", "since", "effect", "p", "q")
    list_filter = ("kind", "series")
    search_fields = ("part__startswith",)
    search_help_text = "The start of a part’s name, such as a channel."
    ordering = ("kind", "q", "series", "part")


@admin.register(SeriesScan, site=desk)
class SeriesScanAdmin(Kept):
    """Each series as it was last looked at, and why some were not."""

    list_display = ("series", "by", "part", "grain", "start", "method", "silent", "found")
    list_filter = ("series", "silent", "grain")
    search_fields = ("part__startswith",)
    search_help_text = "The start of a part’s name, such as a channel."
    ordering = ("series", "by", "part")


@admin.register(ScanRun, site=desk)
class ScanRunAdmin(Kept):
    """The newest look at all series."""

    list_display = (
        *("day", "finished_at", "seconds", "scanned", "silent", "years", "unusual", "tests"),
        "patterns",
    )
    ordering = ("-id",)


@admin.register(Alert, site=desk)
class AlertAdmin(Kept):
    """What people have watched; they alone change it, on their own page."""

    list_display = ("name", "owner", "metric_slug", "kind", "limit", "state", "looked_at")
    list_filter = ("state", "kind")
    list_select_related = ("owner",)
    search_fields = ("metric_slug__startswith",)
    search_help_text = "The start of a figure’s name."
    ordering = ("-id",)


@admin.register(Firing, site=desk)
class FiringAdmin(Kept):
    """What alerts told their owners."""

    list_display = ("fired_at", "alert", "owner", "is_broken", "day", "value", "resolved_at")
    list_filter = ("is_broken",)
    list_select_related = ("alert", "owner")
    search_fields = ("alert__name__startswith",)
    search_help_text = "The start of an alert’s name."
    ordering = ("-id",)


@admin.register(AlertMail, site=desk)
class AlertMailAdmin(Kept):
    """The mails about alerts, and what became of each."""

    list_display = ("changed_at", "recipient", "rhythm", "due_on", "state", "tries", "why")
    list_filter = ("state", "rhythm")
    list_select_related = ("recipient",)
    search_fields = ("recipient__username__startswith",)
    search_help_text = "The start of a user name."
    ordering = ("-id",)
