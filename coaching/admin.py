"""The support desk of coaching: follow-up mails to read, and whom nobody mails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from coaching.models import Mail, Unsubscribed
from revops_site.kernel import clock
from revops_site.kernel import mail as post
from revops_site.kernel.desk import Kept, Watched, desk
from revops_site.kernel.permissions import Capability

if TYPE_CHECKING:
    Form = forms.ModelForm[Unsubscribed]
else:
    Form = forms.ModelForm


@admin.register(Mail, site=desk)
class MailAdmin(Kept):
    """A follow-up, as it was drafted, approved and sent; it is changed on its own page."""

    list_display = ("made_at", "state", "subject", "to_address", "deal_id", "rep", "reason")
    list_filter = ("state", "reason", "wording")
    list_select_related = ("rep",)
    search_fields = ("deal_id__startswith",)
    search_more = ("subject", "to_address")
    search_help_text = "The start of a deal's id."


class UnsubscribedForm(Form):
    """An address as it is compared."""

    def clean_address(self) -> str:
        """In the form that servers take."""
        try:
            return post.checked(self.cleaned_data["address"]).lower()
        except post.BadAddressError as why:
            raise forms.ValidationError(str(why)) from why


@admin.register(Unsubscribed, site=desk)
class UnsubscribedAdmin(Watched):
    """Who gets no follow-ups any more."""

    edits: Capability | None = "edit data"
    form = UnsubscribedForm
    list_display = ("address", "at", "how", "note")
    list_filter = ("how",)
    search_fields = ("address__startswith",)
    search_help_text = "The start of an address."

    def keep(self, request: HttpRequest, obj: Any, form: Any) -> None:
        """Write the address with when it came."""
        obj.at = obj.at or clock.now()
        obj.save()
