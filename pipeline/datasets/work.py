"""What files of work promise: contacts, activities, notes."""

from __future__ import annotations

from dataclasses import replace

from pipeline import rollups
from pipeline.datasets.history import DEAL, deal_id
from revops_site.kernel.datasets import (
    Column,
    Dataset,
    Derived,
    Doubt,
    Reference,
    Rule,
    Touch,
    hash_of,
)

TYPES = {
    "call": ("phone", "phone call"),
    "email": ("mail", "e-mail"),
    "meeting": ("lunch",),
    "demo": ("demonstration", "presentation"),
    "task": ("to-do", "todo", "deadline"),
}
CONTACT = Reference("contact_id", "pipeline.Contact", "contact_id", "name an unknown contact")
DIRECTIONS = {"outbound": ("out",), "inbound": ("in",), "two_way": ("two-way", "both")}


def _text(name: str, meaning: str, *aliases: str, header: str = "") -> Column:
    return Column(
        name, "text", meaning, header=header, aliases=aliases, required=False, nullable=True
    )


def _known(name: str, meaning: str, *aliases: str) -> Column:
    return Column(
        name,
        "boolean",
        f"{meaning} Empty: unknown.",
        aliases=aliases,
        required=False,
        nullable=True,
    )


def _rep(name: str, header: str, meaning: str, *aliases: str) -> Column:
    return Column(
        name,
        "rep",
        f"{meaning}: a rep's id, e-mail or name.",
        header=header,
        aliases=aliases,
        required=False,
        nullable=True,
        max_length=120,
    )


def _day(name: str, meaning: str) -> Column:
    return Column(name, "date", meaning, required=False, nullable=True)


CONTACTS = Dataset(
    name="contacts",
    model="pipeline.Contact",
    meaning="One row per person who has a part in a deal.",
    key=("deal_id", "key"),
    identity=("deal_id", "contact_id"),
    scope="rep",
    columns=(
        deal_id(),
        Column("contact_id", "text", "The person's id in the CRM."),
        Column("name", "text", "Their name.", header="contact_name"),
        _text("email", "Their e-mail address."),
        _text("title", "Their position.", "job_title"),
        _text("role", "Their part: champion, economic buyer, user …"),
        _known("is_champion", "Whether they speak for us.", "champion"),
        _known("is_economic_buyer", "Whether they decide on the money.", "economic_buyer"),
        _day("last_engaged_at", "The day they last answered or met us."),
    ),
    derived=(
        Derived("key", hash_of("deal_id", "contact_id"), "A hash of the deal and the contact."),
    ),
    references=(DEAL,),
    touches=(Touch(rollups.HEALTH, ("deal_id",)),),
)

ACTIVITIES = Dataset(
    name="activities",
    model="pipeline.Activity",
    meaning="One row per call, mail, meeting, demo or task, planned or done.",
    key=("deal_id", "activity_id"),
    identity=("activity_id",),
    days=("done_at",),
    scope="rep",
    columns=(
        Column("activity_id", "text", "The activity's id in the CRM."),
        replace(deal_id("The deal that it is for, if any."), required=False, nullable=True),
        _rep("rep_id", "rep_id", "Who did it or is to do it", "rep", "owner", "owner_id"),
        _text("contact_id", "With whom."),
        Column("type", "choice", "What it is.", choices=TYPES, aliases=("activity_type",)),
        Column(
            "direction",
            "choice",
            "Who turned to whom.",
            choices=DIRECTIONS,
            required=False,
            default="outbound",
        ),
        _text("subject", "What it is about."),
        _day("due_date", "The day it is planned for."),
        Column("done_at", "instant", "When it was done; empty while it is planned.", nullable=True),
        Column("is_done", "boolean", "Whether it was done."),
        _known("is_answered", "Whether the call was answered.", "answered"),
    ),
    rules=(Rule("done_at", "is_done AND done_at IS NULL", "is empty, but is_done says it was"),),
    references=(DEAL, CONTACT),
    doubts=(Doubt("rep_id IS NULL", "rep_id is empty"),),
    touches=(
        Touch(rollups.ACTIVITY_DAYS, (rollups.LOCAL_DAY,)),
        Touch(rollups.HEALTH, ("NULLIF(deal_id, '')",)),
    ),
)

NOTES = Dataset(
    name="notes",
    model="pipeline.Note",
    meaning="One row per note about a deal, in plain text.",
    key=("deal_id", "note_id"),
    identity=("note_id",),
    days=("created_at",),
    scope="rep",
    columns=(
        Column("note_id", "text", "The note's id in the CRM."),
        deal_id(),
        _rep("author_id", "author", "Who wrote it", "author_id", "rep_id"),
        Column("body", "text", "The text.", aliases=("text", "content"), max_length=20_000),
        Column("created_at", "instant", "When it was written.", aliases=("written_at",)),
    ),
    references=(DEAL,),
)
