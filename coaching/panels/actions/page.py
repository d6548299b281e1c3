"""The page of next best actions: the list to work through, and the same as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from coaching import metrics
from coaching.analytics.priority import FACTORS
from coaching.panels.actions import acted, contract, words
from coaching.panels.actions.listed import NOTHING, TABLE, URL, section
from coaching.panels.priorities import Action, actions
from coaching.panels.tabs import tabs
from coaching.panels.team.known import DATASETS, REP_LINK
from coaching.queries import marks
from coaching.queries.people import person
from pipeline import metrics as deal_metrics
from pipeline import queries
from pipeline.panels.known import DEAL_LINK, OPEN
from revops_site.kernel.filters import Slice
from revops_site.kernel.models import User
from revops_site.kernel.pages import Visit
from revops_site.kernel.panels import Page, Panel, Shown
from revops_site.kernel.permissions import EVERYBODY

PUBLISHED = "/coaching/team/actions.json"
MORE = ("rep_name", "deal_name", "doing", "owner_id", "deal_id", *FACTORS)
FROM_CONTRACT = (
    *("account_name", "contact_role", "action_reason", "priority_score", "priority_rank"),
    *("time_display", "deal_amount", "deal_health", "days_since_contact", "risk_if_delayed"),
)
COLUMNS = (*MORE, *FROM_CONTRACT)


def frame(slice_: Slice) -> pd.DataFrame:
    """The actions of those who are shown, the most pressing first: ``COLUMNS``."""
    found = sorted(actions(slice_), key=lambda one: one.ranked.order)
    rows = [_row(one, slice_.currency) for one in found]
    return pd.DataFrame(rows, columns=[*COLUMNS])


def _row(one: Action, currency: str) -> Mapping[str, Any]:
    deal = one.ranked.deal
    whose = person(deal.rep_id, EVERYBODY)
    told = contract.row(one, currency)
    return {
        "rep_name": whose.name if whose else deal.rep_id,
        "deal_name": one.row["deal_name"],
        "doing": words.doing(one.row),
        "owner_id": deal.rep_id,
        "deal_id": deal.opportunity_id,
        **{name: round(points, 1) for name, points in one.ranked.factors.items()},
        **{name: told[name] for name in FROM_CONTRACT},
    }


def choices(generation: int) -> Mapping[str, Any]:
    """What the filters can be set to, value → label."""
    found = queries.choices(generation)
    return {name: found[name] for name in OPEN if name in found}


TABLED = Panel(
    slug=TABLE,
    title="What is most pressing?",
    question="The first ten open deals of each rep, by five parts of a score from 0 to 100.",
    frame=frame,
    columns=(
        Shown("deal_name", "Deal", link=DEAL_LINK, steps=TABLE),
        Shown("rep_name", "Rep", link=REP_LINK.replace("rep_id", "owner_id")),
        Shown("doing", "Do"),
        Shown("contact_role", "Part", help="Of whom it is to be done with."),
        Shown("action_reason", "Why"),
        Shown(
            "time_display",
            "When",
            help="And in which two hours of the workspace’s day most calls are answered.",
        ),
        Shown(
            "priority_score",
            "Priority",
            "decimal1",
            help=metrics.PRIORITY.edge,
            link=f"/explain/{metrics.PRIORITY.slug}/deals/{{deal_id}}/",
        ),
        *(
            Shown(name, words.PARTS[name], "decimal1", help=f"{most} points at most.")
            for name, most in FACTORS.items()
        ),
        Shown("priority_rank", "Place", "integer", help="Among the actions of the rep."),
        Shown("deal_amount", "Value", "money"),
        Shown("deal_health", "Health", "integer", help=deal_metrics.AVG_HEALTH.meaning),
        Shown("days_since_contact", "Quiet", "days", help="Days since the last activity."),
        Shown("risk_if_delayed", "If it waits"),
        Shown("account_name", "Account", filed=True),
        Shown("owner_id", "Rep’s id", filed=True),
        Shown("deal_id", "Deal’s id", filed=True),
    ),
    dimensions=OPEN,
    width="col-12",
    unit="money",
    sort="-priority_score",
    nothing=NOTHING,
    contract=PUBLISHED,
    most=12,
)
PAGE = Page(
    slug=TABLE,
    title="Next best actions",
    url=URL,
    panels=(TABLED, acted.PANEL),
    datasets=DATASETS,
    dimensions=OPEN,
    choices=choices,
    default_period="this_year",
    dated=False,
    compared=False,
)


def page() -> Page:
    """The page as of all that was said of actions so far."""
    about = str(marks.last())
    return replace(PAGE, panels=tuple(replace(one, about=about) for one in PAGE.panels))


def beside(visit: Visit, user: User, token: str, **given: Any) -> Sequence[Mapping[str, Any]]:
    """The tabs of coaching, and the list to work through; ``given`` as ``section`` takes it."""
    back = visit.frame.address()
    return [tabs(visit), section(visit.slice_, visit.asked, user, token, back, **given)]
