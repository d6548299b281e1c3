"""What a source is set to: by an admin, else by the environment."""

from __future__ import annotations

from django.conf import settings

from revops_site.kernel import sealing
from revops_site.kernel.models import SourceConnection
from revops_site.kernel.queries import shared
from revops_site.kernel.sources import Settings


def settings_of(source: str) -> Settings | None:
    """What the source is read by; None where it is not connected, or switched off.

    What an admin has entered counts before the environment (``SOURCES`` of the settings).
    """
    kept = _kept(source)
    if kept is not None and not kept.is_enabled:
        return None
    given = settings.SOURCES.get(source, {})
    token = sealing.unseal(kept.token) if kept and kept.token else given.get("token", "")
    base_url = (kept.base_url if kept else "") or given.get("base_url", "")
    if not token or not base_url:
        return None
    return Settings(
        source,
        base_url.rstrip("/"),
        token,
        kept.currency if kept else "",
        kept.mapping if kept else {},
    )


@shared
def _kept(source: str) -> SourceConnection | None:
    """What an admin has entered, asked for once a page."""
    return SourceConnection.objects.filter(pk=source).first()


def is_paused(source: str) -> bool:
    """Whether the source is set up, and an admin has it not read for now."""
    kept = SourceConnection.objects.filter(pk=source, is_enabled=False).first()
    given = settings.SOURCES.get(source, {}).get("token", "")
    return kept is not None and bool(kept.token or given)


def is_connected(source: str) -> bool:
    """Whether the source can be read at all."""
    try:
        return settings_of(source) is not None
    except sealing.BrokenSealError:
        return True
