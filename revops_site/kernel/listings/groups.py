"""Rows by the value of one column: how many, and their sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from django.db.models import Count

from revops_site.kernel.filters import Slice
from revops_site.kernel.listings.asked import Asked
from revops_site.kernel.listings.listing import COUNTED, Listing
from revops_site.kernel.listings.narrowing import narrowed, sums_of
from revops_site.kernel.panels import Shown

Row: TypeAlias = dict[str, Any]

MOST_GROUPS = 1000


def all_groups(listing: Listing, slice_: Slice, asked: Asked) -> Sequence[Row]:
    """The groups in the asked order, each with its count and its sums; the largest, if many."""
    rows = narrowed(listing, slice_, asked).order_by().values(asked.group)
    found = rows.annotate(listed=Count("*"), **sums_of(listing)).order_by("-listed", asked.group)
    named: dict[Any, Row] = {}
    for one in found[:MOST_GROUPS]:
        sums = {name: one[f"sum_{name}"] for name in listing.sums}
        value = one[asked.group] if one[asked.group] != "" else None
        row = {asked.group: value, COUNTED.name: one["listed"], **sums}
        named[value] = _added(named[value], row, listing) if value in named else row
    return _ordered_groups(list(named.values()), group_order(listing, asked))


def group_columns(listing: Listing, asked: Asked) -> tuple[Shown, ...]:
    """The columns of groups: the value, the count, the sums."""
    return (
        listing.column(asked.group),
        replace(COUNTED, label=listing.noun.capitalize()),
        *(listing.column(name) for name in listing.sums if name != asked.group),
    )


def group_order(listing: Listing, asked: Asked) -> str:
    """The order of groups: the asked one, if they have it, else the largest first."""
    names = {asked.group, COUNTED.name, *listing.sums}
    largest = f"-{listing.sums[0] if listing.sums else COUNTED.name}"
    return asked.sort if asked.sort.removeprefix("-") in names else largest


def _added(one: Row, other: Row, listing: Listing) -> Row:
    """Blank and unknown are one group."""
    numbers = (COUNTED.name, *listing.sums)
    both = {name: [row[name] for row in (one, other) if row[name] is not None] for name in numbers}
    return {**one, **{name: sum(found) if found else None for name, found in both.items()}}


def _ordered_groups(groups: list[Row], sort: str) -> Sequence[Row]:
    name = sort.removeprefix("-")
    known = [group for group in groups if group[name] is not None]
    unknown = [group for group in groups if group[name] is None]
    return [*sorted(known, key=lambda one: one[name], reverse=sort.startswith("-")), *unknown]
