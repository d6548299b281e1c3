"""A filter of a list by the codes that a column may have, which nobody has to look up in it."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest

from revops_site.kernel.datasets import Dataset


def chosen(dataset: Dataset, name: str) -> type[SimpleListFilter]:
    """The filter of a dataset's rows by its choice column ``name``."""
    codes = [(code, code) for code in dataset.column(name).spellings]

    class Chosen(SimpleListFilter):
        title = name.replace("_", " ")
        parameter_name = name

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return codes

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            return queryset.filter(**{name: self.value()}) if self.value() else queryset

    return Chosen
