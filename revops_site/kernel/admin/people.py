"""The support desk of those who may log in: their role, and whose rows they see by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest

from revops_site.kernel import audit
from revops_site.kernel.desk import Watched, desk
from revops_site.kernel.models import User
from revops_site.kernel.permissions import Capability

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
    BaseChangeForm = UserChangeForm[User]
    BaseAddForm = AdminUserCreationForm[User]
    BaseAdmin = UserAdmin[User]
else:
    UserForm = forms.ModelForm
    BaseChangeForm = UserChangeForm
    BaseAddForm = AdminUserCreationForm
    BaseAdmin = UserAdmin

ACCESS = ("role", "rep", "team")
NEEDS = {
    "rep": ("rep", "A rep sees the rows of one rep: say whose."),
    "manager": ("team", "A manager sees the rows of one team: say which."),
}


class Sensible(UserForm):
    """An account that can see something, in a workspace that keeps an admin."""

    def clean(self) -> dict[str, Any]:
        """Refuse a role without its rep or team, and the loss of the last admin."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        field, reason = NEEDS.get(cleaned.get("role", ""), ("", ""))
        if field and not cleaned.get(field):
            self.add_error(field, reason)
        if self._loses_the_last_admin(cleaned):
            self.add_error(None, "Nobody else is an admin: make somebody one first.")
        return cleaned

    def _loses_the_last_admin(self, cleaned: dict[str, Any]) -> bool:
        admins = User.objects.filter(role=User.Role.ADMIN, is_active=True)
        if not self.instance.pk or not admins.filter(pk=self.instance.pk).exists():
            return False
        stays = cleaned.get("role") == User.Role.ADMIN and cleaned.get("is_active", True)
        return not stays and not admins.exclude(pk=self.instance.pk).exists()


class ChangeForm(Sensible, BaseChangeForm):
    """An account that exists."""

    class Meta(UserChangeForm.Meta):
        model = User


class AddForm(Sensible, BaseAddForm):
    """A new account."""

    class Meta(AdminUserCreationForm.Meta):
        model = User


@admin.register(User, site=desk)
class PersonAdmin(Watched, BaseAdmin):
    """People are deactivated, not deleted: what they did keeps their name."""

    sees: Capability = "manage users"
    edits: Capability | None = "manage users"
    at_stake = True
    deletes = False
    actions = None
    form = ChangeForm
    add_form = AddForm
    list_display = ("username", "email", "first_name", "last_name", *ACCESS, "is_active", "is_demo")
    list_filter = ("role", "is_active", "is_demo", "team")
    list_select_related = ("rep", "team")
    autocomplete_fields = ("rep", "team")
    search_fields = ("username", "first_name", "last_name", "email")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined", "is_demo")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("Access", {"fields": (*ACCESS, "is_active")}),
        ("Record", {"fields": ("last_login", "date_joined", "is_demo")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": (
                    *("username", "first_name", "last_name", "email", *ACCESS),
                    *("usable_password", "password1", "password2"),
                ),
            },
        ),
    )

    def keep(self, request: HttpRequest, obj: Any, form: Any) -> None:
        """Write the account; an address that it no longer has resets no password."""
        super().keep(request, obj, form)
        EmailAddress.objects.filter(user=obj).exclude(email__iexact=obj.email).delete()

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        """An admin gives somebody another password."""
        before = User.objects.filter(pk=id).values_list("password", flat=True).first()
        answer = super().user_change_password(request, id, form_url)
        person = User.objects.filter(pk=id).first()
        if person is not None and person.password != before:
            audit.record(audit.PASSWORD_CHANGED, target=person.username, request=request)
        return answer
