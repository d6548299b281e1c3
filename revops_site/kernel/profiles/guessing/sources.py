"""What a matched header still needs: a unit, a map of values, a currency of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from revops_site.kernel.profiles.cells import told_currency
from revops_site.kernel.profiles.errors import normal
from revops_site.kernel.profiles.guessing import names, tongues
from revops_site.kernel.profiles.guessing.contents import Cells
from revops_site.kernel.profiles.guessing.matching import Fit, Match
from revops_site.kernel.profiles.numbers import Numbers
from revops_site.kernel.profiles.profile import Source, Target

# Less sure than this, a match is doubtful.
LIKELY = 0.65
# The one code that may stand for words that nobody knows: all others say that something has ended.
UNENDED = "open"
_UNITS = {
    "micros": re.compile(r"micros?$", re.IGNORECASE),
    "cents": re.compile(r"(^|_|\s)(cents?)$", re.IGNORECASE),
    "thousands": re.compile(r"(in thousands|\(k\)|\(000s?\)|_k$)", re.IGNORECASE),
    "millions": re.compile(r"(in millions|\(mm?\)|_mio$|\bmio\b)", re.IGNORECASE),
}

# What may be under the header of another column, unless there is a third, which does as well.
_SHARED = {
    "stage_name": ("status", "", ""),
    "closed_on": (
        "close_date",
        "last_stage_change",
        ": of a closed deal it has to be the day that it closed, of an open one it is left out",
    ),
}


@dataclass(frozen=True)
class Found:
    """Where the columns come from, and what is doubtful about that."""

    columns: Mapping[str, Source]
    doubts: Sequence[str] = field(default_factory=list)


def sources(fit: Fit, columns: Sequence[Cells], style: tuple[str, str]) -> Found:
    """The sources of a fit's columns, in the dataset's order; ``style`` is that of its numbers."""
    numbers = Numbers(*style)
    found: dict[str, Source] = {}
    doubts: list[str] = []
    for target in fit.targets:
        match = fit.matches.get(target.name)
        if match is not None:
            found[target.name] = _source(match, numbers, doubts)
        elif target.kind == "choice" and target.required and not target.nullable:
            other = _told_elsewhere(target, columns, doubts)
            if other is not None:
                found[target.name] = other
    found |= _shared(fit, found, doubts)
    currency = next((one for one in fit.targets if one.kind == "currency"), None)
    if currency is not None and currency.name not in found:
        found |= _currency(fit, currency, numbers)
    order = [target.name for target in fit.targets]
    return Found(dict(sorted(found.items(), key=lambda one: order.index(one[0]))), doubts)


def _shared(fit: Fit, found: Mapping[str, Source], doubts: list[str]) -> dict[str, Source]:
    """What comes from a header that another column has taken already."""
    also = {}
    for target in fit.targets:
        other, enough, why = _SHARED.get(target.name, ("", "", ""))
        if target.name not in found and other in found and enough not in found:
            header = found[other].header
            also[target.name] = Source(header=header)
            doubts.append(f'{target.title} is taken from "{header}", too{why}')
    return also


def _source(match: Match, numbers: Numbers, doubts: list[str]) -> Source:
    target, cells = match.target, match.cells
    source = Source(header=cells.header)
    if match.sure < LIKELY:
        doubts.append(f'is "{cells.header}" really {target.title}? ({match.sure:.0%} sure)')
    if target.kind in {"integer", "decimal"}:
        return replace(source, unit=_unit(target, cells, numbers, doubts))
    if target.kind == "choice":
        values = _values(target, cells)
        strange = [c for c in cells.distinct if _code(target, c) is None and c not in values]
        if strange:
            codes = ", ".join(target.spellings)
            doubts.append(f"{target.title}: {', '.join(strange[:5])} is not one of {codes}")
        return replace(source, values=values)
    return source


def _unit(target: Target, cells: Cells, numbers: Numbers, doubts: list[str]) -> str:
    for unit, pattern in _UNITS.items():
        if pattern.search(cells.header):
            return unit
    shares = target.highest == "1"
    if shares and cells.share(lambda cell: "%" in cell or _above_one(numbers, cell)) > 0:
        doubts.append(f'{target.title} is from 0 to 1; "{cells.header}" is read as percent')
        return "percent"
    return ""


def _above_one(numbers: Numbers, cell: str) -> bool:
    read = numbers.read(cell)
    return read is not None and abs(float(read.plain)) > 1


def _code(target: Target, cell: str) -> str | None:
    """The code that a cell spells in a known way."""
    said = normal(cell)
    for code, others in target.spellings.items():
        if said in {normal(one) for one in (code, *others)}:
            return code
    return None


def _likely_code(target: Target, cell: str) -> str | None:
    """The one code that a cell has a word of, in whatever language."""
    if tongues.denies(cell):
        return None
    said = names.words(cell)
    found = {
        code
        for code, others in target.spellings.items()
        if any(names.words(one) <= said for one in (code, *others))
    }
    other = tongues.code(cell, tuple(target.spellings))
    found |= {other} if other else set()
    return found.pop() if len(found) == 1 else None


def _values(target: Target, cells: Cells) -> dict[str, str]:
    """What cells mean that are spelled in no known way, where a word of them tells."""
    found = {}
    for cell in list(cells.distinct)[:30]:
        code = None if _code(target, cell) is not None else _likely_code(target, cell)
        if code is not None:
            found[cell] = code
    return found


def _told_elsewhere(target: Target, columns: Sequence[Cells], doubts: list[str]) -> Source | None:
    """A choice from cells that name all of its codes but one.

    What else they say counts as that one where it says that nothing has ended yet; an end is never
    guessed, so that other cells are refused.
    """
    for cells in columns:
        if not 2 <= len(cells.distinct) <= 30:
            continue
        said = {cell: _code(target, cell) or _likely_code(target, cell) for cell in cells.distinct}
        values = {cell: code for cell, code in said.items() if code is not None}
        missing = [code for code in target.spellings if code not in values.values()]
        if len(values) >= 2 and len(set(values.values())) >= 2 and len(missing) <= 1:
            otherwise = UNENDED if missing == [UNENDED] else None
            others = [cell for cell, code in said.items() if code is None]
            doubts.append(f'{target.title} is taken from what "{cells.header}" says')
            doubts.extend(_of_others(target, cells.header, others, otherwise))
            return Source(header=cells.header, values=values, otherwise=otherwise)
    return None


def _of_others(
    target: Target, header: str, others: Sequence[str], otherwise: str | None
) -> Sequence[str]:
    """What becomes of cells that tell no code, those that are seen and any later ones."""
    seen = ", ".join(others[:5])
    if otherwise is not None:
        like = f", such as {seen}," if seen else ""
        return [f'whatever else "{header}" says{like} counts as {otherwise}']
    codes = ", ".join(target.spellings)
    return [f"{target.title}: {seen} is not one of {codes}, and is refused"] if others else []


def _currency(fit: Fit, currency: Target, numbers: Numbers) -> dict[str, Source]:
    """The currency that an amount's sign tells."""
    for match in fit.matches.values():
        if match.target.kind != "decimal":
            continue
        told = told_currency(numbers)
        if any(told(cell) for cell in match.cells.distinct):
            return {currency.name: Source(header=match.cells.header, symbol=True)}
    return {}
