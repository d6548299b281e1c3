"""A form at the desk knows what its row said when it was opened: nobody's edit is written over."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Field, Model
from django.forms.models import model_to_dict

if TYPE_CHECKING:
    Form = forms.ModelForm[Any]
else:
    Form = forms.ModelForm

OPENED = "opened_as"
GONE = "This was deleted since you opened it."


class Opened(Form):
    """Carries a digest of the row's fields; a row that others have changed since is left alone.

    The same values sent twice are no conflict.
    """

    opened_as = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.initial[OPENED] = digest(said(self.instance, list(self.fields)))

    @property
    def changed_data(self) -> list[str]:
        """The fields that were changed by who filled in the form."""
        return [name for name in super().changed_data if name != OPENED]

    def clean(self) -> dict[str, Any]:
        """Refuse what would undo somebody else's edit; the row waits for this one's end."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        opened = cleaned.get(OPENED)
        if not opened:
            return cleaned
        rows = type(self.instance)._base_manager.select_for_update()
        stored = rows.filter(pk=self.instance.pk).first()
        if stored is None:
            self.add_error(None, GONE)
            return cleaned
        now = said(stored, list(self.fields))
        typed = {name: _text(cleaned[name]) for name in now if name in cleaned}
        if digest(now) != opened and typed != now:
            self.add_error(None, self._conflict(now, typed))
        return cleaned

    def _conflict(self, now: dict[str, str], typed: dict[str, str]) -> str:
        other = [
            f"{self.fields[name].label} {value or 'empty'}"
            for name, value in now.items()
            if name in typed and typed[name] != value
        ]
        return (
            "Somebody changed this since you opened it. Nothing was saved. Where it differs from "
            f"this form, it has: {', '.join(other)}. Open it again to change it."
        )


def said(row: Model, names: list[str]) -> dict[str, str]:
    """What these fields of a row hold, as text; what is no column of it is left out."""
    columns = [one.name for one in row._meta.concrete_fields if isinstance(one, Field)]
    kept = [name for name in columns if name in names]
    return {name: _text(value) for name, value in model_to_dict(row, kept).items()}


def digest(values: dict[str, str]) -> str:
    """What tells these values from any others."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _text(value: Any) -> str:
    if isinstance(value, Model):
        value = value.pk
    return "" if value is None else str(value).replace("\r\n", "\n")
