"""Which files a run is about, and which dataset each of them is."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading import opening
from revops_site.kernel.loading.heads import normal, plain_head
from revops_site.kernel.loading.opening import Asked, Way
from revops_site.kernel.reading import REASONS, UnreadableError

NEAR = 0.6
MOST_LACKING = 0.5
ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".psv", ".dat", ".gz", ".xlsx", ".xls", ".ods")
UNREAD = Way()


@dataclass(frozen=True)
class Fit:
    """How a header fits a dataset: the place of each column, and what is missing or too much."""

    dataset: Dataset
    places: Mapping[str, int]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    twice: tuple[str, ...]

    @property
    def lack(self) -> float:
        """The share of the required columns that is missing."""
        return len(self.missing) / sum(column.required for column in self.dataset.columns)

    @property
    def is_good(self) -> bool:
        """Every required column is there, and none of them twice."""
        return not self.missing and not self.twice


@dataclass(frozen=True)
class Source:
    """One file of a run. ``problem`` says why it stops the run, or why it is left out."""

    path: Path
    way: Way = UNREAD
    fit: Fit | None = None
    problem: str = ""
    skipped: bool = False

    @property
    def name(self) -> str:
        """The file's name as text that can be stored, whatever bytes the file system has."""
        return self.path.name.encode(errors="replace").decode()


def find(paths: Sequence[Path], catalog: Sequence[Dataset], asked: Asked) -> list[Source]:
    """Every file that the paths name, in the catalog's load order; a folder stands for its files.

    A file of a folder that matches no dataset, or not the profile, is skipped; one that was named
    is a problem.
    """
    files: dict[Path, bool] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
            files.update((found, True) for found in inside if found not in files)
        else:
            files[path] = False
    sources = [_source(path, catalog, asked, skips) for path, skips in files.items()]
    order = {dataset.name: at for at, dataset in enumerate(catalog)}
    return sorted(sources, key=lambda s: order[s.fit.dataset.name] if s.fit else len(order))


def named(name: str, catalog: Sequence[Dataset]) -> Dataset:
    """The dataset of this name; ValueError with a plain sentence where there is none."""
    for dataset in catalog:
        if dataset.name == name:
            return dataset
    known = ", ".join(dataset.name for dataset in catalog)
    if not name:
        raise ValueError(f"The profile names no dataset; known are {known}.")
    raise ValueError(f"No dataset is called “{name}”; known are {known}.")


def fit(dataset: Dataset, fields: Sequence[str]) -> Fit:
    """How a header fits one dataset."""
    columns = {column.name: column.headers for column in dataset.columns}
    columns |= {ratio.header: ratio.headers for ratio in dataset.recomputed}
    meant = {normal(header): name for name in columns for header in columns[name]}
    places: dict[str, int] = {}
    twice, extra = [], []
    for at, header in enumerate(fields):
        name = meant.get(normal(header))
        if header == REASONS:
            continue
        if name is None:
            extra.append(header)
        elif name in places:
            twice.append(header)
        else:
            places[name] = at
    missing = [c.title for c in dataset.columns if c.required and c.name not in places]
    return Fit(dataset, places, tuple(missing), tuple(extra), tuple(twice))


def _source(path: Path, catalog: Sequence[Dataset], asked: Asked, skips: bool) -> Source:
    if skips and path.suffix.lower() not in ENDINGS:
        return Source(path, problem="is no table by its name", skipped=True)
    if path.exists() and not path.is_file():
        return Source(path, problem="is not a file", skipped=skips)
    try:
        return _read(path, catalog, asked, skips)
    except (UnreadableError, OSError) as error:
        says = str(error) if isinstance(error, UnreadableError) else _no_access(error)
        guess = asked.dataset or _by_name(path, catalog)
        skipped = skips and (guess is None or asked.profile is not None)
        return Source(path, fit=fit(guess, ()) if guess else None, problem=says, skipped=skipped)


def _read(path: Path, catalog: Sequence[Dataset], asked: Asked, skips: bool) -> Source:
    """A file that can be read: as plain CSV where that gives all that is needed."""
    if asked.profile and asked.dataset:
        way = Way(reading=opening.mapped(path, asked.dataset, asked))
        found = fit(asked.dataset, way.headers)
        lacks = f"the profile fills no column “{found.missing[0]}”" if found.missing else ""
        return Source(path, way, found, problem=lacks)
    columns = [column for dataset in catalog for column in dataset.columns]
    known = {normal(header) for column in columns for header in column.headers}
    head = plain_head(path, known) if asked.is_plain else None
    if head and REASONS not in head.fields:
        source = _recognised_as(path, Way(head), catalog, asked)
        if source.fit and not source.problem:
            return source
    source = _recognised_as(path, Way(reading=opening.looked(path, asked)), catalog, asked)
    return replace(source, skipped=skips and not source.fit)


def _recognised_as(path: Path, way: Way, catalog: Sequence[Dataset], asked: Asked) -> Source:
    found = _recognised(path, way, catalog, asked.dataset)
    if found and found.is_good:
        return Source(path, way, found)
    says = _misfit(found, way.headers) if found else _unknown(catalog)
    if way.reading and way.reading.notes:
        says += f" (it {'; it '.join(way.reading.notes)})"
    return Source(path, way, found, says)


def _recognised(
    path: Path, way: Way, catalog: Sequence[Dataset], named: Dataset | None
) -> Fit | None:
    """The dataset that was named, or that header and name tell.

    A good fit wins over a name, a name over a header that lacks less than half of what it needs.
    The name decides between good fits; without it most of the header must be known, since some
    datasets need so little that nearly any header has it.
    """
    if named:
        return fit(named, way.headers)
    fits = [fit(dataset, way.headers) for dataset in catalog]
    by_name = _by_name(path, catalog)
    likely = [found for found in fits if found.dataset is by_name]
    near = [f for f in fits if f.lack < MOST_LACKING and len(f.extra) <= len(f.places)]
    near.sort(key=lambda found: (found.lack, len(found.extra)))
    good = [found for found in [*likely, *near] if found.is_good]
    return next(iter([*good, *likely, *near]), None)


def _by_name(path: Path, catalog: Sequence[Dataset]) -> Dataset | None:
    stem = normal(path.stem)
    return next((d for d in catalog if stem == d.name or stem.startswith(f"{d.name}_")), None)


def _misfit(found: Fit, headers: Sequence[str]) -> str:
    if found.twice:
        return f"has column “{found.twice[0]}” twice"
    says = []
    for header in found.missing:
        nearest = difflib.get_close_matches(
            normal(header), [normal(h) for h in found.extra or headers], n=1, cutoff=NEAR
        )
        near = next((h for h in headers if normal(h) in nearest), "")
        like = f" (the nearest header is “{near}”)" if near else ""
        says.append(f"column “{header}” is missing{like}")
    return f"does not fit {found.dataset.name}: {'; '.join(says)}"


def _unknown(catalog: Sequence[Dataset]) -> str:
    names = ", ".join(dataset.name for dataset in catalog)
    return f"matches no dataset by name or header; known are {names}"


def _no_access(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "does not exist"
    return f"cannot be read: {error.strerror or error}"
