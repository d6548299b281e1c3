"""Tables at the desk: roles decide who finds and edits them, and what is done is written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpRequest

from revops_site.kernel import audit
from revops_site.kernel.desk import exporting
from revops_site.kernel.desk.lists import Lists, Pages, indexed, is_large
from revops_site.kernel.desk.opened import Opened
from revops_site.kernel.permissions import Capability, may

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
MOMENT = forms.DateTimeInput(
    format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": "1"}
)


class Watched(ModelAdmin):
    """A table at the desk: roles decide, and what is done is kept in the audit log.

    Its list opens in a blink however many rows there are: they are counted by estimate, sorted
    and searched by an index. ``search_fields`` are those that have one; ``search_more`` are
    searched as well as long as the table is small.
    """

    sees: Capability = "edit data"
    edits: Capability | None = None
    adds = deletes = True
    at_stake = False
    """Whether who it is is asked again before the table opens, when that was long ago."""
    search_more: tuple[str, ...] = ()
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 200
    paginator = Pages
    formfield_overrides: ClassVar = {
        models.DateField: {"widget": DAY},
        models.DateTimeField: {"form_class": forms.DateTimeField, "widget": MOMENT},
    }
    actions: Sequence[Any] | None = (exporting.export,)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the table is listed."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether its rows are shown."""
        return may(request.user, self.sees)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether its rows may be edited."""
        return self.edits is not None and may(request.user, self.edits)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether rows may be added."""
        return self.adds and self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether rows may be deleted."""
        return self.deletes and self.has_change_permission(request)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any
    ) -> Any:
        """The form; that of a row there is refuses to write over what others did meanwhile."""
        form = options.get("form", self.form)
        if obj is not None and self.has_change_permission(request, obj) and not _watches(form):
            options["form"] = type(form)(form.__name__, (Opened, form), {})
        return super().get_form(request, obj, change=change, **options)

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[Lists]:
        """The list that knows its days without reading all of them."""
        return Lists

    def get_search_fields(self, request: HttpRequest) -> Any:
        """What an index can answer, and the rest where the table is small."""
        more = () if is_large(self.model) else self.search_more
        return (*super().get_search_fields(request), *more)

    def get_sortable_by(self, request: HttpRequest) -> Any:
        """Any column, or those that an index sorts where the table is large."""
        shown = super().get_sortable_by(request)
        if not is_large(self.model):
            return shown
        return [name for name in shown if name in self.indexed()]

    def indexed(self) -> set[str]:
        """The fields that an index can sort all rows by."""
        return indexed(self.model)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Whoever is not in a list is added in its own table, not in a window on top."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and write it down with the values before and after."""
        if change and not form.changed_data:
            return
        self.keep(request, obj, form)
        written(request, "changed" if change else "added", obj, **values(form))

    def keep(self, request: HttpRequest, obj: Any, form: Any) -> None:
        """Write the row."""
        obj.save()

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Write down each row while it still has its name."""
        for obj in queryset:
            written(request, "deleted", obj)
        return super().log_deletions(request, queryset)


class Kept(Watched):
    """A table to read: what it holds was loaded or recorded, not typed."""

    adds = deletes = False


def _watches(form: Any) -> bool:
    """Whether a form carries by itself which row it was opened on."""
    return bool({"seen", "seen_at"} & form.declared_fields.keys())


def written(request: HttpRequest, action: str, obj: Model, **detail: Any) -> None:
    """Add to the audit log what was done to a row."""
    target = f"{obj._meta.label} {obj.pk}: {obj}"
    audit.record(action, target=target, request=request, **detail)


def values(form: BaseForm) -> dict[str, list[str | None]]:
    """Each changed field's value before and after, as text."""
    return {
        name: [_text(form.initial.get(name)), _text(form.cleaned_data.get(name))]
        for name in form.changed_data
    }


def _text(value: Any) -> str | None:
    if isinstance(value, Model):
        value = value.pk
    return None if value is None else str(value)
