"""Tables of datasets at the desk: every edit there is a load of one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import model_ngettext
from django.db import transaction
from django.db.models import DO_NOTHING, ForeignKey, Model, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.text import capfirst

from revops_site.kernel.datasets import Dataset
from revops_site.kernel.desk import pointing
from revops_site.kernel.desk.forms import SEEN, RowForm, column_of, field_of, fields_of
from revops_site.kernel.desk.loose import Loose, LooseSelect
from revops_site.kernel.desk.tables import Watched
from revops_site.kernel.loading import rows
from revops_site.kernel.permissions import Capability

STAMPS = ("row_created_at", "row_updated_at", "load")
MOST_DELETED = 1_000
LEFT = "These stay when this is deleted, and point at nothing then: {}."


class Rows(Watched):
    """A dataset's table: written through the loader alone, so that history and sums follow.

    What a file cannot give is shown and not edited; a row's key stays what it is.
    """

    dataset: Dataset
    edits: Capability | None = "edit data"
    form = RowForm

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The file's columns, then what was derived from them, then where the row came from."""
        given = fields_of(self.dataset)
        seen = [SEEN] if self.has_change_permission(request, obj) else []
        if obj is None:
            return [*given, *seen]
        kept = [f.name for f in self.opts.concrete_fields if f.name not in (*given, *STAMPS)]
        if self._key_is_hidden:
            kept.remove(self.opts.pk.name)
        return [*given, *kept, *STAMPS, *seen]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """What can be edited apart from what is only known."""
        fields = self.get_fields(request, obj)
        fixed = set(self.get_readonly_fields(request, obj))
        known = [name for name in fields if name in fixed and name not in self._key_fields]
        edited = [name for name in fields if name not in known]
        found: list[Any] = [(None, {"fields": edited})]
        return [*found, ("Record", {"fields": known})] if known else found

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What no file gives, and the key once it is there."""
        given = fields_of(self.dataset)
        others = tuple(f.name for f in self.opts.concrete_fields if f.name not in given)
        return (*others, *self._key_fields) if obj else others

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any
    ) -> Any:
        """The form, which asks the loader on behalf of this person."""
        bound = type("BoundRowForm", (self.form,), {"dataset": self.dataset, "by": request.user})
        return super().get_form(request, obj, change, **{"form": bound, **options})

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """A key that may point at nothing keeps what it has; codes are chosen, not typed."""
        column = column_of(self.dataset, db_field.name)
        if isinstance(db_field, ForeignKey) and db_field.remote_field.on_delete is DO_NOTHING:
            options |= {"form_class": Loose, "widget": LooseSelect(db_field, self.admin_site)}
        elif column and column.kind == "choice" and not db_field.choices:
            return forms.ChoiceField(
                label=capfirst(db_field.verbose_name),
                choices=[("", "---------"), *((code, code) for code in column.choices)],
            )
        return super().formfield_for_dbfield(db_field, request, **options)

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """One row; where no index finds one by Django's key, it has no page."""
        if self.list_display_links is None:
            raise Http404("These rows are shown in their list.")
        return super().get_object(request, object_id, from_field)

    def keep(self, request: HttpRequest, obj: Any, form: Any) -> None:
        """Load the row."""
        said = rows.put(self.dataset, [form.row], kind="edit", source=form.source(), by=form.by)
        obj.pk = said.keys[0]
        self.say_warnings(request, said.report.warnings)

    def say_warnings(self, request: HttpRequest, warnings: Mapping[str, int]) -> None:
        """Tell what is odd about what was saved."""
        for odd in warnings:
            self.message_user(request, f"Note: {odd}.", messages.WARNING)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The list; what is done with its rows is done as a whole or not at all."""
        try:
            with transaction.atomic():
                return super().changelist_view(request, extra_context)
        except rows.BusyError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect(request.get_full_path())

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """The question whether to delete a row, and its answer."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except rows.BusyError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect(request.path)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Take the row away."""
        self.take_out(request, [obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Take the rows away, all in one load."""
        self.take_out(request, list(queryset))

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[Any, int], set[Any], list[Any]]:
        """The rows, and what points at them and has to be moved first; nothing else is deleted."""
        found = list(objs[: MOST_DELETED + 1])
        name = model_ngettext(self.opts, len(found))
        if len(found) > MOST_DELETED:
            return [], {}, set(), [f"At most {MOST_DELETED:,} rows are deleted at once."]
        used = list(self._used(found))
        if not used and "post" not in request.POST:
            self._say_left(request, found)
        return [str(one) for one in found], {name: len(found)}, set(), used

    def _say_left(self, request: HttpRequest, found: Sequence[Model]) -> None:
        """Beside the question: what the database would let go of, but will miss it."""
        tables = [one for one in self.admin_site._registry.values() if isinstance(one, Rows)]
        if left := pointing.left_pointing(tables, found):
            self.message_user(request, LEFT.format(", ".join(left)), messages.WARNING)

    def _used(self, found: Sequence[Model]) -> Sequence[str]:
        """Whatever the database would not let go of, in words."""
        says = []
        for relation in self.opts.get_fields(include_hidden=True):
            key = getattr(relation, "remote_field", None)
            if not relation.auto_created or not isinstance(key, ForeignKey):
                continue
            if not getattr(key, "db_constraint", True):
                continue
            using = key.model._base_manager.filter(**{f"{key.name}__in": found})
            if few := [str(one) for one in using.order_by()[:4]]:
                more = " …" if len(few) > 3 else ""
                named = key.model._meta.verbose_name_plural
                says.append(format_html("{}: {}{}", named, ", ".join(few[:3]), more))
        return says

    def take_out(self, request: HttpRequest, found: Sequence[Any]) -> None:
        """Delete these rows in one load."""
        label = f"{self.dataset.model} {found[0].pk}" if len(found) == 1 else self.dataset.model
        rows.remove(
            self.dataset,
            [rows.key(self.dataset, one) for one in found],
            kind="edit",
            source=f"deletion of {label}",
            by=request.user,  # type: ignore[arg-type]
        )

    def indexed(self) -> set[str]:
        """What the database's own key sorts, which Django's may not."""
        first = self.dataset.fields[self.dataset.key[0]].name
        return super().indexed() - {self.opts.pk.name} | {first}

    @property
    def _key_fields(self) -> tuple[str, ...]:
        """The fields that make a row what it is."""
        columns = [self.dataset.column(name) for name in self.dataset.identity or self.dataset.key]
        named = [field_of(self.dataset, column) for column in columns]
        named += [self.dataset.fields[name].name for name in self.dataset.key]
        return tuple(dict.fromkeys(name for name in named if name in fields_of(self.dataset)))

    @property
    def _key_is_hidden(self) -> bool:
        """Whether Django's key is a number or a hash, which tells nobody anything."""
        return self.opts.pk.name not in fields_of(self.dataset)


class History(Rows):
    """A dataset's table that only grows: to be read, and loaded again where it is wrong."""

    edits: Capability | None = None
    adds = deletes = False
