"""The one way to answer what is asked of a long table: one query counts and sums, one reads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any, TypeAlias

from django.db.models import Count, Q, QuerySet

from revops_site.kernel.filters import Slice
from revops_site.kernel.freshness import remembered
from revops_site.kernel.listings.asked import Asked
from revops_site.kernel.listings.groups import MOST_GROUPS, all_groups, group_columns, group_order
from revops_site.kernel.listings.listing import COUNTED, Listing, linked
from revops_site.kernel.listings.narrowing import narrowed, order_of, sums_of, total_order
from revops_site.kernel.panels import Shown

Row: TypeAlias = dict[str, Any]

AT_ONCE = 2000  # rows that a file takes from the database at a time
MANY = 2000  # below it one query is quicker than two


@dataclass(frozen=True)
class Answer:
    """A page of rows, or of groups of rows, with the count and the sums of all of them.

    ``among`` is how many rows or groups the ``pages`` hold, ``size`` of them each; ``number`` is
    the page that this is. ``total`` counts the rows, ``sums`` adds them up by column. ``sort`` is
    the order they are in.
    """

    rows: Sequence[Row]
    total: int
    sums: Mapping[str, Any]
    among: int
    number: int
    pages: int
    size: int
    sort: str
    notices: tuple[str, ...] = ()

    @property
    def first(self) -> int:
        """The place of the first row of this page, from 1."""
        return (self.number - 1) * self.size + 1


def columns(listing: Listing, asked: Asked) -> tuple[Shown, ...]:
    """The columns of what was asked, in order: of groups, or the chosen ones of single rows."""
    if asked.is_grouped:
        return group_columns(listing, asked)
    chosen = asked.columns or listing.default
    return tuple(shown for shown in listing.columns if shown.name in chosen)


def answer(listing: Listing, slice_: Slice, asked: Asked, generation: int) -> Answer:
    """What was asked, from the cache where the data have not changed since.

    A row is a dict by column; it holds what the links of its columns need besides.
    """
    key = _key(listing, slice_, repr(asked), generation)
    return remembered(key, lambda: _made(listing, slice_, asked, generation))


def every_row(listing: Listing, slice_: Slice, asked: Asked) -> Iterator[Sequence[Any]]:
    """All rows or groups, in the asked order, by column; some thousand are held at a time."""
    names = [shown.name for shown in columns(listing, asked)]
    if asked.is_grouped:
        return ([group[name] for name in names] for group in all_groups(listing, slice_, asked))
    rows = narrowed(listing, slice_, asked)
    sort = order_of(listing, asked)
    ordered = rows.order_by(*total_order(listing, rows, sort))
    found = ordered.values_list(*names, *_others(listing, sort, names))
    return (row[: len(names)] for row in found.iterator(chunk_size=AT_ONCE))


def _made(listing: Listing, slice_: Slice, asked: Asked, generation: int) -> Answer:
    narrowing = (asked.words, asked.flags, asked.group, asked.within) if asked.narrows else ()
    key = _key(listing, slice_, f"sums {narrowing}", generation)
    total, sums = remembered(key, lambda: _totals(listing, slice_, asked))
    if not asked.is_grouped:
        return _page_of_rows(listing, slice_, asked, total, sums)
    groups = all_groups(listing, slice_, asked)
    bare = _bare(asked, len(groups), total, sums, group_order(listing, asked))
    many = f"Only the {MOST_GROUPS:,} largest groups are shown."
    notices = (*bare.notices, *([many] if len(groups) >= MOST_GROUPS else []))
    start = bare.first - 1
    return replace(bare, rows=groups[start : start + asked.size], notices=notices)


def _key(listing: Listing, slice_: Slice, choices: str, generation: int) -> str:
    said = f"{listing.title}\n{choices}"  # the rows behind two numbers share their slug
    digest = hashlib.blake2s(said.encode(), digest_size=12).hexdigest()
    return f"listing:{listing.slug}:{slice_.cache_key}:{digest}:{generation}"


def _totals(listing: Listing, slice_: Slice, asked: Asked) -> tuple[int, Row]:
    """The count and the sums of all rows that are left."""
    if listing.totals is not None and not asked.narrows:
        known = listing.totals(slice_)
        return int(known[COUNTED.name]), {name: known[name] for name in listing.sums}
    rows = narrowed(listing, slice_, asked).order_by()
    found = rows.aggregate(listed=Count("*"), **sums_of(listing))
    return found["listed"], {name: found[f"sum_{name}"] for name in listing.sums}


def _page_of_rows(listing: Listing, slice_: Slice, asked: Asked, total: int, sums: Row) -> Answer:
    sort = order_of(listing, asked)
    bare = _bare(asked, total, total, sums, sort)
    rows = narrowed(listing, slice_, asked)
    fields = _fields(listing, columns(listing, asked))
    start = bare.first - 1
    count = max(0, min(asked.size, total - start))
    backwards = start > total // 2  # the far half is nearer from its end
    order = total_order(listing, rows, sort, backwards=backwards)
    start = total - start - count if backwards else start
    fields = (*fields, *_others(listing, sort, fields))
    found = _read(listing, rows.order_by(*order), fields, start, count, total)
    return replace(bare, rows=found[::-1] if backwards else found)


def _read(
    listing: Listing,
    rows: QuerySet[Any],
    fields: Sequence[str],
    start: int,
    count: int,
    total: int,
) -> list[Row]:
    """A page of ordered rows. Of many rows the keys alone are ordered: the others need no joins.

    A row that a load takes away in between is not on the page.
    """
    is_derived = rows.query.combinator or set(listing.key) & set(rows.query.annotations)
    if total <= MANY or is_derived:
        return list(rows.values(*fields)[start : start + count])
    keys = list(rows.values_list(*listing.key)[start : start + count])
    if not keys:
        return []
    read = tuple(dict.fromkeys((*fields, *listing.key)))
    found = rows.order_by().filter(_of_keys(listing, keys)).values(*read)
    by_key = {tuple(row[name] for name in listing.key): row for row in found}
    return [by_key[key] for key in keys if key in by_key]


def _of_keys(listing: Listing, keys: Sequence[tuple[Any, ...]]) -> Q:
    """The rows of these keys."""
    if len(listing.key) == 1:
        return Q(**{f"{listing.key[0]}__in": [key for (key,) in keys]})
    return reduce(or_, [Q(**dict(zip(listing.key, key, strict=True))) for key in keys])


def _fields(listing: Listing, shown: Sequence[Shown]) -> Sequence[str]:
    """What is read of a row: what is shown, and what links and explanations are made of."""
    needed = [name for one in shown for name in linked(one)]
    whole = listing.names if listing.narrows else ()
    return tuple(dict.fromkeys((*(one.name for one in shown), *needed, *whole)))


def _others(listing: Listing, sort: str, fields: Sequence[str]) -> Sequence[str]:
    """What rows are ordered by beside these: a union can be ordered by what is read of it alone."""
    names = dict.fromkeys((sort.removeprefix("-"), *listing.key))
    return tuple(name for name in names if name and name not in fields)


def _bare(asked: Asked, among: int, total: int, sums: Row, sort: str) -> Answer:
    """The answer without rows: a page that lies beyond the end is the last one."""
    pages = max(1, -(-among // asked.size))
    there = "There is 1 page" if pages == 1 else f"There are {pages:,} pages"
    return Answer(
        rows=(),
        total=total,
        sums=sums,
        among=among,
        number=min(asked.page, pages),
        pages=pages,
        size=asked.size,
        sort=sort,
        notices=(f"{there}; showing the last.",) if asked.page > pages else (),
    )
