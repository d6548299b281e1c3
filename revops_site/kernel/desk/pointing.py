"""What would point at nothing if rows were deleted, where the database holds nobody to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Model

from revops_site.kernel.desk.lists import REACH, is_large

if TYPE_CHECKING:
    from revops_site.kernel.datasets import Reference
    from revops_site.kernel.desk.rows import Rows


def left_pointing(tables: Sequence[Rows], found: Sequence[Model]) -> list[str]:
    """Of each of these tables how many rows point at what was found, in words."""
    label = found[0]._meta.label if found else ""
    pointing = [(one, to) for one in tables for to in one.dataset.references if to.model == label]
    return [says for one, to in pointing if (says := _counted(one, to, found))]


def _counted(table: Rows, reference: Reference, found: Sequence[Model]) -> str:
    """A large table that no index can answer for is named and not read."""
    names, column = table.opts.verbose_name_plural, reference.column
    known = {column, table.dataset.fields[column].name} & table.indexed()
    if is_large(table.model) and not known:
        return f"perhaps some {names} (too many to look through)"
    keys = [getattr(one, reference.to) for one in found]
    pointing = table.model._base_manager.filter(**{f"{column}__in": keys})
    count = pointing.order_by()[: REACH + 1].count()
    if count > REACH:
        return f"more than {REACH:,} {names}"
    return f"{count:,} {table.opts.verbose_name if count == 1 else names}" if count else ""
