"""How much a program may ask in a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from insights.actions import programs
from revops_site.kernel import clock, problems

if TYPE_CHECKING:
    from revops_site.kernel.models import User

A_MINUTE = 60


def exceeded(request: HttpRequest) -> HttpResponse | None:
    """Why a request has to wait; None where it has not. Every token is counted by itself."""
    most: int = settings.API_REQUESTS_A_MINUTE
    if not most:
        return None
    user: User = request.user  # type: ignore[assignment]
    now = clock.now()
    if programs.count(user=user, token=getattr(request, "token", None), at=now) <= most:
        return None
    answer = problems.answer(429, f"More than {most:,} requests in a minute. Ask again then.")
    answer["Retry-After"] = str(A_MINUTE - now.second)
    return answer
