"""How a source is set, what of it can be mapped, what was tried of it, and who may be meant."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from insights.models import SourceHook, SourceTrial
from pipeline.sources import OUTLINES
from pipeline.sources.pipedrive.outline import Outline
from revops_site.kernel import sealing, sync
from revops_site.kernel.models import Rep, SourceConnection, SourceRecord
from revops_site.kernel.sources import Settings

SILENCE = timedelta(minutes=10)  # of a trial that nobody seems to work on


@dataclass(frozen=True)
class Setting:
    """How a source is set. ``version`` changes with each change of it.

    ``by_environment`` says that its token is that of the environment; ``is_set`` that there is
    one at all, ``is_on`` that it is synced.
    """

    company: str
    base_url: str
    version: str
    is_set: bool
    is_on: bool
    by_environment: bool
    mapping: dict[str, Any]
    currency: str

    @property
    def host(self) -> str:
        """Where it is, as people write it."""
        parts = urlsplit(self.base_url)
        return self.base_url if parts.scheme == "http" else parts.netloc


@dataclass(frozen=True)
class Person:
    """Somebody who sells here."""

    rep_id: str
    name: str
    email: str


def setting(source: str) -> Setting:
    """How a source is set, by an admin or by the environment."""
    kept = SourceConnection.objects.filter(pk=source).first()
    given = settings.SOURCES.get(source, {})
    by_environment = not (kept and kept.token) and bool(given.get("token"))
    is_set = bool((kept and kept.token) or given.get("token"))
    base_url = (kept.base_url if kept else "") or (given.get("base_url", "") if is_set else "")
    return Setting(
        company=kept.company if kept else "",
        base_url=base_url,
        version=version(kept),
        is_set=is_set,
        is_on=sync.is_connected(source),
        by_environment=by_environment,
        mapping=kept.mapping if kept else {},
        currency=kept.currency if kept else "",
    )


def version(kept: SourceConnection | None) -> str:
    """What tells one state of the settings from the next."""
    return kept.changed_at.isoformat() if kept and kept.changed_at else ""


def trial_settings(source: str) -> Settings:
    """What a trial reads a source by, whether that is synced or not."""
    found = setting(source)
    kept = SourceConnection.objects.filter(pk=source).first()
    given = settings.SOURCES.get(source, {})
    token = sealing.unseal(kept.token) if kept and kept.token else given.get("token", "")
    base_url = found.base_url.rstrip("/")
    return Settings(source, base_url, token, found.currency, found.mapping)


def outline(source: str) -> Outline:
    """What can be mapped: of the records that were synced, else of those that a trial saw."""
    of = OUTLINES[source]
    kept = SourceRecord.objects.filter(source=source, entity__in=of.ENTITIES, is_deleted=False)
    records: dict[str, list[dict[str, Any]]] = {}
    for one in kept.order_by("entity", "external_id"):
        records.setdefault(one.entity, []).append(json.loads(one.raw))
    if records.get("stages"):
        made: Outline = of.outline(records)
        return made
    trials = SourceTrial.objects.filter(source=source, state=SourceTrial.State.DONE)
    seen = trials.order_by("-id").first()
    found: Outline = seen.found.get("outline", {}) if seen else {}
    return found


def plain(records: Sequence[bytes]) -> list[dict[str, Any]]:
    """Records as they came, as plain values."""
    return [json.loads(one) for one in records]


def newest_trial(source: str, kind: str = "") -> SourceTrial | None:
    """The last trial of a source, of this kind if one is named."""
    found = SourceTrial.objects.filter(source=source)
    return (found.filter(kind=kind) if kind else found).order_by("-id").first()


def is_busy(trial: SourceTrial | None, now: datetime) -> bool:
    """Whether a trial waits or is under way, and somebody seems to care."""
    if trial is None or trial.state not in SourceTrial.BUSY:
        return False
    return now - (trial.beat_at or trial.asked_at) < SILENCE


def hook(source: str) -> SourceHook | None:
    """The address at which a source tells of changes, where there is one."""
    return SourceHook.objects.filter(pk=source).first()


def has_records(source: str) -> bool:
    """Whether anything was ever read of a source."""
    return SourceRecord.objects.filter(source=source).exists()


def people() -> list[Person]:
    """Everybody who sells here, by name."""
    found = Rep.objects.order_by("name", "rep_id").values_list("rep_id", "name", "email")
    return [Person(rep_id, name, email or "") for rep_id, name, email in found]
