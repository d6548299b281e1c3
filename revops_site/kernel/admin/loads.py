"""The support desk's records: what was loaded, what was refused, what was done."""

from __future__ import annotations

from django.contrib import admin

from revops_site.kernel.desk import Kept, desk
from revops_site.kernel.models import AuditEvent, Benchmark, DataLoad, RejectedRow
from revops_site.kernel.permissions import Capability


@admin.register(DataLoad, site=desk)
class DataLoadAdmin(Kept):
    """What came in, from which file, and what it changed."""

    list_display = (
        *("dataset", "file_name", "status", "rows", "accepted", "refused"),
        *("inserted", "updated", "unchanged", "first_day", "last_day", "finished_at", "loaded_by"),
    )
    list_filter = ("dataset", "status")
    list_select_related = ("loaded_by",)
    search_fields = ("file_name", "sha256", "message")
    date_hierarchy = "finished_at"


@admin.register(RejectedRow, site=desk)
class RejectedRowAdmin(Kept):
    """Which rows were refused, where they stood and why."""

    list_display = ("load", "line", "column", "value", "reason")
    list_filter = ("load__dataset",)
    list_select_related = ("load",)
    search_fields = ("column", "value", "reason", "load__file_name")
    date_hierarchy = "load__finished_at"


@admin.register(AuditEvent, site=desk)
class AuditEventAdmin(Kept):
    """Who did what, when and from where."""

    sees: Capability = "read audit"
    list_display = ("at", "user", "action", "target", "address")
    list_filter = ("action",)
    list_select_related = ("user",)
    search_fields = ("target", "user__username", "request_id")
    date_hierarchy = "at"


@admin.register(Benchmark, site=desk)
class BenchmarkAdmin(Kept):
    """What measures are held against."""

    list_display = (
        *("metric_type", "category", "subcategory", "step"),
        *("target_value", "min_value", "max_value", "unit"),
    )
    list_filter = ("metric_type",)
    search_fields = ("benchmark_id", "category", "subcategory", "description")
