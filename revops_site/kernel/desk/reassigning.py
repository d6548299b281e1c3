"""The chosen rows get another owner, all in one load."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import model_ngettext
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

from revops_site.kernel import audit
from revops_site.kernel.loading import rows
from revops_site.kernel.loading.reports import FileReport
from revops_site.kernel.models import Rep

if TYPE_CHECKING:
    from revops_site.kernel.desk.rows import Rows

MOST = 50_000
"""Rows that one load of this kind may have."""
KEPT_KEYS = 500


@admin.action(description="Reassign owner…", permissions=["change"])
def reassign(desk: Rows, request: HttpRequest, chosen: QuerySet[Any]) -> TemplateResponse | None:
    """Ask to whom, then write the rows with their new owner."""
    count = chosen.order_by()[: MOST + 1].count()
    if count > MOST:
        says = f"At most {MOST:,} rows change at once: filter the list, then choose again."
        desk.message_user(request, says, messages.ERROR)
        return None
    form = _form(desk, request)
    if "confirmed" in request.POST and form.is_valid():
        owner = form.cleaned_data["owner"]
        _tell(desk, request, _write(desk, request, chosen, owner), owner)
        return None
    return _page(desk, request, chosen, form, count)


def owner_column(desk: Rows) -> str:
    """The first column of the dataset that names a rep."""
    return next(column.name for column in desk.dataset.columns if column.kind == "rep")


def _form(desk: Rows, request: HttpRequest) -> forms.Form:
    key: Any = desk.dataset.fields[owner_column(desk)]
    field = forms.ModelChoiceField(
        Rep.objects.all(),
        label="New owner",
        help_text="Type a part of the name, e-mail or id.",
        widget=AutocompleteSelect(key, desk.admin_site),
    )
    kind = type("OwnerForm", (forms.Form,), {"owner": field})
    made: forms.Form = kind(request.POST if "confirmed" in request.POST else None)
    return made


def _write(desk: Rows, request: HttpRequest, chosen: QuerySet[Any], owner: Rep) -> FileReport:
    """Read the rows while nobody else may write, and load them with their new owner.

    The list that the rows were chosen in is a transaction of its own.
    """
    rows.hold(desk.dataset)
    column = owner_column(desk)
    found = list(chosen)
    given = rows.texts(desk.dataset, found)
    said = rows.write(
        desk.dataset,
        [{**row, column: owner.pk} for row in given],
        kind="edit",
        source=f"reassignment of {len(found)} rows of {desk.dataset.model} to {owner.pk}",
        by=request.user,  # type: ignore[arg-type]
    )
    audit.record(
        "reassigned",
        target=f"{desk.dataset.model}: {said.updated} rows to {owner.pk}",
        request=request,
        before={str(row.pk): getattr(row, column) for row in found[:KEPT_KEYS]},
        after=owner.pk,
    )
    return said


def _tell(desk: Rows, request: HttpRequest, said: FileReport, owner: Rep) -> None:
    named = model_ngettext(desk.opts, said.updated)
    desk.message_user(request, f"{owner} now owns {said.updated:,} more {named}.")
    if said.refused:
        first = said.sample[0]
        says = (
            f"{said.refused:,} were refused, such as: {first.column} {first.reason}. "
            "The load of this change lists them."
        )
        desk.message_user(request, says, messages.WARNING)


def _page(
    desk: Rows, request: HttpRequest, chosen: QuerySet[Any], form: forms.Form, count: int
) -> TemplateResponse:
    context = {
        **desk.admin_site.each_context(request),
        "title": "Reassign owner",
        "subtitle": None,
        "opts": desk.opts,
        "media": desk.media + form.media,
        "form": form,
        "count": count,
        "named": model_ngettext(desk.opts, count),
        "few": list(chosen[:10]),
        "across": request.POST.get("select_across", "0"),
        "chosen": request.POST.getlist(helpers.ACTION_CHECKBOX_NAME),
        "checkbox": helpers.ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/reassign.html", context)
