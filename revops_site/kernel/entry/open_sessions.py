"""Where somebody is signed in: each device with its address and when it was last seen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import Http404, HttpRequest

from revops_site.kernel import audit, clock
from revops_site.kernel.models import User

PROGRAMS = (
    *(("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome")),
    *(("Safari", "Safari"), ("curl", "curl")),
)
SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows")),
    *(("Mac OS", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)


@dataclass(frozen=True)
class OpenSession:
    """One place where a person is signed in; the ``current`` one asks."""

    id: int
    device: str
    address: str
    began: datetime
    seen: datetime
    current: bool


def of(request: HttpRequest, user: User) -> Sequence[OpenSession]:
    """A person's open sessions, the last used first."""
    kept = UserSession.objects.purge_and_list(user)
    return [
        OpenSession(
            id=one.pk,
            device=device(one.user_agent),
            address=one.ip,
            began=one.created_at,
            seen=one.last_seen_at,
            current=one.session_key == request.session.session_key,
        )
        for one in sorted(kept, key=lambda one: one.last_seen_at, reverse=True)
    ]


def end(request: HttpRequest, user: User, id_: int) -> str:
    """End one of a person's own sessions at once; the device it was on. Http404 for none such."""
    found = UserSession.objects.filter(user=user, pk=id_).first()
    if found is None:
        raise Http404("You have no such session.")
    found.end()
    audit.record("session ended", user=user, target=device(found.user_agent), request=request)
    return device(found.user_agent)


def end_others(request: HttpRequest, user: User) -> int:
    """End every session of a person's but this one; how many there were."""
    others = UserSession.objects.filter(user=user)
    others = others.exclude(session_key=request.session.session_key or "")
    ended = [one.end() for one in others]
    audit.record("other sessions ended", user=user, count=len(ended), request=request)
    return len(ended)


def note(request: HttpRequest) -> None:
    """Write down that this session is used, where from and with what."""
    if request.session.session_key:
        seen = {"last_seen_at": clock.now()}
        where = audit.address(request)
        UserSession.objects.filter(session_key=request.session.session_key).update(
            **seen, **({"ip": where} if where else {})
        )


def forget_ended() -> int:
    """Delete what is noted of sessions that are no more; how many there were."""
    alive = Session.objects.values("session_key")
    count, _ = UserSession.objects.exclude(session_key__in=alive).delete()
    return int(count)


def device(agent: str) -> str:
    """A browser and a system as people call them, as far as they say what they are."""
    program = next((name for sign, name in PROGRAMS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    if program and system:
        return f"{program} on {system}"
    return program or system or re.sub(r"[^\w ./-]", "", agent)[:40] or "unknown device"
