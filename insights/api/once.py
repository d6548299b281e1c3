"""Posts that a program names by a key: done once, and answered the same to who asks again."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException

from insights.actions import programs
from insights.api.failures import RefusedError
from revops_site.kernel import clock

if TYPE_CHECKING:
    from revops_site.kernel.models import ApiToken, User

NAME = "Idempotency-Key"
FITS = re.compile(r"[!-~]{1,200}")
PARAMETER: Mapping[str, Any] = {
    "name": NAME,
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
    "description": (
        "A name of your own for this very request: sent again within a day it is not done again, "
        "but answered as before. One that was refused has done nothing, and can be sent again."
    ),
}
UNFIT = f"{NAME} is 1 to 200 characters of ASCII without spaces."
BUSY = "The request with this key is under way. Ask again in a moment."
OTHER = "This key was used for another request. Take a new one for each that is not the same."

View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """A view that does a post with a key once; what is sent was already found to be fit."""

    @functools.wraps(view)
    def asked(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        key = request.headers.get(NAME)
        if request.method != "POST" or key is None:
            return view(request, *args, **given)
        if not FITS.fullmatch(key):
            raise RefusedError(422, UNFIT)
        user: User = request.user  # type: ignore[assignment]
        token: ApiToken | None = getattr(request, "token", None)
        try:
            with programs.alone(user=user, token=token, key=key):
                return programs.done_once(
                    user=user,
                    token=token,
                    key=key,
                    asked=_digest(request),
                    do=lambda: view(request, *args, **given),
                    at=clock.now(),
                )
        except programs.BusyError as why:
            raise RefusedError(409, BUSY, {"Retry-After": "1"}) from why
        except programs.OtherError as why:
            raise RefusedError(409, OTHER) from why

    return asked


def _digest(request: HttpRequest) -> str:
    """Tells one request from another: its method, its address and all that it sends."""
    made = hashlib.sha256(f"{request.method} {request.get_full_path()}".encode())
    for part in _sent(request):
        made.update(f"\n{len(part)} ".encode())
        made.update(part)
    return made.hexdigest()


def _sent(request: HttpRequest) -> Iterator[bytes]:
    """The body; of a form its fields and its files, which are read by and by from where they lie.

    Between the parts of a form programs put what is another one each time.
    """
    try:
        yield request.body
        return
    except RawPostDataException:
        pass
    for name in sorted(request.POST):
        for value in request.POST.getlist(name):
            yield name.encode()
            yield value.encode()
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            yield name.encode()
            yield (file.name or "").encode()
            yield from file.chunks()
