"""A mapping as a form: a choice for each column of the dataset, and back to the mapping."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from revops_site.kernel.profiles import Profile, Source, Target

NOTHING = ""
CONSTANT = "constant"
AS_WRITTEN = "written"
HEADER = "header:"
DATES: Mapping[str, str] = {
    "iso": "2026-12-31",
    "%m/%d/%Y,iso": "12/31/2026 (month first)",
    "%d/%m/%Y,iso": "31/12/2026 (day first)",
    "%d.%m.%Y,iso": "31.12.2026",
    "%d-%b-%Y,iso": "31-Dec-2026",
    "%b %d, %Y,iso": "Dec 31, 2026",
}
DAY = date(2026, 12, 31)
NUMBERS: Mapping[str, str] = {
    ".|": "1234.56",
    ".|,": "1,234.56",
    ",|.": "1.234,56",
    ",|": "1234,56",
    ",| ": "1 234,56",
    ".|'": "1'234.56",
}


@dataclass(frozen=True)
class Choice:
    """Where a column comes from, as the form has it; ``written`` is what only the text can say."""

    target: Target
    chosen: str
    constant: str
    written: str

    @property
    def is_needed(self) -> bool:
        """Whether no row is accepted without a value."""
        return self.target.required and not self.target.nullable


def choices(profile: Profile, targets: Sequence[Target]) -> list[Choice]:
    """The form's choices for a mapping, in the order of the dataset's columns."""
    return [_choice(target, profile.columns.get(target.name)) for target in targets]


def chosen(
    given: Mapping[str, str], profile: Profile, targets: Sequence[Target], headers: Sequence[str]
) -> Profile:
    """The mapping with what the form chose; what it does not ask for stays as it was."""
    columns = {}
    for target in targets:
        was = profile.columns.get(target.name)
        source = _source(
            given.get(f"from:{target.name}", NOTHING),
            given.get(f"constant:{target.name}", ""),
            was,
            headers,
        )
        if source:
            columns[target.name] = source
    decimal, _, thousands = given.get("numbers", "").partition("|")
    known = f"{decimal}|{thousands}" in NUMBERS
    return replace(
        profile,
        columns=columns,
        formats=tuple(filter(None, given.get("dates", "").split(","))) or profile.formats,
        decimal=decimal if known else profile.decimal,
        thousands=thousands if known else profile.thousands,
        repeats="drop" if given.get("repeats") else "keep",
    )


def dates(profile: Profile) -> tuple[str, Mapping[str, str]]:
    """The chosen order of dates, and all that there are to choose from."""
    return _among(",".join(profile.formats), DATES, " or ".join(map(_example, profile.formats)))


def numbers(profile: Profile) -> tuple[str, Mapping[str, str]]:
    """The chosen marks of numbers, and all that there are to choose from."""
    now = f"{profile.decimal}|{profile.thousands}"
    return _among(now, NUMBERS, f"1{profile.thousands}234{profile.decimal}56")


def _example(format_: str) -> str:
    """The last day of a year, written so."""
    return DAY.strftime(format_) if "%" in format_ else DATES.get(format_, format_)


def _among(now: str, known: Mapping[str, str], says: str) -> tuple[str, Mapping[str, str]]:
    return now, known if now in known else {now: says, **known}


def _choice(target: Target, source: Source | None) -> Choice:
    if source is None:
        return Choice(target, NOTHING, "", "")
    if source.constant is not None:
        return Choice(target, CONSTANT, source.constant, "")
    if source.header and not source.lookup:
        return Choice(target, HEADER + source.header, "", _more(source))
    return Choice(target, AS_WRITTEN, "", source.expression or f"looked up in {source.lookup}")


def _more(source: Source) -> str:
    """What a header alone does not tell of where the values come from."""
    told = [
        source.unit and f"in {source.unit}",
        source.symbol and "the currency in the cell",
        source.formats and " or ".join(source.formats),
        source.values and ", ".join(f"{said} → {meant}" for said, meant in source.values.items()),
        source.otherwise is not None and f"others → {source.otherwise or 'empty'}",
        source.default is not None and f"empty → {source.default}",
    ]
    return "; ".join(one for one in told if one)


def _source(
    choice: str, constant: str, was: Source | None, headers: Sequence[str]
) -> Source | None:
    if choice == AS_WRITTEN:
        return was
    if choice == CONSTANT:
        return Source(constant=constant.strip())
    header = choice.removeprefix(HEADER)
    if header == choice or header not in headers:
        return was if was and choice == HEADER + was.header else None
    return was if was and was.header == header and not was.lookup else Source(header=header)
