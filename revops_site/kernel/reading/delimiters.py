"""Which character parts the columns: the one that makes the most regular, most typical table."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from revops_site.kernel.reading.kinds import is_nothing, is_typed
from revops_site.kernel.reading.records import cleaned
from revops_site.kernel.reading.spaced import is_ruler, splitter

USUAL = (",", ";", "\t", "|")
RARE = ("^", "~", "#", "!", "¦", "\x01", "\x1f", "\x1e", ":")
MOST_ROWS = 200
LONGEST_JUNK = 50
LONGEST_LINE = 4000


def found(lines: Sequence[str]) -> str:
    """The delimiter of these lines; none where each of them is one field."""
    scores = {each: _score(lines, each) for each in USUAL}
    best = max(USUAL, key=lambda each: scores[each])
    if scores[best] > 0:
        return best
    rare = {each: _score(lines, each, strict=True) for each in RARE}
    best = max(RARE, key=lambda each: rare[each])
    return best if rare[best] > 0 else ""


def rows(lines: Sequence[str], delimiter: str) -> list[tuple[int, int, list[str]]]:
    """The rows of these lines that are not empty: first line, line after the last, fields."""
    reader = csv.reader((line + "\n" for line in lines), delimiter=delimiter, skipinitialspace=True)
    begin, result = 0, []
    for fields in reader:
        fields = [cleaned(field) for field in fields]
        if any(fields):
            result.append((begin, reader.line_num, fields))
        begin = reader.line_num
    return result


def _score(lines: Sequence[str], delimiter: str, strict: bool = False) -> float:
    """How regular the rows are, times how typical their cells; 0 where it parts no columns.

    Junk above the table does not count. A rare delimiter has to part all rows alike.
    """
    if not any(delimiter in line for line in lines):
        return 0
    table = [fields for _, _, fields in rows(lines, delimiter)][:MOST_ROWS]
    widths = Counter(len(fields) for fields in table if len(fields) > 1)
    if not widths:
        return 0
    (width, _), *_ = widths.most_common(1)
    first = next(at for at, fields in enumerate(table) if len(fields) == width)
    body = table[first:]
    share = sum(len(fields) == width for fields in body) / len(body)
    junk = first / len(table)
    if share < 0.5 or junk > 0.5 or first > LONGEST_JUNK:
        return 0
    if strict and (share < 1 or first or width < 3 or len(body) < 2):
        return 0
    regular = share * (width - 1) / width * (1 - junk / 2)
    others = [each for each in USUAL if each != delimiter]
    cells = [cell for fields in body for cell in fields]
    clean = sum(_is_clean(cell, others) for cell in cells) / len(cells)
    return regular * max(clean, 0.001)


def _is_clean(cell: str, others: Sequence[str]) -> bool:
    if is_nothing(cell) or is_typed(cell):
        return True
    # With a blank after it, it is a comma of prose.
    return '"' not in cell and not any(other in cell.replace(other + " ", "") for other in others)


def spaced(lines: Sequence[str], told: str = "") -> tuple[int, tuple[int, ...]] | None:
    """How lines without delimiter are parted: by so many blanks, or by widths; None if not.

    Widths only where blanks alone part the lines differently, as with empty cells; ``told``
    ``blanks`` or ``fixed``, only the one is looked for.
    """
    full = [line for line in lines[:MOST_ROWS] if line.strip() and not is_ruler(line)]
    if told == "blanks":
        return (2 if all(len(splitter((), 2)(line)) > 1 for line in full) else 1), ()
    if len(full) < 2:
        return None
    for blanks in (2, 1) if told != "fixed" else ():
        widths = {len(splitter((), blanks)(line)) for line in full}
        if len(widths) == 1 and min(widths) > 1 and (blanks == 2 or _has_numbers(full)):
            return blanks, ()
    columns = _columns(full)
    if len(columns) < 2 + (told == "") or len(full) < 3:
        return None
    cells = splitter(columns, 0)(full[0])
    return (0, columns) if all(cells) else None


def _has_numbers(lines: Sequence[str]) -> bool:
    """Whether one of the words is a number or a date in most lines, as it is not in a text."""
    counts = Counter(at for line in lines for at, word in enumerate(line.split()) if is_typed(word))
    return bool(counts) and max(counts.values()) >= max(2, len(lines) // 2)


def _columns(lines: Sequence[str]) -> tuple[int, ...]:
    """The widths of the columns that two blanks, in all lines at the same places, part."""
    length = max(map(len, lines))
    if length > LONGEST_LINE or any("\t" in line for line in lines):
        return ()
    blank = [True] * length
    for line in lines:
        for at, letter in enumerate(line):
            blank[at] = blank[at] and letter == " "
    first = blank.index(False)
    starts = [at for at in range(first + 2, length) if blank[at - 2] and blank[at - 1]]
    starts = [at for at in starts if not blank[at]]
    edges = [0, *starts, length]
    return tuple(b - a for a, b in pairwise(edges))
