"""The support desk's records: what was loaded, what was refused, what was done."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from revops_site.kernel.desk import Kept, desk
from revops_site.kernel.models import AuditEvent, DataLoad, RejectedRow
from revops_site.kernel.permissions import Capability


@admin.register(DataLoad, site=desk)
class DataLoadAdmin(Kept):
    """What came in, from which file or edit, and what it changed."""

    list_display = (
        *("finished_at", "dataset", "kind", "file_name", "status", "accepted", "refused_rows"),
        *("inserted", "updated", "unchanged", "deleted", "first_day", "last_day", "loaded_by"),
    )
    list_display_links = ("finished_at",)
    list_filter = ("kind", "status")
    date_hierarchy = "finished_at"
    list_select_related = ("loaded_by",)
    search_fields = ("dataset__startswith",)
    search_more = ("file_name", "sha256", "message", "run")
    search_help_text = "A dataset; a part of a file name, a hash or a run."
    ordering = ("-id",)
    sortable_by = ("dataset",)

    def get_fields(self, request: HttpRequest, obj: DataLoad | None = None) -> Any:
        """All that is known, with the way to the refused rows."""
        names = [field.name for field in self.opts.concrete_fields if field.name != "id"]
        at = names.index("refused")
        return [*names[:at], "refused_rows", *names[at + 1 :]]

    @admin.display(description="refused", ordering="refused")
    def refused_rows(self, load: DataLoad) -> str | SafeString:
        """How many rows were refused, as a way to them."""
        if not load.refused:
            return "0"
        url = reverse("admin:kernel_rejectedrow_changelist")
        return format_html(
            '<a href="{}?load__id__exact={}">{}</a>', url, load.pk, f"{load.refused:,}"
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All of it."""
        return self.get_fields(request, obj)


@admin.register(RejectedRow, site=desk)
class RejectedRowAdmin(Kept):
    """Which rows were refused, where they stood and why."""

    list_display = ("line", "column", "value", "reason", "of_load")
    list_filter = ("load__dataset",)
    date_hierarchy = "load__finished_at"
    list_select_related = ("load",)
    search_fields = ("column__startswith",)
    search_more = ("value", "reason", "load__file_name")
    search_help_text = "A column; a part of a value, a reason or a file name."
    ordering = ("-load_id", "line", "id")
    sortable_by = ()

    @admin.display(description="load")
    def of_load(self, row: RejectedRow) -> SafeString:
        """The load that refused it, as a way to it."""
        url = reverse("admin:kernel_dataload_change", args=[row.load_id])
        return format_html('<a href="{}">{}: {}</a>', url, row.load.dataset, row.load.file_name)


@admin.register(AuditEvent, site=desk)
class AuditEventAdmin(Kept):
    """Who did what, when and from where."""

    sees: Capability = "read audit"
    list_display = ("at", "user", "action", "target", "address", "request_id")
    list_filter = ("action", "user")
    date_hierarchy = "at"
    list_select_related = ("user",)
    search_fields = ("action__startswith", "target__startswith", "request_id__startswith")
    search_more = ("target", "user__username", "request_id")
    search_help_text = "What an action, its target or a request's id begins with; or a user name."
    sortable_by = ("action",)
