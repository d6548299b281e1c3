"""A stranger's record in, the dataset's record out: what a profile says, compiled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from revops_site.kernel.profiles import lookups
from revops_site.kernel.profiles.drops import Drops
from revops_site.kernel.profiles.errors import ProfileError, TroubleError, normal, unknown
from revops_site.kernel.profiles.filling import Builder
from revops_site.kernel.profiles.parsing import parse
from revops_site.kernel.profiles.profile import Profile, Source, Target
from revops_site.kernel.profiles.writing import written
from revops_site.kernel.reading import Record

LEFT_EMPTY = Source(constant="")


def job(profile: Profile, columns: Sequence[Target], near: Path | None = None) -> dict[str, Any]:
    """What ``mapper`` needs, fit for JSON.

    ``near`` is the folder of the loaded file, where lookups' files may be, too. Raises ProfileError
    where the profile names a column that the dataset does not have, or a lookup's file is missing.
    """
    return {
        "profile": written(_by_name(profile, columns)),
        "columns": [asdict(target) for target in columns],
        "lookups": lookups.found(profile, near),
    }


def lacking(profile: Profile, columns: Sequence[Target], headers: Sequence[str] = ()) -> list[str]:
    """The titles of the columns that need a value and that the profile takes from nowhere."""
    named = _by_name(profile, columns).columns
    there = {normal(header) for header in headers} if profile.others == "match" else set()
    return [
        target.title
        for target in columns
        if target.required
        and not target.nullable
        and target.name not in named
        and not there & {normal(header) for header in target.headers}
    ]


def mapper(job: Mapping[str, Any], headers: Sequence[str]) -> Mapper:
    """The mapper of a job's records under these headers.

    Raises ProfileError where a header that the profile names is not there.
    """
    profile = parse(job["profile"])
    targets = [_target(plain) for plain in job["columns"]]
    sources = dict(profile.columns)
    if profile.others == "match":
        sources |= _matched(targets, sources, headers)
    for target in targets:
        if target.required and target.nullable:
            sources.setdefault(target.name, LEFT_EMPTY)
    profile = replace(profile, columns=sources)
    return Mapper(profile, targets, headers, job["lookups"])


class Mapper:
    """Maps records: ``titles`` are those of the columns that come out.

    ``remarks`` counts what is odd and no trouble, such as keys that a second file does not have.
    """

    def __init__(
        self,
        profile: Profile,
        targets: Sequence[Target],
        headers: Sequence[str],
        paths: Mapping[str, str],
    ) -> None:
        filled = [target for target in targets if target.name in profile.columns]
        self.titles = tuple(target.title for target in filled)
        self.remarks: Counter[str] = Counter()
        self._drops = Drops(profile, headers)
        builder = Builder(profile, targets, headers, paths, self.remarks)
        fills = [builder.fill(target, profile.columns[target.name]) for target in filled]
        self._plain = [fill for fill in fills if isinstance(fill, tuple)]
        self._others = [(at, f) for at, f in enumerate(fills) if not isinstance(f, tuple)]
        self._fills = fills

    def __call__(self, record: Record) -> Record | str:
        """The dataset's record, or why it is dropped; one with trouble stays in trouble."""
        why = self._drops(record)
        if why:
            return why
        line, fields = record.line, record.fields
        if record.trouble:
            return record
        try:
            cells = [known[fields[at]] for known, at in self._plain]
            for at, fill in self._others:
                cells.insert(at, fill(fields, line))
            return Record(line, cells)
        except TroubleError:
            return Record(line, [], self._trouble(fields, line), ",".join(fields)[:200])

    def _trouble(self, fields: list[str], line: int) -> str:
        remarks = self.remarks.copy()
        for title, fill in zip(self.titles, self._fills, strict=True):
            try:
                if isinstance(fill, tuple):
                    fill[0][fields[fill[1]]]
                else:
                    fill(fields, line)
            except TroubleError as error:
                self.remarks.clear()
                self.remarks.update(remarks)
                return f"{title}: {error}"
        return ""


def _by_name(profile: Profile, columns: Sequence[Target]) -> Profile:
    """The profile with its columns called by the dataset's names for them."""
    meant = {normal(header): t.name for t in reversed(columns) for header in t.headers}
    meant |= {normal(one): t.name for t in reversed(columns) for one in (t.title, t.name)}
    found: dict[str, Source] = {}
    for said, source in profile.columns.items():
        name = meant.get(normal(said))
        if name is None:
            raise unknown(f"columns.{said}", "column", said, [t.title for t in columns])
        if name in found:
            raise ProfileError(f"columns.{said}: is given twice")
        found[name] = source
    return replace(profile, columns=found)


def _matched(
    targets: Sequence[Target], sources: Mapping[str, Source], headers: Sequence[str]
) -> dict[str, Source]:
    """The columns that nothing is said about, from the headers that mean them."""
    there = {normal(header): header for header in reversed(headers)}
    found = {}
    for target in targets:
        names = [normal(one) for one in (target.title, *target.headers, target.name)]
        header = next((there[name] for name in names if name in there), None)
        if header is not None and target.name not in sources:
            found[target.name] = Source(header=header)
    return found


def _target(plain: Mapping[str, Any]) -> Target:
    spellings = {code: tuple(others) for code, others in plain["spellings"].items()}
    return Target(**{**plain, "spellings": spellings, "headers": tuple(plain["headers"])})
