"""Keeps, changes and forgets what somebody assumes of a quarter; no deal is touched by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from pipeline.models import Scenario
from pipeline.models.scenarios import LONGEST_NAME
from revops_site.kernel import audit
from revops_site.kernel.models import User
from revops_site.kernel.permissions import may

MOST = 50


class RefusedError(ValueError):
    """Why a scenario cannot be kept so, in a sentence for who asked."""


@dataclass(frozen=True)
class Content:
    """What is kept of a scenario beside its name, as ``Scenario`` has it."""

    quarter: str
    assumptions: Mapping[str, Mapping[str, str]]
    filters: str
    as_of: date
    figures: Mapping[str, float | None]
    currency: str


@transaction.atomic
def save(*, user: User, name: str, content: Content, is_shared: bool, at: datetime) -> int:
    """Keep a new scenario and give its id; the same once more changes nothing.

    Raises RefusedError, in a sentence, where it cannot be kept so.
    """
    _hold(user)
    name = _name(name)
    _check(user, content, is_shared)
    known = Scenario.objects.filter(user=user, name__iexact=name).first()
    if known is not None:
        if _is_same(known, name, content, is_shared):
            return int(known.pk)
        raise RefusedError(f"You have a scenario called “{known.name}” already.")
    if Scenario.objects.filter(user=user).count() >= MOST:
        raise RefusedError(f"You have {MOST} scenarios, which is the most there can be.")
    kept = Scenario.objects.create(
        user=user,
        name=name,
        is_shared=is_shared,
        created_at=at,
        updated_at=at,
        **vars(content),
    )
    _note("scenario saved", user, kept)
    return int(kept.pk)


@transaction.atomic
def change(
    *, user: User, scenario_id: int, name: str, content: Content, is_shared: bool, at: datetime
) -> None:
    """Keep other assumptions, or another name, in a scenario of one's own.

    Raises Scenario.DoesNotExist where it is not one's own, RefusedError where it cannot be so.
    """
    _hold(user)
    kept = Scenario.objects.get(user=user, pk=scenario_id)
    name = _name(name)
    _check(user, content, is_shared)
    others = Scenario.objects.filter(user=user, name__iexact=name).exclude(pk=kept.pk)
    if others.exists():
        raise RefusedError(f"You have another scenario called “{name}” already.")
    if _is_same(kept, name, content, is_shared) and kept.as_of == content.as_of:
        return
    before = kept.name
    kept.name, kept.is_shared, kept.updated_at = name, is_shared, at
    for field, value in vars(content).items():
        setattr(kept, field, value)
    kept.save()
    _note("scenario changed", user, kept, before=before)


@transaction.atomic
def delete(*, user: User, scenario_id: int) -> None:
    """Forget a scenario of one's own; one that is not there is forgotten already."""
    _hold(user)
    kept = Scenario.objects.filter(user=user, pk=scenario_id).first()
    if kept is not None:
        _note("scenario deleted", user, kept)
        kept.delete()


def _hold(user: User) -> None:
    """One at a time for each person, so that counts and names hold."""
    User.objects.select_for_update().only("pk").get(pk=user.pk)


def _check(user: User, content: Content, is_shared: bool) -> None:
    if not content.assumptions:
        raise RefusedError("Nothing is assumed yet: change a deal first.")
    if is_shared and not may(user, "share scenarios"):
        raise RefusedError("Only managers and RevOps share scenarios.")


def _is_same(kept: Scenario, name: str, content: Content, is_shared: bool) -> bool:
    said = (kept.name, kept.is_shared, kept.assumptions, kept.filters, kept.quarter)
    mine = {deal: dict(given) for deal, given in content.assumptions.items()}
    return said == (name, is_shared, mine, content.filters, content.quarter)


def _name(name: str) -> str:
    name = " ".join("".join(one if one.isprintable() else " " for one in name).split())
    if not name:
        raise RefusedError("Give the scenario a name.")
    if len(name) > LONGEST_NAME:
        raise RefusedError(
            f"A name has at most {LONGEST_NAME} characters; this one has {len(name)}."
        )
    return name


def _note(action: str, user: User, kept: Scenario, **more: Any) -> None:
    audit.record(
        action,
        user=user,
        target=kept.name,
        scenario=kept.pk,
        deals=sorted(kept.assumptions),
        shared=kept.is_shared,
        **more,
    )
