"""What files of people promise: the teams, who sells in them, and those they sell to."""

from __future__ import annotations

from revops_site.kernel.datasets import SEGMENTS, Column, Dataset, Derived, Doubt

KNOWN = Derived("is_placeholder", "false", "Known by more than a name in another file.")


def _text(name: str, meaning: str, *aliases: str, header: str = "") -> Column:
    return Column(
        name, "text", meaning, header=header, aliases=aliases, required=False, nullable=True
    )


TEAMS = Dataset(
    name="teams",
    model="kernel.Team",
    meaning="One row per team.",
    key=("name",),
    columns=(
        Column("name", "text", "What the team is called.", header="team", aliases=("team_name",)),
        _text("manager_name", "Who leads it.", "manager"),
        _text("region", "Where it sells.", "geo"),
    ),
    derived=(KNOWN,),
)

REPS = Dataset(
    name="reps",
    model="kernel.Rep",
    meaning="One row per person who sells.",
    key=("rep_id",),
    columns=(
        Column("rep_id", "text", "The rep's id in the CRM.", aliases=("owner_id",)),
        Column("name", "text", "Their name.", aliases=("rep_name", "owner_name")),
        _text("email", "Their e-mail address."),
        Column(
            "team_id",
            "team",
            "The team they sell in. A name nobody has yet makes a team.",
            header="team",
            aliases=("team_name",),
            required=False,
            nullable=True,
        ),
        _text("region", "Where they sell.", "geo"),
        Column(
            "start_date",
            "date",
            "Their first day: who is new is not ranked.",
            aliases=("hired_on", "employed_since"),
            required=False,
            nullable=True,
        ),
        Column(
            "is_active",
            "boolean",
            "Whether they still sell.",
            aliases=("active",),
            required=False,
            default="true",
        ),
    ),
    derived=(KNOWN,),
    doubts=(Doubt("team_id IS NULL", "team is empty"),),
)

ACCOUNTS = Dataset(
    name="accounts",
    model="kernel.Account",
    meaning="One row per company that might buy, or did.",
    key=("account_id",),
    days=("created_at",),
    scope="rep",
    columns=(
        Column("account_id", "text", "The account's id in the CRM."),
        Column("name", "text", "Its name.", header="account_name", aliases=("account",)),
        Column("segment", "choice", "Its size.", choices=SEGMENTS, required=False, nullable=True),
        _text("region", "Where it is.", "geo"),
        _text("industry", "What it does."),
        Column(
            "owner_id",
            "rep",
            "Who looks after it: a rep's id, e-mail or name.",
            header="owner",
            aliases=("owner_name",),
            required=False,
            nullable=True,
            max_length=120,
        ),
        Column("created_at", "date", "The day it was first known.", required=False, nullable=True),
    ),
)
