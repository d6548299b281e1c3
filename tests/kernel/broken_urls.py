"""One address whose view fails."""

from typing import NoReturn

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.urls import path

from revops_site.urls import handler500

__all__ = ["handler500", "urlpatterns"]


@login_not_required
def broken(request: HttpRequest) -> NoReturn:
    """Fail with words that no reader may see."""
    raise RuntimeError("a secret of ours")


urlpatterns = [path("broken", broken)]
