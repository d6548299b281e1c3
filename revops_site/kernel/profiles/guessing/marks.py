"""The formats of a file as a whole: days, numbers, words for empty, rows of totals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from revops_site.kernel.profiles.guessing.contents import COUNTED, STYLES, Cells, is_day, is_number
from revops_site.kernel.profiles.words import NULLS, TOTALS
from revops_site.kernel.reading.records import cleaned

# Where the day may stand before or after the month.
TWINS = (
    ("%m/%d/%Y", "%d/%m/%Y"),
    ("%m/%d/%y", "%d/%m/%y"),
    ("%m-%d-%Y", "%d-%m-%Y"),
)
EITHER_WAY = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")


def formats(columns: Sequence[Cells]) -> tuple[tuple[str, ...], list[str]]:
    """The formats of the columns' days, most frequent first, with what is doubtful about them.

    Where a cell tells the day from the month, all cells like it are read so.
    """
    cells = Counter(cell for column in columns for cell in column.distinct)
    found: dict[str, int] = {}
    for column in columns:
        for one in column.formats or column.formats_among(COUNTED):
            found[one] = found.get(one, 0) + len(column.told)
    doubts = []
    for month_first, day_first in TWINS:
        both = [one for one in (month_first, day_first) if one in found]
        if not both:
            continue
        only_month = [c for c in cells if is_day(month_first, c) and not is_day(day_first, c)]
        only_day = [c for c in cells if is_day(day_first, c) and not is_day(month_first, c)]
        count = sum(found.pop(one) for one in both)
        if only_month and only_day:
            found |= {month_first: count, day_first: count - 1}
            says = f"{only_month[0]} can only be {month_first}, {only_day[0]} only {day_first}"
            doubts.append(f"dates come in two orders: {says}; others are read as {month_first}")
        elif only_day:
            found[day_first] = count
        else:
            found[month_first] = count
            shown = next((c for c in cells if is_day(month_first, c)), "")
            if not only_month and shown:
                doubts.append(f"dates like {shown} are read as {month_first}; or is the day first?")
    order = sorted(found, key=lambda one: -found[one])
    return tuple(order) or ("iso",), doubts


def style(columns: Sequence[Cells]) -> tuple[tuple[str, str], list[str]]:
    """The marks of the columns' numbers, with what is doubtful about them."""
    cells = [cell for column in columns for cell in column.distinct]
    counts = {one: sum(is_number(one, cell) for cell in cells) for one in STYLES}
    best = max(STYLES, key=lambda one: counts[one])
    bare = [re.sub("[^0-9.,]", "", cell) for cell in cells if is_number(best, cell)]
    marked = [cell for cell in bare if "." in cell or "," in cell]
    if marked and all(EITHER_WAY.fullmatch(cell) for cell in marked):
        meant = "thousands" if best[1] and best[1] in marked[0] else "a fraction"
        return best, [f"the mark in numbers like {marked[0]} is taken to set off {meant}"]
    return best, []


def nulls(columns: Iterable[Cells]) -> tuple[str, ...]:
    """The words for empty, as they are written, that stand among days and numbers."""
    found: dict[str, None] = {}
    for column in columns:
        for cell in column.all:
            if cell.casefold() in NULLS:
                found.setdefault(cell)
    return tuple(found)


def totals(records: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """How rows of totals begin: a word for a total first, and fewer cells than others have."""
    filled = sorted(sum(map(bool, fields)) for fields in records)
    usual = filled[len(filled) // 2] if filled else 0
    found: dict[str, None] = {}
    for fields in records:
        first = cleaned(next(filter(None, fields), ""))
        match = TOTALS.match(first)
        if match and sum(map(bool, fields)) < usual:
            found.setdefault(match[0])
    return tuple(found)


def repeats(records: Sequence[Sequence[str]]) -> int:
    """How many records are the same as an earlier one."""
    whole = sorted(tuple(fields) for fields in records)
    return sum(one == other for one, other in pairwise(whole))
