"""The support desk of what people type themselves: the workspace, its teams, reps and rates."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from revops_site.kernel import freshness
from revops_site.kernel.desk import Typed, desk
from revops_site.kernel.models import FxRate, Rep, Team, Workspace
from revops_site.kernel.permissions import Capability
from revops_site.kernel.signals import rates_changed

if TYPE_CHECKING:
    Form = forms.ModelForm[Workspace]
else:
    Form = forms.ModelForm


@admin.register(Team, site=desk)
class TeamAdmin(Typed):
    """Who belongs together."""

    search_fields = ("name",)


@admin.register(Rep, site=desk)
class RepAdmin(Typed):
    """Who owns deals."""

    list_display = ("name", "rep_id", "email", "team", "region", "is_active")
    list_filter = ("is_active", "team")
    list_select_related = ("team",)
    search_fields = ("name", "rep_id", "email")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The key that files use stays what it is."""
        return ("rep_id",) if obj else ()


@admin.register(FxRate, site=desk)
class FxRateAdmin(Typed):
    """What one currency was worth in another."""

    list_display = ("date", "from_currency", "to_currency", "rate")
    list_filter = ("from_currency", "to_currency")
    search_fields = ("from_currency", "to_currency")
    date_hierarchy = "date"

    def announce(self, fields: Collection[str]) -> None:
        """Money in other currencies is worth something else now."""
        currency = freshness.workspace().reporting_currency
        rates_changed.send(sender=FxRate, currency=currency)
        super().announce(fields)


class WorkspaceForm(Form):
    """A workspace whose time zone is one that exists."""

    time_zone = forms.ChoiceField(choices=lambda: [(z, z) for z in sorted(available_timezones())])


@admin.register(Workspace, site=desk)
class WorkspaceAdmin(Typed):
    """The one company: its calendar, its currency, its thresholds."""

    sees: Capability = "change settings"
    edits: Capability | None = "change settings"
    adds = deletes = False
    form = WorkspaceForm
    list_display = ("name", "time_zone", "fiscal_year_start_month", "reporting_currency")

    def keep(self, obj: Any, form: Any) -> None:
        """Write what was edited and nothing else: the count of changes grows meanwhile."""
        obj.save(update_fields=form.changed_data)

    def announce(self, fields: Collection[str]) -> None:
        """Another reporting currency makes all money worth something else."""
        if "reporting_currency" in fields:
            currency = freshness.workspace().reporting_currency
            rates_changed.send(sender=Workspace, currency=currency)
        super().announce(fields)
