"""The support desk's site: Django's admin behind the product's door."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from revops_site.kernel.entry import confirming
from revops_site.kernel.models import DataLoad
from revops_site.kernel.permissions import may

FIRST = ("DataLoad", "RejectedRow", "AuditEvent")
METHODS = ["GET", "HEAD", "POST"]
RECENT = 8


class SupportDesk(admin.AdminSite):
    """Django's admin without a login page, a logout page or a password form of its own.

    Only what is registered here is served: tables that other packages register with Django's own
    site stay outside.
    """

    site_title = "RevOps Control Center"
    site_header = "Administration"
    index_title = "Workspace and data"

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether this person's role may come in at all."""
        return may(request.user, "enter admin")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """A signed-in person without permission is refused, not sent to log in again.

        For a table where much is at stake they say again who they are, after a while.
        """
        guarded = super().admin_view(view, cacheable)
        at_stake = getattr(getattr(view, "__self__", None), "at_stake", False)

        @require_http_methods(METHODS)
        def refused_or_shown(request: HttpRequest, *args: Any, **named: Any) -> Any:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            if at_stake and request.user.is_authenticated:
                confirming.demand(request)
            return guarded(request, *args, **named)

        return refused_or_shown

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one login page."""
        return redirect_to_login(resolve_url("admin:index"))

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Back to the login page."""
        return LogoutView.as_view(next_page="account_login")(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """There is one form for one's own password."""
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """As above."""
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The tables, and beside them what came in last."""
        recent = DataLoad.objects.select_related("loaded_by")[:RECENT]
        return super().index(request, {"recent": recent, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The records of what was loaded, refused and done first, then the workspace, then data."""
        listed = super().get_app_list(request, app_label)
        listed.sort(key=lambda app: app["app_label"] != "kernel")
        if app_label or not listed or listed[0]["app_label"] != "kernel":
            return listed
        kernel, *others = listed
        records = [model for model in kernel["models"] if model["object_name"] in FIRST]
        records.sort(key=lambda model: FIRST.index(model["object_name"]))
        rest = [model for model in kernel["models"] if model["object_name"] not in FIRST]
        groups = [{**kernel, "name": "Records", "models": records}, {**kernel, "models": rest}]
        return [*groups, *others]


desk = SupportDesk(name="admin")
