"""The form of one row of a dataset: what the loader would refuse in a file is refused here too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Model
from django.forms.models import construct_instance

from revops_site.kernel.datasets import Column, Dataset
from revops_site.kernel.desk.loose import Loose
from revops_site.kernel.loading import rows
from revops_site.kernel.loading.reports import FileReport
from revops_site.kernel.models import Loaded, User

if TYPE_CHECKING:
    Form = forms.ModelForm[Any]
else:
    Form = forms.ModelForm

SEEN = "seen_at"


class RowForm(Form):
    """Django's form; whether its row may be stored, the dataset's promise says.

    It carries the moment that the row last changed before it was opened: a row that somebody or a
    load has changed since is left as it is.
    """

    dataset: Dataset
    by: User

    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.is_new = self.instance._state.adding
        if not self.is_new:
            self.initial[SEEN] = self.instance.row_updated_at.isoformat()
        self.label_suffix = ""
        self.row: dict[str, str | None] = {}
        for name, field in self.fields.items():
            if column := column_of(self.dataset, name):
                self._promise(name, field, column)

    @property
    def changed_data(self) -> list[str]:
        """The fields that were changed by who filled in the form."""
        return [name for name in super().changed_data if name != SEEN]

    def source(self) -> str:
        """What the load of this row is called."""
        return f"edit of {self.dataset.model} {self.instance.pk or 'a new row'}"

    def _promise(self, name: str, field: forms.Field, column: Column) -> None:
        """What the dataset says of a column, said of its field."""
        default = column.default() if callable(column.default) else column.default
        if column.kind != "boolean":
            field.required = not column.nullable and default is None
        field.help_text = _short(column) if column.kind in {"rep", "team"} else column.meaning
        if column.kind == "instant":
            field.help_text += " In UTC."
        if self.is_new and default is not None and name not in self.initial:
            self.initial[name] = {"true": True, "false": False}.get(default, default)
        if isinstance(field, Loose):
            field.kept = self.initial.get(name)

    def _post_clean(self) -> None:
        """In place of the model's own checks: ask the loader, with the row as it would be."""
        construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)
        if self.errors:
            return
        try:
            rows.hold(self.dataset)
        except rows.BusyError as error:
            self.add_error(None, str(error))
            return
        stored = self._stored()
        if not self.is_new and stored is None:
            self.add_error(None, "This row was deleted since you opened it.")
            return
        self.row = self._row(stored)
        if stored is not None and stored.row_updated_at.isoformat() != self.cleaned_data[SEEN]:
            self.add_error(None, self._conflict(stored))
            return
        self._ask()

    def _stored(self) -> Loaded | None:
        """The row as it is now, if it is there."""
        if self.is_new:
            return None
        found: Loaded | None = self._meta.model._base_manager.filter(pk=self.instance.pk).first()
        return found

    def _row(self, stored: Loaded | None) -> dict[str, str | None]:
        """The row as the loader takes it: what is stored, with what the form says in its place."""
        row = {} if stored is None else rows.texts(self.dataset, [stored])[0]
        for column in self.dataset.columns:
            name = field_of(self.dataset, column)
            if name in self.fields and (self.is_new or name in self.changed_data):
                row[column.name] = rows.text(column, self.cleaned_data[name])
        return row

    def _ask(self) -> None:
        """Put the loader's reasons on their fields; keep the key that the row would have."""
        said = rows.ask(self.dataset, [self.row], self.by)
        if self.is_new and said.report.accepted and not said.report.inserted:
            self.add_error(None, f"Such a {self._meta.model._meta.verbose_name} is there already.")
        for name, sentence in _reasons(self.dataset, said.report):
            self.add_error(name if name in self.fields else None, sentence)
        if self.is_new and said.keys:
            self.instance.pk = said.keys[0]

    def _conflict(self, stored: Loaded) -> str:
        """What became of the row since it was opened."""
        now = rows.texts(self.dataset, [stored])[0]
        other = [
            f"{column.title} {now[column.name] or 'empty'}"
            for column in self.dataset.columns
            if column.name in now and now[column.name] != self.row.get(column.name)
        ]
        by = f" by {stored.load.file_name}" if stored.load else ""
        at = f"{stored.row_updated_at:%Y-%m-%d %H:%M:%S} UTC"
        kept = f" Where it differs from this form, it has: {', '.join(other)}." if other else ""
        return (
            f"This row was changed at {at}{by}, since you opened it. Nothing was saved.{kept} "
            "Open it again to change it."
        )


def field_of(dataset: Dataset, column: Column) -> str:
    """The field of the table that a column is edited in; empty where there is none."""
    field = dataset.fields.get(column.name if column.stored else column.reads)
    return field.name if field else ""


def column_of(dataset: Dataset, name: str) -> Column | None:
    """The column that a field of the table is for, if any."""
    return next((c for c in dataset.columns if field_of(dataset, c) == name), None)


def fields_of(dataset: Dataset) -> list[str]:
    """The fields that a file, and so an edit, can fill, in the order of the file."""
    named = [field_of(dataset, column) for column in dataset.columns]
    return [name for name in dict.fromkeys(named) if name and _is_editable(dataset.table, name)]


def _short(column: Column) -> str:
    """What a column means, without how a file may spell who is chosen from a list here."""
    return f"{re.split('[:.]', column.meaning)[0]}."


def _is_editable(model: type[Model], name: str) -> bool:
    return bool(model._meta.get_field(name).editable)


def _reasons(dataset: Dataset, report: FileReport) -> list[tuple[str, str]]:
    """Field and sentence for each cell that the loader refuses, in the words of a file's report."""
    titles: Mapping[str, Column] = {column.title: column for column in dataset.columns}
    found = []
    for cell in report.sample:
        column = titles.get(cell.column)
        name = field_of(dataset, column) if column else ""
        found.append((name, f"{cell.column or 'This row'} {cell.reason}."))
    return found
