"""The tables of an account's page: deals, pay, contacts, activities, touches."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pandas as pd

from marketing import queries as marketing
from pipeline.panels.known import DEAL_LINK
from pipeline.panels.listed import STAGES, STATUS
from pipeline.queries import accounts as deals
from revenue import metrics as revenue_metrics
from revenue.panels.listed import KINDS
from revenue.queries import accounts as customers
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown

Frame: TypeAlias = Callable[[Slice, str], pd.DataFrame]

TYPES = {"call": "Call", "email": "E-mail", "meeting": "Meeting", "demo": "Demo", "task": "Task"}
MOST_TOUCHES = 1000


def touches(_: Slice, account_id: str) -> pd.DataFrame:
    """What led to the account's deals, in the order that it happened."""
    return marketing.touches_of(deals.deal_ids(account_id), MOST_TOUCHES)


def _of_no_account(_: Slice) -> pd.DataFrame:
    """Until a page says whose."""
    return pd.DataFrame()


PARTS: tuple[tuple[Frame, Panel], ...] = (
    (
        deals.deals_of,
        Panel(
            slug="account-deals",
            title="Which deals are there?",
            question="Open ones first, then the newest. Closed ones at the rate of their last day.",
            frame=_of_no_account,
            columns=(
                Shown("deal_name", "Deal", link=DEAL_LINK, steps="account-deals"),
                Shown("status", "Status", words=STATUS, tone={"won": "good", "lost": "bad"}),
                Shown("stage_name", "Stage", words=STAGES),
                Shown("value", "Amount", "money"),
                Shown("owner_name", "Owner", link="/reps/{owner_id}/"),
                Shown("created_at", "Created", "date"),
                Shown("close_date", "Expected close", "date"),
                Shown("closed_at", "Closed", "date"),
                Shown("source_channel", "Source", link="/marketing/channels/{source_channel}/"),
                Shown("lost_reason", "Lost because"),
            ),
            dimensions=(),
            unit="money",
            width="col-12",
            nothing="No deal of this account is known that you may see.",
        ),
    ),
    (
        customers.months_of,
        Panel(
            slug="account-mrr",
            title="What does it pay, and what moved it?",
            question="Month by month, the newest first.",
            frame=_of_no_account,
            columns=(
                Shown("month", "Month from", "date"),
                Shown("customer_id", "Customer", link="/customers/{customer_id}/"),
                Shown("plan", "Plan"),
                Shown("started_value", "Before", "money2"),
                Shown("kind", "Moved", words=KINDS),
                Shown("moved_value", "By", "money2"),
                Shown("value", "MRR", "money2", help=revenue_metrics.MRR.meaning),
            ),
            dimensions=(),
            unit="money",
            width="col-12",
            nothing="Nothing that it pays is known, or its customers are of owners whom you do "
            "not see.",
        ),
    ),
    (
        deals.contacts_of,
        Panel(
            slug="account-contacts",
            title="Whom does one know there?",
            question="Contacts of the deals above.",
            frame=_of_no_account,
            columns=(
                Shown("name", "Name"),
                Shown("title", "Title"),
                Shown("role", "Role"),
                Shown("email", "E-mail"),
                Shown("last_engaged_at", "Last engaged", "date"),
                Shown("deal_name", "Deal", link=DEAL_LINK),
            ),
            dimensions=(),
            width="col-12",
            nothing="No contact is known.",
        ),
    ),
    (
        deals.activities_of,
        Panel(
            slug="account-activities",
            title="What was done?",
            question="Completed activities for the deals above, the newest first.",
            frame=_of_no_account,
            columns=(
                Shown("day", "Day", "date"),
                Shown("type", "Type", words=TYPES),
                Shown("subject", "Subject"),
                Shown("rep_name", "Rep"),
                Shown("deal_name", "Deal", link=DEAL_LINK),
            ),
            dimensions=(),
            width="col-8",
            nothing="No activity is known.",
        ),
    ),
    (
        touches,
        Panel(
            slug="account-touches",
            title="What led to its deals?",
            question="Touches of marketing in the order that they happened.",
            frame=_of_no_account,
            columns=(
                Shown("touched_at", "Day", "date"),
                Shown("channel", "Channel", link="/marketing/channels/{channel}/"),
                Shown("campaign", "Campaign"),
                Shown("type", "Type"),
            ),
            dimensions=(),
            width="col-4",
            nothing="No touch is known.",
        ),
    ),
)
