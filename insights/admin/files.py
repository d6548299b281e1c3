"""What is made and mailed for people, to be read: files, subscriptions, what became of mails."""

from __future__ import annotations

from django.contrib import admin

from insights.models import Delivery, MadeFile, Subscription
from revops_site.kernel.desk import Kept, desk


@admin.register(MadeFile, site=desk)
class MadeFileAdmin(Kept):
    """Every file that was asked for, and why some were not made; those who asked have the bytes."""

    list_display = (
        *("asked_at", "title", "suffix", "owner", "state", "message", "size", "pages", "as_of"),
        *("ended_at", "expires_at", "deleted_at"),
    )
    list_filter = ("state", "kind", "suffix")
    list_select_related = ("owner",)
    search_fields = ("owner__username__startswith",)
    search_more = ("title",)
    search_help_text = "The start of a user name; a part of a title."
    date_hierarchy = "asked_at"
    ordering = ("-id",)


@admin.register(Subscription, site=desk)
class SubscriptionAdmin(Kept):
    """What is mailed in a rhythm; its owner alone changes it, on a page of their own."""

    list_display = ("title", "suffix", "rhythm", "hour", "owner", "state", "why", "next_on")
    list_filter = ("state", "rhythm")
    list_select_related = ("owner",)
    search_fields = ("owner__username__startswith",)
    search_more = ("title",)
    search_help_text = "The start of a user name; a part of a title."
    ordering = ("-id",)


@admin.register(Delivery, site=desk)
class DeliveryAdmin(Kept):
    """Each mail of a subscription; one of unknown fate is never sent again by itself."""

    list_display = ("due_on", "subscription", "recipient", "state", "why", "tries", "changed_at")
    list_filter = ("state",)
    list_select_related = ("subscription", "recipient")
    search_fields = ("recipient__username__startswith",)
    search_help_text = "The start of a user name."
    date_hierarchy = "due_on"
    ordering = ("-id",)
