"""What fills a column: a header's cell, a constant, an expression, or a value in a second file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from revops_site.kernel.profiles import cells, expressions, lookups
from revops_site.kernel.profiles.days import Days
from revops_site.kernel.profiles.errors import normal
from revops_site.kernel.profiles.expressions.values import Step, text
from revops_site.kernel.profiles.numbers import Numbers
from revops_site.kernel.profiles.profile import UNITS, Profile, Source, Target
from revops_site.kernel.reading.records import cleaned

# A header's cell is looked up among what such cells became; all else is a function of the record.
Plain: TypeAlias = tuple[cells.Remembered, int]
Fill: TypeAlias = Callable[[list[str], int], str]


class Builder:
    """Compiles what fills a column."""

    def __init__(
        self,
        profile: Profile,
        targets: Sequence[Target],
        headers: Sequence[str],
        paths: Mapping[str, str],
        remarks: Counter[str],
    ) -> None:
        """``targets`` are all columns of the dataset, also those that nothing fills."""
        self._profile, self._headers = profile, headers
        self._paths, self._remarks = paths, remarks
        self._looked_up: set[tuple[str, str]] = set()
        self._numbers = Numbers(profile.decimal, profile.thousands)
        self._nulls = frozenset(word.strip().casefold() for word in profile.nulls)
        currencies = {target.name for target in targets if target.kind == "currency"}
        self._signs_kept = not currencies or bool(currencies & set(profile.columns))

    def fill(self, target: Target, source: Source) -> Plain | Fill:
        """What fills a column from a record's fields and line."""
        place = f"columns.{target.name}"
        if source.constant is not None:
            constant = source.constant
            return lambda fields, line: constant
        meant = self._meant(target, source)
        if source.expression:
            return self._expressed(place, source, meant)
        at = lookups.place_of(self._headers, source.header, place)
        known = cells.Remembered(meant)
        if not source.lookup:
            return known, at
        beside = self._beside(source)
        default = source.default or ""

        def look_up(fields: list[str], line: int) -> str:
            cell = fields[at]
            return known[beside(cell)] if cell and not self._is_null(cell) else default

        return look_up

    def _is_null(self, cell: str) -> bool:
        return cell.casefold() in self._nulls

    def _meant(self, target: Target, source: Source) -> cells.Convert:
        """What a cell means: by the map of values, the words for empty, and its kind."""
        values, nulls = cells.mapped(source.values), self._nulls
        otherwise, default = source.otherwise, source.default or ""
        days = Days(source.formats or self._profile.formats, self._profile.zone)
        if source.symbol:
            convert = cells.told_currency(self._numbers)
        else:
            shift = UNITS.get(source.unit, 0)
            convert = cells.converter(target, self._numbers, days, shift, self._signs_kept)

        def meant(cell: str) -> str:
            if values and cell:
                code = values.get(normal(cleaned(cell)))
                if code is not None:
                    return code or default
            if not cell or cell.casefold() in nulls:
                return default
            return (convert(cell) if otherwise is None else otherwise) or default

        return meant

    def _expressed(self, place: str, source: Source, meant: cells.Convert) -> Fill:
        place = f"{place}.expression"
        how = expressions.Cells(self._numbers, Days(source.formats or self._profile.formats))
        step = expressions.compiled(
            source.expression, place, lambda header: self._cell(header, place), how
        )

        maps = bool(source.values) or source.otherwise is not None

        def fill(fields: list[str], line: int) -> str:
            value = step(fields, line)
            plain = text(value)
            return meant(plain) if isinstance(value, str) or not plain or maps else plain

        return fill

    def _cell(self, header: str, place: str) -> Step:
        """The step of an expression that reads a header's cell."""
        at = lookups.place_of(self._headers, header, place)
        nulls = self._nulls

        def step(fields: Sequence[str], line: int) -> str | None:
            cell = cleaned(fields[at])
            return None if not cell or cell.casefold() in nulls else cell

        return step

    def _beside(self, source: Source) -> lookups.Found:
        name, lookup = source.lookup, self._profile.lookups[source.lookup]
        values = lookups.read(name, lookup, Path(self._paths[name]), source.column)
        pair = (name, normal(source.header))
        first = pair not in self._looked_up
        self._looked_up.add(pair)
        return lookups.Found(name, values, self._remarks if first else None)
