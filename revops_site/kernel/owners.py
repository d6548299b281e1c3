"""The owners and teams to choose from: those that one may see."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TypeAlias

from revops_site.kernel.filters import Allowed
from revops_site.kernel.freshness import remembered
from revops_site.kernel.models import Rep, Team

People: TypeAlias = Mapping[str, Mapping[str, str]]


def people(allowed: Allowed, generation: int) -> People:
    """The ``team`` and the ``owner`` that one may see, each value → label in order of the label."""
    seen = ",".join(allowed.reps) if allowed.reps is not None else "*"
    digest = hashlib.blake2s(seen.encode(), digest_size=12).hexdigest()
    return remembered(f"people:{generation}:{digest}", lambda: _people(allowed))


def _people(allowed: Allowed) -> People:
    reps = Rep.objects.filter(is_active=True).order_by("name", "rep_id")
    if allowed.reps is not None:
        reps = reps.filter(pk__in=allowed.reps)
    teams = Team.objects.filter(reps__in=reps).distinct().order_by("name")
    return {
        "team": {name: name for name in teams.values_list("name", flat=True)},
        "owner": dict(reps.values_list("rep_id", "name")),
    }
