"""The support desk of people: the teams, who sells in them, and those they sell to."""

from __future__ import annotations

from django.contrib import admin

from insights.datasets import ACCOUNTS, REPS, TEAMS
from revops_site.kernel.desk import Rows, chosen, desk, export, reassign
from revops_site.kernel.models import Account, Rep, Team


@admin.register(Team, site=desk)
class TeamAdmin(Rows):
    """Who belongs together; a placeholder is known by name only."""

    dataset = TEAMS
    list_display = ("name", "manager_name", "region", "is_placeholder")
    list_filter = ("is_placeholder",)
    search_fields = ("name", "manager_name")


@admin.register(Rep, site=desk)
class RepAdmin(Rows):
    """Who owns deals."""

    dataset = REPS
    list_display = (
        *("name", "rep_id", "email", "team", "region", "start_date"),
        *("is_active", "is_placeholder"),
    )
    list_filter = ("is_active", "is_placeholder", "team")
    date_hierarchy = "start_date"
    list_select_related = ("team",)
    search_fields = ("name", "rep_id", "email")
    autocomplete_fields = ("team",)


@admin.register(Account, site=desk)
class AccountAdmin(Rows):
    """A company with its owner; searched by the start of its id or name."""

    dataset = ACCOUNTS
    list_display = (
        *("name", "account_id", "segment", "region", "industry", "owner", "created_at"),
    )
    list_filter = (chosen(ACCOUNTS, "segment"), ("owner", admin.EmptyFieldListFilter))
    date_hierarchy = "created_at"
    list_select_related = ("owner",)
    search_fields = ("account_id__startswith", "name__startswith")
    search_more = ("name", "industry", "owner__name")
    search_help_text = "The start of an id or a name."
    autocomplete_fields = ("owner",)
    actions = (export, reassign)
