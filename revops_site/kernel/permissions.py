"""Which reps' rows somebody may see, and what a role may do beyond looking."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Concatenate, Literal, ParamSpec

from django.core.exceptions import PermissionDenied

from revops_site.kernel.filters import Allowed

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from revops_site.kernel.models import User
    from revops_site.kernel.people import Person

Capability = Literal[
    "see data",
    "load data",
    "enter admin",
    "edit data",
    "call forecast",
    "work deals",
    "manage users",
    "change settings",
    "read audit",
    "share scenarios",
    "sync now",
    "connect sources",
    "attend 1:1s",
    "plan own day",
    "subscribe others",
    "annotate for all",
    "invite people",
    "see operations",
]

P = ParamSpec("P")

EVERYBODY = Allowed(None)
NOBODY = Allowed(())
SEES_ALL = frozenset({"admin", "revops", "viewer"})
CAPABILITIES: Mapping[Capability, frozenset[str]] = {
    "see data": frozenset({"admin", "revops"}),
    "load data": frozenset({"admin", "revops"}),
    "enter admin": frozenset({"admin", "revops"}),
    "edit data": frozenset({"admin", "revops"}),
    "call forecast": frozenset({"admin", "revops", "manager", "rep"}),
    "work deals": frozenset({"admin", "revops", "manager", "rep"}),
    "manage users": frozenset({"admin"}),
    "change settings": frozenset({"admin"}),
    "read audit": frozenset({"admin"}),
    "share scenarios": frozenset({"admin", "revops", "manager"}),
    "sync now": frozenset({"admin", "revops", "manager", "rep"}),
    "connect sources": frozenset({"admin", "revops"}),
    # Between a rep and a manager: whoever runs the system is no part of it.
    "attend 1:1s": frozenset({"manager", "rep"}),
    "plan own day": frozenset({"rep"}),
    "subscribe others": frozenset({"admin", "revops", "manager"}),
    "annotate for all": frozenset({"admin", "revops", "manager"}),
    "invite people": frozenset({"admin", "revops"}),
    "see operations": frozenset({"admin"}),
}
"""What takes a certain role; other pages and their files are open to every role."""


def allowed(user: User | AnonymousUser) -> Allowed:
    """The reps whose rows this person may see; None where everybody's.

    A manager without a team and a rep without a ``rep_id`` see nobody's, never everybody's.
    """
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    if user.role in SEES_ALL:
        return EVERYBODY
    if user.role == "rep" and user.rep_id:
        return Allowed((user.rep_id,))
    if user.role == "manager" and user.team:
        return Allowed(tuple(user.team.reps.order_by("rep_id").values_list("rep_id", flat=True)))
    return NOBODY


def sees_all(user: Person | AnonymousUser) -> bool:
    """Whether this person may see everybody's rows, and so how much there is in all."""
    return user.is_authenticated and user.is_active and user.role in SEES_ALL


def may(user: Person | AnonymousUser, what: Capability) -> bool:
    """Whether this person's role includes ``what``; always False for nobody in particular."""
    if not user.is_authenticated or not user.is_active:
        return False
    return user.role in CAPABILITIES[what]


def needs(
    what: Capability,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """Close a view to everybody whose role does not include ``what``."""

    def closed(
        view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **named: P.kwargs) -> HttpResponseBase:
            if not may(request.user, what):
                raise PermissionDenied
            return view(request, *args, **named)

        return guarded

    return closed
