"""The guess of a profile: the likeliest dataset, its columns, and how cells are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from revops_site.kernel.profiles.drops import Drops
from revops_site.kernel.profiles.guessing import contents, marks, matching, sources
from revops_site.kernel.profiles.guessing.contents import DAYS, Cells
from revops_site.kernel.profiles.guessing.matching import SURE, Fit
from revops_site.kernel.profiles.profile import Profile, Source, Target
from revops_site.kernel.profiles.writing import written
from revops_site.kernel.reading import Layout, Looked

NUMBERS = frozenset({"integer", "decimal"})
POOR = 0.4
SHOWN = 3


@dataclass(frozen=True)
class Guess:
    """A guessed profile, what is doubtful about it, and how well each dataset would fit (0 to 1).

    ``remarks`` are the comments of its TOML, by place.
    """

    profile: Profile
    doubts: tuple[str, ...]
    scores: Mapping[str, float]
    remarks: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The profile as commented TOML."""
        return written(self.profile, self.remarks)


def guess(looked: Looked, candidates: Mapping[str, Sequence[Target]], name: str = "") -> Guess:
    """The likeliest profile of a file that was looked at; ``name`` is the file's."""
    drop, drop_doubts = marks.drops(looked.sample, len(looked.headers))
    is_dropped = Drops(Profile(drop=drop), looked.headers)
    kept = [one.fields for one in looked.sample if one.fields and not is_dropped(one)]
    columns = contents.columns(looked.headers, kept)
    fits = [
        matching.fit(dataset, targets, columns, name) for dataset, targets in candidates.items()
    ]
    fits.sort(key=lambda one: -one.score)
    best = fits[0]
    scores = {one.dataset: one.score for one in fits}
    matched = list(best.matches.values())
    days, day_doubts = marks.formats([m.cells for m in matched if m.target.kind in DAYS])
    counted = [match.cells for match in matched if match.target.kind in NUMBERS]
    (decimal, thousands), number_doubts = marks.style(counted)
    found = sources.sources(best, columns, (decimal, thousands))
    remarks = _remarks(best, found.columns, columns)
    doubts = [*_dataset(fits), *day_doubts, *number_doubts, *found.doubts]
    doubts += [*_lacking(best, found), *drop_doubts]
    further = [sheet for sheet in looked.sheets if sheet not in looked.layout.sheets]
    if further:
        doubts.append(f'{", ".join(further[:5])} are not read; sheets = ["*"] reads all sheets')
    again = marks.repeats(kept)
    if again:
        says = "1 record repeats" if again == 1 else f"{again:,} records repeat"
        doubts.append(f'{says} an earlier one exactly; repeats = "drop" leaves such out')
    known = [m.cells for m in matched if m.target.kind in DAYS | NUMBERS]
    profile = Profile(
        dataset=best.dataset,
        layout=_layout(looked),
        columns=found.columns,
        nulls=marks.nulls(known),
        drop=drop,
        formats=days,
        decimal=decimal,
        thousands=thousands,
    )
    top = [f"Guessed from {name or 'a file'}; look at what is doubtful, then load with --map."]
    top += [f"Doubt: {doubt}." for doubt in doubts]
    return Guess(profile, tuple(doubts), scores, {"": "\n".join(top), **remarks})


def _layout(looked: Looked) -> Layout:
    """What has to be said of a layout: not what is found by looking at any file."""
    layout = looked.layout
    plain = layout.plain()
    kept = (
        {"names", "widths"}
        | ({"sheets"} if len(looked.sheets) > 1 else set())
        | ({"format"} if layout.format in {"fixed", "blanks"} else set())
    )
    kept |= {"skip"} if layout.skip else set()
    kept |= {"header"} if layout.header is False else set()
    return Layout.of({name: value for name, value in plain.items() if name in kept})


def _dataset(fits: Sequence[Fit]) -> list[str]:
    best, *others = fits
    if best.score < POOR:
        return [f"no dataset fits well; {best.dataset} fits best"]
    near = [one.dataset for one in others if one.score > 0.92 * best.score]
    return [f"it could be {' or '.join(near[:3])} instead of {best.dataset}"] if near else []


def _lacking(best: Fit, found: sources.Found) -> list[str]:
    return [
        f"{target.title} needs a value, and no header is like it"
        for target in best.targets
        if target.required and not target.nullable and target.name not in found.columns
    ]


def _remarks(best: Fit, found: Mapping[str, Source], columns: Sequence[Cells]) -> dict[str, str]:
    """For each column what its cells look like, and for each that lacks one what could fit."""
    remarks = {}
    for name in found:
        match = best.matches.get(name)
        if match is None:
            continue
        some = ", ".join(cell[:40] for cell in list(match.cells.distinct)[:SHOWN])
        sure = "" if match.sure >= SURE else f" ({match.sure:.0%} sure)"
        remarks[f"columns.{name}"] = f"like {some}{sure}" if some else f"empty in the sample{sure}"
    taken = {source.header for source in found.values()}
    for target in best.targets:
        if target.required and target.name not in found:
            headers = matching.could_be(target, columns, taken)
            could = f"could be {', '.join(headers)}" if headers else "nothing is like it"
            needed = "stays empty" if target.nullable else "needs a value"
            remarks[f"columns.{target.name}"] = f"{target.kind}; {needed}; {could}"
    left = [c.header for c in columns if c.header and c.header not in taken and c.told]
    if left:
        remarks["columns"] = f"Not used: {', '.join(left[:60])}"
    return remarks
