"""Which header is which column, and which dataset a file is most like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

from revops_site.kernel.profiles.errors import normal
from revops_site.kernel.profiles.guessing import names
from revops_site.kernel.profiles.guessing.contents import Cells, suits
from revops_site.kernel.profiles.profile import Target

SURE = 0.9


@dataclass(frozen=True)
class Match:
    """A header for a column, with how sure that is (0 to 1)."""

    target: Target
    cells: Cells
    sure: float


@dataclass(frozen=True)
class Fit:
    """How a file fits a dataset."""

    dataset: str
    targets: Sequence[Target]
    matches: Mapping[str, Match]
    score: float


def fit(dataset: str, targets: Sequence[Target], columns: Sequence[Cells], name: str) -> Fit:
    """The best header for each column: each header is taken once, the surest first."""
    pairs = [
        Match(target, cells, _sure(target, cells, first=target is targets[0]))
        for target in targets
        for cells in columns
    ]
    pairs = [pair for pair in pairs if pair.sure >= names.LIKELY]
    order = {target.name: at for at, target in enumerate(targets)}
    pairs.sort(key=lambda one: (-one.sure, order[one.target.name], one.cells.at))
    matches: dict[str, Match] = {}
    taken: set[int] = set()
    for pair in pairs:
        if pair.target.name not in matches and pair.cells.at not in taken:
            matches[pair.target.name] = pair
            taken.add(pair.cells.at)
    return Fit(dataset, targets, matches, _score(dataset, targets, matches, columns, name))


def could_be(target: Target, columns: Sequence[Cells], taken: set[str]) -> list[str]:
    """The headers whose cells would suit a column, the likeliest first."""
    if target.name.endswith("_id") and target.kind == "text":
        keys = [cells for cells in columns if cells.told and len(cells.distinct) == len(cells.told)]
        return [cells.header for cells in keys if not cells.is_days][:4]
    likely = [
        (suits(target, cells) + names.closeness(target, cells.header), cells.header)
        for cells in columns
        if cells.told and cells.header not in taken and suits(target, cells) >= SURE
    ]
    return [header for _, header in sorted(likely, key=lambda one: -one[0])[:4]]


def _sure(target: Target, cells: Cells, *, first: bool) -> float:
    if not cells.header:
        return 0.0
    name = names.closeness(target, cells.header)
    if first and target.name.endswith("_id") and normal(cells.header) == "id":
        name = max(name, 0.7)
    if target.name == "email":
        name = max(name, 0.6 * cells.share(lambda cell: "@" in cell and "." in cell))
    if name < names.LIKELY:
        return 0.0
    content = suits(target, cells)
    if content < 0.3:
        return 0.0
    if first and target.name.endswith("_id") and len(cells.distinct) < 0.5 * len(cells.told):
        content *= 0.8
    return name * (0.35 + 0.65 * content)


def _score(
    dataset: str,
    targets: Sequence[Target],
    matches: Mapping[str, Match],
    columns: Sequence[Cells],
    name: str,
) -> float:
    """How much of what the dataset needs is there, how much of the file it takes, and how many.

    A dataset that needs little would else fit any file.
    """
    most = found = 0.0
    for target in targets:
        weight = 3.0 if target.required and not target.nullable else 1.0 * target.required
        most += weight
        if target.name in matches:
            found += weight * matches[target.name].sure
    filled = [cells for cells in columns if cells.header and cells.told]
    many = sum(match.sure for match in matches.values())
    used = min(1.0, many / max(1, len(filled)))
    called = 0.1 if normal(dataset) in normal(name) else 0.0
    return round(
        0.35 * found / max(1.0, most) + 0.3 * used + 0.35 * (1 - exp(-many / 4)) + called, 4
    )
