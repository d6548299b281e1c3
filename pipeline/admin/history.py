"""The support desk of what happened to deals: read here, loaded again where it is wrong."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from pipeline.datasets import DEAL_CHANGES, STAGE_HISTORY, STATUS_EVENTS
from pipeline.models import DealChange, StageVisit, StatusEvent
from revops_site.kernel.desk import History, desk

OF_DEAL = "The start of a deal's id."


@admin.register(StageVisit, site=desk)
class StageVisitAdmin(History):
    """Where deals were, and for how long."""

    dataset = STAGE_HISTORY
    list_display = ("deal_id", "stage_name", "pipeline_id", "entered_at", "exited_at")
    list_display_links = None
    list_filter = (("exited_at", admin.EmptyFieldListFilter),)
    search_fields = ("deal_id__startswith",)
    search_help_text = OF_DEAL
    ordering = ("-entered_at",)
    date_hierarchy = "entered_at"


@admin.register(StatusEvent, site=desk)
class StatusEventAdmin(History):
    """When deals were opened, won, lost or deleted."""

    dataset = STATUS_EVENTS
    list_display = ("at", "deal_id", "status")
    list_display_links = None
    list_filter = ("status",)
    search_fields = ("deal_id__startswith",)
    search_help_text = OF_DEAL
    ordering = ("-at",)
    date_hierarchy = "at"


class Source(admin.SimpleListFilter):
    """What changed a deal, of the sources that there can be."""

    title = "source"
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """A file or a way of writing without one."""
        return [(kind, kind) for kind in ("file", "edit", "sync", "app")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The changes that came that way."""
        return queryset.filter(source=self.value()) if self.value() else queryset


@admin.register(DealChange, site=desk)
class DealChangeAdmin(History):
    """What was changed about deals, by a file's history, a load, an edit or a sync."""

    dataset = DEAL_CHANGES
    list_display = ("changed_at", "deal_id", "field", "old", "new", "source", "load")
    list_display_links = None
    list_filter = (Source,)
    list_select_related = ("load",)
    search_fields = ("deal_id__startswith",)
    search_help_text = OF_DEAL
    ordering = ("-changed_at",)
    date_hierarchy = "changed_at"
