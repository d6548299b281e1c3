"""The support desk: Django's admin behind the product's door, with its roles and its audit log."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from revops_site.kernel import audit, freshness
from revops_site.kernel.permissions import Capability, may

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin

FIRST = ("DataLoad", "RejectedRow", "AuditEvent")
METHODS = ["GET", "HEAD", "POST"]


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
        """A signed-in person without permission is refused, not sent to log in again."""
        guarded = super().admin_view(view, cacheable)

        @require_http_methods(METHODS)
        def refused_or_shown(request: HttpRequest, *args: Any, **named: Any) -> Any:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
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

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The workspace first, and in it what was loaded, refused and done."""
        listed = super().get_app_list(request, app_label)
        listed.sort(key=lambda app: app["app_label"] != "kernel")
        for app in listed:
            app["models"].sort(key=lambda model: _place(model["object_name"]))
        return listed


desk = SupportDesk(name="admin")


class Watched(ModelAdmin):
    """A table at the desk: roles decide, and what is done is kept in the audit log."""

    sees: Capability = "edit data"
    edits: Capability | None = None
    adds = deletes = True
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the table is listed."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether its rows are shown."""
        return may(request.user, self.sees)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether its rows may be edited."""
        return self.edits is not None and may(request.user, self.edits)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether rows may be added."""
        return self.adds and self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether rows may be deleted."""
        return self.deletes and self.has_change_permission(request)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, tell who must know, and write it down with the values before and after."""
        if change and not form.changed_data:
            return
        self.keep(obj, form)
        self.announce(form.changed_data)
        _written(request, "changed" if change else "added", obj, **_values(form))

    def keep(self, obj: Any, form: Any) -> None:
        """Write the row."""
        obj.save()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete and tell who must know."""
        super().delete_model(request, obj)
        self.announce(())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete several and tell who must know."""
        super().delete_queryset(request, queryset)
        self.announce(())

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Write down each row while it still has its name."""
        for obj in queryset:
            _written(request, "deleted", obj)
        return super().log_deletions(request, queryset)

    def announce(self, fields: Collection[str]) -> None:
        """Called in the transaction of a change of these fields (none: of a deletion)."""


class Kept(Watched):
    """A table to read: what it holds was loaded or recorded, not typed."""

    adds = deletes = False


class Typed(Watched):
    """A table that people keep and that numbers depend on: each change makes them anew."""

    edits: Capability | None = "edit data"

    def announce(self, fields: Collection[str]) -> None:
        """Count one more change of data."""
        freshness.bump()


def _place(name: str) -> int:
    return FIRST.index(name) if name in FIRST else len(FIRST)


def _written(request: HttpRequest, action: str, obj: Model, **values: Any) -> None:
    target = f"{obj._meta.label} {obj.pk}: {obj}"
    audit.record(action, target=target, request=request, **values)


def _values(form: BaseForm) -> dict[str, list[str | None]]:
    """Each changed field's value before and after, as text."""
    return {
        name: [_text(form.initial.get(name)), _text(form.cleaned_data.get(name))]
        for name in form.changed_data
    }


def _text(value: Any) -> str | None:
    if isinstance(value, Model):
        value = value.pk
    return None if value is None else str(value)
