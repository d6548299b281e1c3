"""The formats of a file as a whole: days, numbers, words for empty, rows of totals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from revops_site.kernel.profiles.drops import Beginnings
from revops_site.kernel.profiles.guessing.contents import COUNTED, STYLES, Cells, is_day, is_number
from revops_site.kernel.profiles.words import FOOTER, NULLS, TOTAL
from revops_site.kernel.reading import Record
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


def drops(records: Sequence[Record], width: int) -> tuple[tuple[str, ...], list[str]]:
    """How rows of totals and lines below the records begin, with what is doubtful about that.

    Rows of totals have fewer cells than others have, lines below the records only one.
    """
    filled = [sum(map(bool, record.fields)) for record in records]
    whole = sorted(filter(None, filled))
    usual = whole[len(whole) // 2] if whole else 0
    found: dict[str, None] = {}
    for record, count in zip(records, filled, strict=True):
        first = cleaned(next(filter(None, record.fields), "") or record.begins.lstrip("\"' "))
        total, below = TOTAL.match(first), FOOTER.match(first)
        if total and count < usual and Beginnings([total[0]], width)(record):
            found.setdefault(total[0])
        elif below and count < min(2, width) and (count or record.trouble):
            found.setdefault(below[0])
    words = [word for word in found if TOTAL.fullmatch(word) or not _hit(word, records, usual)]
    doubts = []
    for word in words:
        hit = _hit(word, records, usual)
        if hit:
            says = ", ".join(filter(None, hit[0].fields))[:80]
            doubts.append(f'rows that begin with "{word}" are left out, and one is: {says}')
    return tuple(words), doubts


def _hit(word: str, records: Sequence[Record], usual: int) -> list[Record]:
    """The records with as many cells as others have that a word would drop."""
    is_dropped = Beginnings([word], usual)
    full = (record for record in records if sum(map(bool, record.fields)) >= max(usual, 2))
    return [record for record in full if is_dropped(record)]


def repeats(records: Sequence[Sequence[str]]) -> int:
    """How many records are the same as an earlier one."""
    whole = sorted(tuple(fields) for fields in records)
    return sum(one == other for one, other in pairwise(whole))
