"""The support desk of the workspace: its calendar, its currency, its thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest
from django.shortcuts import redirect

from revops_site.kernel import freshness, rerating
from revops_site.kernel.desk import Watched, desk
from revops_site.kernel.loading.rows import BusyError
from revops_site.kernel.models import Workspace
from revops_site.kernel.permissions import Capability
from revops_site.kernel.signals import RefusedError

if TYPE_CHECKING:
    Form = forms.ModelForm[Workspace]
else:
    Form = forms.ModelForm

CURRENCY, MAILS = "reporting_currency", "mails_kept_days"
KEPT = (
    "Every night goes what is old enough. By the settings of this installation: rows of the audit "
    "log {audit}, files that were uploaded {uploads}, reports that were made {reports}. Always: "
    "what programs were answered after a day, exports after 7 days, sessions 7 days after they "
    "began, invitations 30 days after they ended, what a language model said after 30 days, "
    "records of syncs after 90 days. What follow-up mails say is kept for as long as you say here."
)
LATER = (
    "There is much money to be rated anew: the reporting currency becomes {} when that is done, in "
    "the background, in a few minutes. Until then all pages stay as they are."
)
ZONE = "Days that files gave as moments keep the date that they had in the time zone before."
FISCAL = "Quotas were moved: each lies on the days that its quarter or year has from now on."


def forgotten() -> str:
    """What is deleted every night, and after how many days."""

    def days(many: int) -> str:
        return f"after {many} days" if many else "never"

    return KEPT.format(
        audit=days(settings.AUDIT_KEPT_DAYS),
        uploads=days(settings.UPLOADS_KEPT_DAYS),
        reports=days(settings.REPORTS_KEPT_DAYS),
    )


class WorkspaceForm(Form):
    """A workspace whose time zone is one that exists."""

    time_zone = forms.ChoiceField(choices=lambda: [(z, z) for z in sorted(available_timezones())])


@admin.register(Workspace, site=desk)
class WorkspaceAdmin(Watched):
    """The one company: its calendar, its currency, its thresholds."""

    sees: Capability = "change settings"
    edits: Capability | None = "change settings"
    at_stake = True
    adds = deletes = False
    actions = None
    form = WorkspaceForm
    list_display = (
        *("name", "time_zone", "fiscal_year_start_month", "reporting_currency"),
        "stale_after_days",
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The fields, and apart from them how long is kept what people did and were sent."""
        fields = [name for name in self.get_fields(request, obj) if name != MAILS]
        kept = {"fields": [MAILS], "description": forgotten()}
        return [(None, {"fields": fields}), ("What is forgotten, and when", kept)]

    def change_view(self, request: HttpRequest, *args: Any, **named: Any) -> Any:
        """The form; a change that something else cannot follow is not made at all."""
        try:
            return super().change_view(request, *args, **named)
        except (RefusedError, BusyError) as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect(request.path)

    def keep(self, request: HttpRequest, obj: Any, form: Any) -> None:
        """Write what was edited and nothing else: the count of changes grows meanwhile.

        Another reporting currency makes all money worth something else: it is written with that.
        """
        edited = [name for name in form.changed_data if name != CURRENCY]
        if edited:
            obj.save(update_fields=edited)
        if CURRENCY in form.changed_data and rerating.soon(obj.reporting_currency):
            self.message_user(request, LATER.format(obj.reporting_currency), messages.WARNING)
        if "time_zone" in edited:
            self.message_user(request, ZONE, messages.WARNING)
        if "fiscal_year_start_month" in edited:
            self.message_user(request, FISCAL)
        freshness.bump()
