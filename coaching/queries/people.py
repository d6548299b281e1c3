"""Whom a reader may see one by one, and whose sums stand beside them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from revops_site.kernel.filters import DIMENSIONS, Allowed, Slice
from revops_site.kernel.models import Rep
from revops_site.kernel.periods import Period
from revops_site.kernel.queries import lasting, shared, workspace


class Person(NamedTuple):
    """A rep; ``team`` is "" of one who is in none."""

    rep_id: str
    name: str
    team: str
    manager_name: str
    region: str
    start_date: date | None
    is_active: bool


@dataclass(frozen=True)
class Group:
    """Reps who stand beside each other, and those of them whom the reader may see one by one.

    ``seen`` are all that permission leaves, ``shown`` those of them that were asked for.
    """

    people: tuple[Person, ...]
    seen: frozenset[str]
    shown: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """All of them."""
        return tuple(one.rep_id for one in self.people)

    @property
    def is_seen(self) -> bool:
        """Whether the reader may see each of them."""
        return self.seen.issuperset(self.ids)


@lasting
def people() -> tuple[Person, ...]:
    """All reps, in the order of their names."""
    rows = Rep.objects.order_by("name", "rep_id").select_related("team")
    return tuple(
        Person(
            rep.rep_id,
            rep.name,
            rep.team.name if rep.team else "",
            rep.team.manager_name if rep.team else "",
            rep.region,
            rep.start_date,
            rep.is_active,
        )
        for rep in rows
    )


def person(rep_id: str, allowed: Allowed) -> Person | None:
    """The rep of that id; None where there is none, or the reader may not see this one's deals."""
    if allowed.reps is not None and rep_id not in allowed.reps:
        return None
    return _known().get(rep_id)


@shared
def _known() -> Mapping[str, Person]:
    return MappingProxyType({one.rep_id: one for one in people()})


@shared
def group(slice_: Slice) -> Group:
    """The active reps of the slice's teams, or of the teams of those whom the reader may see."""
    known = [one for one in people() if one.is_active]
    if slice_.reps is not None:
        teams = {one.team for one in people() if one.rep_id in slice_.reps}
        known = [one for one in known if one.team in teams]
    if slice_.team:
        known = [one for one in known if one.team in slice_.team]
    return _group(known, slice_, slice_.owner)


@shared
def team_of(slice_: Slice, rep_id: str) -> Group:
    """A rep with the active reps of the same team; where there is none, with those of none."""
    own = next((one.team for one in people() if one.rep_id == rep_id), None)
    known = [one for one in people() if one.rep_id == rep_id or (one.is_active and one.team == own)]
    return _group(known, slice_, (rep_id,))


@shared
def company(slice_: Slice) -> Group:
    """All active reps."""
    return _group([one for one in people() if one.is_active], slice_, ())


def may_tell(ids: Collection[str], group: Group) -> bool:
    """Whether sums of these reps give nobody's figures away.

    Of one whom the reader may not see, a sum beside the known ones would.
    """
    return len(set(ids) - group.seen) != 1


def of_all(slice_: Slice, ids: Collection[str], days: Period | None = None) -> Slice:
    """The slice of these reps whoever reads, of what quotas know alone where ``days`` are given.

    What is read with it may be shown as sums, and of each rep for those who may see the rep. There
    have to be some reps: a slice of none would be of all.
    """
    if not ids:
        raise ValueError("A slice of no reps would be one of all.")
    wide = replace(slice_, reps=None, owner=tuple(sorted(ids)), team=())
    if days is None:
        return wide
    nothing: dict[str, Any] = {name: () for name in DIMENSIONS if name != "owner"}
    return replace(wide, period=days, compare=None, **nothing)


def shows_ranks() -> bool:
    """Whether reps are shown where the others of their team stand."""
    return workspace().shows_ranks_to_reps


def _group(known: list[Person], slice_: Slice, asked: Collection[str]) -> Group:
    ids = [one.rep_id for one in known]
    seen = frozenset(ids if slice_.reps is None else set(ids) & set(slice_.reps))
    return Group(
        tuple(known),
        seen,
        tuple(one for one in ids if one in seen and (not asked or one in asked)),
    )
