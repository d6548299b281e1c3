"""A choice among rows that keeps a value it has even where no row is left that it points at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    ChoiceField = forms.ModelChoiceField[Any]
else:
    ChoiceField = forms.ModelChoiceField


class Loose(ChoiceField):
    """What files may leave pointing at nothing, an edit of something else may not empty.

    ``kept`` is the key that the row has, whether or not it points at anything.
    """

    kept: Any = None

    def to_python(self, value: Any) -> Any:
        """The row chosen, or one that stands for the unknown key that was there before."""
        try:
            return super().to_python(value)
        except ValidationError:
            if value and value == self.kept and self.queryset is not None:
                return self.queryset.model(pk=value)
            raise


class LooseSelect(AutocompleteSelect):
    """Offers the key that the row has, even where it points at nothing."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        """Django's choices, and the unknown key, which is marked as such."""
        groups = super().optgroups(name, value, attr)
        options = groups[0][1]
        known = {str(option["value"]) for option in options}
        for key in map(str, value):
            if key and key not in known:
                says = f"{key} (unknown)"
                options.append(self.create_option(name, key, says, selected=True, index=len(known)))
        return groups
