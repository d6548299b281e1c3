"""Owners to choose from: all of a few; of thousands the chosen, the first, and any looked for."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from revops_site.kernel.filters import Allowed
from revops_site.kernel.freshness import remembered
from revops_site.kernel.models import Rep, Team

FEW = 30  # so many are listed at once; of more the first of them, and what one looks for
LONGEST_TEXT = 100

People: TypeAlias = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Offered:
    """What of the owners is listed: value → label, the chosen first; how many more would fit."""

    options: Mapping[str, str]
    more: int


def people(allowed: Allowed, generation: int) -> People:
    """The ``team`` and the ``owner`` that one may see, each value → label in order of the label."""
    seen = ",".join(allowed.reps) if allowed.reps is not None else "*"
    digest = hashlib.blake2s(seen.encode(), digest_size=12).hexdigest()
    return remembered(f"people:{generation}:{digest}", lambda: _people(allowed))


def offered(known: Mapping[str, str], chosen: Collection[str], text: str = "") -> Offered:
    """All of a few owners; of many those that are chosen and the first whose name or id fits."""
    if len(known) <= FEW and not text:
        return Offered(known, 0)
    wanted = text.casefold()
    ticked = {value: label for value, label in known.items() if value in chosen}
    fits = {
        value: label
        for value, label in known.items()
        if value not in ticked and (wanted in label.casefold() or wanted in value.casefold())
    }
    shown = dict(islice(fits.items(), FEW))
    return Offered({**ticked, **shown}, len(fits) - len(shown))


def _people(allowed: Allowed) -> People:
    reps = Rep.objects.filter(is_active=True).order_by("name", "rep_id")
    if allowed.reps is not None:
        reps = reps.filter(pk__in=allowed.reps)
    teams = Team.objects.filter(reps__in=reps).distinct().order_by("name")
    return {
        "team": {name: name for name in teams.values_list("name", flat=True)},
        "owner": dict(reps.values_list("rep_id", "name")),
    }
