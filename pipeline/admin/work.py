"""The support desk of the work on deals: contacts, activities, notes."""

from __future__ import annotations

from django.contrib import admin

from pipeline.datasets import ACTIVITIES, CONTACTS, NOTES
from pipeline.models import Activity, Contact, Note
from revops_site.kernel.desk import Rows, desk, export, reassign


@admin.register(Contact, site=desk)
class ContactAdmin(Rows):
    """A person's part in a deal."""

    dataset = CONTACTS
    list_display = (
        *("name", "deal_id", "contact_id", "email", "title", "role"),
        *("is_champion", "is_economic_buyer", "last_engaged_at"),
    )
    list_filter = ("is_champion", "is_economic_buyer")
    date_hierarchy = "last_engaged_at"
    search_fields = ("deal_id__startswith", "contact_id__startswith")
    search_more = ("name", "email")
    search_help_text = "The start of a deal's or a contact's id; names while there are few rows."


@admin.register(Activity, site=desk)
class ActivityAdmin(Rows):
    """What was done for a deal, or is to be done."""

    dataset = ACTIVITIES
    list_display = (
        *("done_at", "type", "direction", "subject", "deal_id", "rep", "activity_id"),
        *("due_date", "is_done", "is_answered"),
    )
    list_display_links = ("activity_id",)
    list_filter = ("type", "direction", "is_done")
    list_select_related = ("rep",)
    search_fields = ("activity_id__startswith", "deal_id__startswith")
    search_more = ("subject", "rep__name")
    search_help_text = "The start of an activity's or a deal's id."
    date_hierarchy = "done_at"
    autocomplete_fields = ("rep",)
    actions = (export, reassign)


@admin.register(Note, site=desk)
class NoteAdmin(Rows):
    """What somebody wrote about a deal."""

    dataset = NOTES
    list_display = ("created_at", "deal_id", "author", "beginning", "note_id")
    list_filter = (("author", admin.EmptyFieldListFilter),)
    list_select_related = ("author",)
    search_fields = ("note_id__startswith", "deal_id__startswith")
    search_more = ("body",)
    search_help_text = "The start of a note's or a deal's id."
    date_hierarchy = "created_at"
    autocomplete_fields = ("author",)

    @admin.display(description="text")
    def beginning(self, note: Note) -> str:
        """As much of it as fits."""
        return note.body[:80]
