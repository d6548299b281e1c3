"""Small files in the shapes of strangers' exports, and the short way from a profile to records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from insights.catalog import DATASETS
from revops_site.kernel import profiles
from revops_site.kernel.profiles import Guess, Profile, Target
from revops_site.kernel.reading import Layout, Looked, Record

DOCS = Path(__file__).parents[3] / "docs" / "profiles"
TARGETS: Mapping[str, Sequence[Target]] = {
    dataset.name: [Target.of(column) for column in dataset.columns] for dataset in DATASETS
}


def records(rows: Iterable[Sequence[str]]) -> list[Record]:
    """Records from line 2 on, below a header."""
    return [Record(line, list(fields)) for line, fields in enumerate(rows, start=2)]


def mapped(
    profile: Profile | str,
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    folder: Path | None = None,
) -> list[dict[str, str] | str]:
    """What becomes of rows: records by title, else their trouble or why they are dropped."""
    known = profiles.parse(profile) if isinstance(profile, str) else profile
    known = replace(known, folder=folder or known.folder)
    mapper = profiles.mapper(profiles.job(known, TARGETS[known.dataset]), headers)
    found: list[dict[str, str] | str] = []
    for record in records(rows):
        out = mapper(record)
        if isinstance(out, Record) and not out.trouble:
            found.append(dict(zip(mapper.titles, out.fields, strict=True)))
        else:
            found.append(out if isinstance(out, str) else out.trouble)
    return found


def cell(source: str, text: str, top: str = "", column: str = "amount") -> str:
    """What one cell becomes as a column of deals, or the trouble that it makes."""
    profile = f'dataset = "pipeline_deals"\n{top}\n[columns]\n{column} = {source}\n'
    (found,) = mapped(profile, ["It", "Other words"], [[text, "10"]])
    return found if isinstance(found, str) else found[_title(column)]


def looked(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Looked:
    """What a look at such a file would tell."""
    return Looked(Layout(format="csv"), tuple(headers), tuple(records(rows)))


def guessed(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Guess:
    """The guess of such a file's profile, whose text says the same."""
    found = profiles.guess(looked(headers, rows), TARGETS, "export.csv")
    assert profiles.parse(found.text) == found.profile
    return found


def _title(name: str) -> str:
    return next(one.title for one in TARGETS["pipeline_deals"] if name in (one.name, one.title))
