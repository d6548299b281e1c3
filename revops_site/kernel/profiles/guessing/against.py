"""Where a profile that is known already reads a file's days and numbers as its cells do not say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from revops_site.kernel.profiles.cells import mapped
from revops_site.kernel.profiles.days import Days
from revops_site.kernel.profiles.errors import normal
from revops_site.kernel.profiles.guessing import contents, marks
from revops_site.kernel.profiles.guessing.contents import DAYS, Cells
from revops_site.kernel.profiles.guessing.guess import NUMBERS
from revops_site.kernel.profiles.numbers import Numbers
from revops_site.kernel.profiles.profile import Profile, Target
from revops_site.kernel.reading import Looked

# A column of the dataset, with the file's cells under its header.
Filled: TypeAlias = tuple[Target, Cells]
Reading: TypeAlias = Callable[[str], str | None]


def disagreements(profile: Profile, looked: Looked, targets: Sequence[Target]) -> list[str]:
    """What is doubtful about a profile that another file was loaded with, for this one.

    Each names a column, an example and both readings. Where this file's cells leave it open how
    they are meant, nothing speaks against the profile.
    """
    filled = list(_filled(profile, looked, targets))
    days = [each for each in filled if each[0].kind in DAYS]
    numbers = [each for each in filled if each[0].kind in NUMBERS]
    return [*_of_days(profile, days), *_of_numbers(profile, numbers)]


def _filled(profile: Profile, looked: Looked, targets: Sequence[Target]) -> Iterator[Filled]:
    records = [record.fields for record in looked.sample if record.fields]
    under: Mapping[str, Cells] = {
        normal(cells.header): cells for cells in contents.columns(looked.headers, records)
    }
    nulls = {word.casefold() for word in profile.nulls}
    for target in targets:
        source = profile.columns.get(target.name)
        cells = under.get(normal(source.header)) if source and not source.lookup else None
        if source is None or cells is None or source.symbol:
            continue
        known = mapped(source.values)
        kept = [c for c in cells.told if normal(c) not in known and c.casefold() not in nulls]
        yield target, replace(cells, all=tuple(kept))


def _of_days(profile: Profile, filled: Sequence[Filled]) -> Iterator[str]:
    formats, _ = marks.formats([cells for _, cells in filled])
    every = list(dict.fromkeys(cell for _, cells in filled for cell in cells.distinct))
    for target, cells in filled:
        before = profile.columns[target.name].formats or profile.formats
        said = tuple(_settled(one, before, formats, every) for one in formats)
        proofs = [c for c in every if _day(said)(c) and _day(said)(c) != _day(before)(c)]
        proof = next((c for c in proofs if not _day(before)(c)), next(iter(proofs), ""))
        written = " or ".join(said)
        yield from _said(target, cells, (_day(before), _day(said)), proof, written)


def _settled(format_: str, before: Sequence[str], all_: Sequence[str], cells: Sequence[str]) -> str:
    """A format of this file, or that of before where no cell tells the one from the other."""
    for one, other in (pair[::way] for pair in marks.TWINS for way in (1, -1)):
        if format_ == one and other in before and other not in all_:
            told = any(contents.is_day(one, c) and not contents.is_day(other, c) for c in cells)
            return one if told else other
    return format_


def _of_numbers(profile: Profile, filled: Sequence[Filled]) -> Iterator[str]:
    style, _ = marks.style([cells for _, cells in filled])
    before, said = _number((profile.decimal, profile.thousands)), _number(style)
    every = dict.fromkeys(cell for _, cells in filled for cell in cells.distinct)
    if sum(said(c) is not None for c in every) <= sum(before(c) is not None for c in every):
        return
    proof = next(c for c in every if said(c) is not None and before(c) is None)
    written = f"1{style[1]}234{style[0]}56"
    for target, cells in filled:
        yield from _said(target, cells, (before, said), proof, f"like {written}")


def _said(
    target: Target, cells: Cells, readings: tuple[Reading, Reading], proof: str, written: str
) -> Iterator[str]:
    """The doubts about a column: a cell that means another thing, and one that means nothing."""
    before, said = readings
    both = ((cell, before(cell), said(cell)) for cell in cells.distinct)
    found = [(cell, one, other) for cell, one, other in both if other and one != other]
    place = f'in "{cells.header}"'
    for cell, one, other in [each for each in found if each[1]][:1]:
        yield (
            f"{target.title}: {cell} {place} is read as {one}, as this mapping was used before; "
            f"{proof} in this file is written {written}, which makes it {other}"
        )
    for cell, _, other in [each for each in found if not each[1]][:1]:
        yield (
            f"{target.title}: {cell} {place} cannot be read as this mapping was used before; "
            f"written {written} it is {other}"
        )


def _day(formats: Sequence[str]) -> Reading:
    days = Days(tuple(formats))

    def read(cell: str) -> str | None:
        moment = days.read(cell)
        return moment.day.isoformat() if moment else None

    return read


def _number(style: tuple[str, str]) -> Reading:
    numbers = Numbers(*style)

    def read(cell: str) -> str | None:
        found = numbers.read(cell)
        return found.plain if found else None

    return read
