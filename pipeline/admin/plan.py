"""The support desk of what deals are planned by: pipelines, stages, quotas, and what is said."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest

from pipeline.actions import terms
from pipeline.datasets import FORECAST_CALLS, PIPELINES, QUOTAS, STAGES
from pipeline.models import ForecastCall, Pipeline, PipelineTerms, Quota, Stage
from revops_site.kernel import freshness
from revops_site.kernel.desk import History, Rows, Watched, desk
from revops_site.kernel.permissions import Capability


@admin.register(Pipeline, site=desk)
class PipelineAdmin(Rows):
    """A way of selling."""

    dataset = PIPELINES
    list_display = ("pipeline_name", "pipeline_id", "pipeline_order")
    list_filter = ("pipeline_order",)
    search_fields = ("pipeline_name", "pipeline_id")


@admin.register(Stage, site=desk)
class StageAdmin(Rows):
    """A step of a pipeline."""

    dataset = STAGES
    list_display = (
        *("stage_name", "stage_id", "pipeline", "stage_order", "probability"),
        *("expected_days", "rotten_days", "days_to_invoice", "is_execution", "is_closed"),
    )
    list_filter = ("is_execution", "is_closed")
    list_select_related = ("pipeline",)
    search_fields = ("stage_name", "stage_id")
    autocomplete_fields = ("pipeline",)


@admin.register(PipelineTerms, site=desk)
class PipelineTermsAdmin(Watched):
    """From when a pipeline's deals are late, and when its orders are paid."""

    edits: Capability | None = "edit data"
    list_display = (
        *("pipeline", "overdue_days", "stuck_days", "inactive_days", "order_days"),
        *("payment_terms_days", "late_days"),
    )

    def keep(self, request: HttpRequest, obj: Any, form: Any) -> None:
        """Write the terms; pages show them at once. A stage that nobody knows is told of."""
        super().keep(request, obj, form)
        freshness.bump()
        unknown = ", ".join(f"“{name}”" for name in terms.strangers(obj))
        if unknown:
            says = f"This pipeline has no stage called {unknown}: no deal will be found there."
            self.message_user(request, says, messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Back to the usual terms, at once."""
        super().delete_model(request, obj)
        freshness.bump()

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """The same of several pipelines."""
        super().delete_queryset(request, queryset)
        freshness.bump()


@admin.register(Quota, site=desk)
class QuotaAdmin(Rows):
    """What a rep is to win."""

    dataset = QUOTAS
    list_display = (
        *("rep", "quarter", "period_start", "period_end", "quota_amount", "currency"),
        "manager_name",
    )
    list_filter = ("currency",)
    list_select_related = ("rep",)
    search_fields = ("rep__name", "rep__rep_id", "quarter", "manager_name")
    date_hierarchy = "period_start"
    autocomplete_fields = ("rep",)


@admin.register(ForecastCall, site=desk)
class ForecastCallAdmin(History):
    """What somebody said of a quarter."""

    dataset = FORECAST_CALLS
    list_display = (
        *("submitted_at", "rep", "team", "quarter", "commit_amount", "best_case_amount"),
        *("currency", "submitted_by", "note"),
    )
    list_filter = (("team", admin.EmptyFieldListFilter),)
    list_select_related = ("rep", "team")
    search_fields = ("rep__rep_id__exact", "team__name__exact", "quarter__exact")
    search_help_text = "A rep's id, a team or a quarter such as Q4 2024, as a whole."
    date_hierarchy = "submitted_at"
