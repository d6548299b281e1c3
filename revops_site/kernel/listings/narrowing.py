"""The rows that a search, quick filters and an open group leave, and their total order."""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Field, Q, QuerySet, Sum
from django.db.models.expressions import OrderBy

from revops_site.kernel.filters import Slice
from revops_site.kernel.listings.asked import Asked
from revops_site.kernel.listings.listing import Listing


def narrowed(listing: Listing, slice_: Slice, asked: Asked) -> QuerySet[Any]:
    """The rows that search, quick filters and the open group leave of the slice."""
    others = (listing.flags[name].rows for name in asked.flags)
    rows = next(filter(None, others), listing.rows)(slice_)
    for word in asked.words:
        hits = (Q(**{f"{name}__icontains": word}) for name in listing.search)
        rows = rows.filter(functools.reduce(operator.or_, hits))
    for name in asked.flags:
        rows = rows.filter(listing.flags[name].condition(slice_))
    if asked.group and asked.within is not None:
        rows = rows.filter(_belongs(rows, asked.group, asked.within))
    return rows


def sums_of(listing: Listing) -> dict[str, Sum]:
    """The sums by ``sum_<column>``."""
    return {f"sum_{name}": Sum(name) for name in listing.sums}


def order_of(listing: Listing, asked: Asked) -> str:
    """The order of single rows."""
    return asked.sort if asked.sort.removeprefix("-") in listing.names else listing.sort


def total_order(
    listing: Listing, rows: QuerySet[Any], sort: str, *, backwards: bool = False
) -> Sequence[OrderBy]:
    """The total order of rows: what is unknown last, ties by key."""
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    keys = [(key, False) for key in listing.key if key != name]
    columns = [(name, descending), *keys] if name else keys
    return [_ordered(rows, *one, backwards=backwards) for one in columns]


def _belongs(rows: QuerySet[Any], name: str, text: str) -> Q:
    """That a row is of the group whose value is written so; "" is unknown or blank."""
    field: Field[Any, Any] = F(name).resolve_expression(rows.query.clone()).output_field
    unknown = Q(**{f"{name}__isnull": True})
    if not text:
        return unknown | Q(**{name: ""}) if field.empty_strings_allowed else unknown
    try:
        return Q(**{name: field.to_python(text)})
    except (ValidationError, ValueError, ArithmeticError):
        return Q(pk__in=[])


def _ordered(rows: QuerySet[Any], name: str, descending: bool, *, backwards: bool) -> OrderBy:
    """One column of an order; an index serves it only where nothing is said of nulls in vain."""
    ends = {"nulls_first" if backwards else "nulls_last": True} if _may_be_null(rows, name) else {}
    return F(name).desc(**ends) if descending != backwards else F(name).asc(**ends)


def _may_be_null(rows: QuerySet[Any], name: str) -> bool:
    if name in rows.query.annotations:
        return True
    try:
        return bool(getattr(rows.model._meta.get_field(name), "null", True))
    except FieldDoesNotExist:
        return True
