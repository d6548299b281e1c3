"""A company in which each check has something to find, beside rows that are in order.

``FOUND`` names, by the check's slug, what it must find: the first column that the check shows.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.insights.files import Rows

DEAL = {
    "account": "Acme",
    "owner": "ana",
    "stage": "Discovery",
    "amount": "100",
    "created_at": "2025-05-05",
    "expected_close": "2025-09-30",
    "last_stage_change": "2025-06-01",
    "status": "open",
    "account_id": "A1",
    "pipeline_id": "new",
}
WON = {**DEAL, "stage": "Closed Won", "status": "won", "closed_at": "2025-06-20"}
LOST = {**DEAL, "stage": "Closed Lost", "status": "lost", "closed_at": "2025-06-21"}
TWIN = {**DEAL, "account": "Twin", "account_id": "", "created_at": "2025-03-03"}
DAY = {
    "date": "2025-06-30",
    "channel": "Google Ads",
    "segment": "SMB",
    "geo": "US",
    "spend": "10",
    **dict.fromkeys(("impressions", "clicks", "leads", "MQLs", "SQLs"), "1"),
    **dict.fromkeys(("opportunities", "closed_won"), "0"),
}
CUSTOMER = {
    "account": "Acme",
    "start_date": "2025-06-20",
    "mrr": "10",
    **dict.fromkeys(("new_mrr", "expansion_mrr", "contraction_mrr"), "0"),
    "churned_flag": "false",
}
ITEM = {"unit_amount": "10", "interval": "month", "status": "active", "start_date": "2025-06-20"}
AT = "2025-06-02T10:00:00Z"


def _told_apart(*deals: dict[str, str]) -> Rows:
    """Each of Acme's deals of another amount, so that none of them looks like a second one."""
    return [
        {**deal, "amount": str(100 + nth)}
        if deal.get("account") == "Acme" and deal["amount"]
        else deal
        for nth, deal in enumerate(deals)
    ]


def _stays(deal: str, *ends: tuple[str, str]) -> Rows:
    """A deal's stays from day to day of June."""
    return [
        {"deal_id": deal, "stage_name": f"S{nth}", "entered_at": f"2025-06-{first}T10:00:00Z"}
        | ({"exited_at": f"2025-06-{last}T10:00:00Z"} if last else {})
        for nth, (first, last) in enumerate(ends)
    ]


FILES: Mapping[str, Rows] = {
    "teams": [{"team": "EMEA"}],
    "reps": [
        {"rep_id": "ana", "name": "Ana Almeida", "team": "EMEA"},
        {"rep_id": "cy", "name": "Cy Chen", "team": "Nowhere"},
        {"rep_id": "old", "name": "Old Hand", "team": "EMEA", "is_active": "false"},
    ],
    "accounts": [{"account_id": "A1", "account_name": "Acme", "owner": "ana"}],
    "fx_rates": [
        {"date": "2025-01-02", "from_currency": "EUR", "to_currency": "USD", "rate": "1.1"},
        {"date": "2025-06-30", "from_currency": "EUR", "to_currency": "USD", "rate": "1.2"},
        {"date": "2025-06-01", "from_currency": "GBP", "to_currency": "USD", "rate": "1.3"},
    ],
    "marketing_channels": [
        DAY,
        {**DAY, "channel": "Krona", "currency": "SEK"},
        {**DAY, "channel": "Unpaid", "currency": "SEK", "spend": "0"},
    ],
    "touchpoints": [
        {"touch_id": "t", "account_id": "A1", "deal_id": "won", "channel": "x", "touched_at": AT},
        {"touch_id": "t-account", "account_id": "AX", "channel": "x", "touched_at": AT},
        {"touch_id": "t-deal", "deal_id": "gone", "channel": "x", "touched_at": AT},
    ],
    "pipelines": [{"pipeline_id": "new", "pipeline_name": "New business"}],
    "stages": [
        *(
            {"stage_id": name, "pipeline_id": "new", "stage_name": name, "stage_order": "1"}
            for name in ("Discovery", "Closed Won", "Closed Lost")
        ),
        {"stage_id": "lost", "pipeline_id": "PX", "stage_name": "Lost", "stage_order": "1"},
    ],
    "pipeline_deals": _told_apart(
        {**DEAL, "deal_id": "sound", "created_at": "2025-06-30"},
        {**DEAL, "deal_id": "euro", "currency": "EUR"},
        {**WON, "deal_id": "won"},
        *({**DEAL, "deal_id": name} for name in ("in-order", "overlaps", "lasts", "twice-open")),
        {**LOST, "deal_id": "told", "lost_reason": "Price"},
        {**DEAL, "deal_id": "no-amount", "amount": ""},
        {**DEAL, "deal_id": "no-close", "expected_close": ""},
        {**DEAL, "deal_id": "no-owner", "owner": ""},
        {**DEAL, "deal_id": "new-owner", "owner": "Zoe Zander"},
        {**DEAL, "deal_id": "past", "expected_close": "2025-06-29"},
        {**DEAL, "deal_id": "today", "expected_close": "2025-06-30"},
        {**TWIN, "deal_id": "twin-a"},
        {**TWIN, "deal_id": "twin-b"},
        {**TWIN, "deal_id": "no-twin", "created_at": "2025-03-04"},
        {**DEAL, "deal_id": "limbo", "stage": "Limbo"},
        {**LOST, "deal_id": "mute"},
        {**WON, "deal_id": "alone", "account": "Nobody", "account_id": ""},
        {**DEAL, "deal_id": "stray", "account_id": "AX"},
        {**DEAL, "deal_id": "elsewhere", "pipeline_id": "PX"},
        {**DEAL, "deal_id": "krona", "currency": "SEK"},
        {**DEAL, "deal_id": "early", "currency": "EUR", "created_at": "2024-12-30"},
        {"deal_id": "deleted", "stage": "Limbo", "status": "open", "created_at": "2025-05-05"}
        | {"is_deleted": "true"},
    ),
    "quotas": [
        {"rep_id": "ana", "quarter": "Q2 2025", "quota_amount": "900"},
        {"rep_id": "cy", "quarter": "Q1 2025", "quota_amount": "900", "currency": "NOK"},
    ],
    "stage_history": [
        {"deal_id": "sound", "stage_name": "Discovery", "entered_at": AT, "pipeline_id": "new"},
        {"deal_id": "gone", "stage_name": "Discovery", "entered_at": AT},
        {"deal_id": "told", "pipeline_id": "PX", "stage_name": "Demo", "entered_at": AT},
        *_stays("in-order", ("02", "05"), ("05", "05"), ("05", "09"), ("09", "")),
        *_stays("overlaps", ("02", "05"), ("04", "09"), ("09", "")),
        *_stays("lasts", ("02", ""), ("04", "09")),
        *_stays("twice-open", ("02", "05"), ("05", ""), ("09", "")),
    ],
    "status_events": [
        {"deal_id": "won", "at": AT, "status": "won"},
        {"deal_id": "gone", "at": AT, "status": "won"},
    ],
    "deal_changes": [
        {"deal_id": "sound", "field": "amount", "old": "1", "new": "100", "changed_at": AT},
        {"deal_id": "gone", "field": "amount", "old": "1", "new": "2", "changed_at": AT},
    ],
    "contacts": [
        {"deal_id": "sound", "contact_id": "p1", "contact_name": "Pat"},
        {"deal_id": "gone", "contact_id": "p2", "contact_name": "Pia"},
    ],
    "activities": [
        {"activity_id": "a", "deal_id": "sound", "type": "call", "done_at": AT, "is_done": "yes"},
        {"activity_id": "a-gone", "deal_id": "gone", "type": "task", "is_done": "no"},
        {"activity_id": "a-none", "type": "task", "is_done": "no"},
        {"activity_id": "a-known", "contact_id": "p1", "type": "task", "is_done": "no"},
        {"activity_id": "a-contact", "contact_id": "px", "type": "task", "is_done": "no"},
    ],
    "notes": [
        {"note_id": "n", "deal_id": "sound", "body": "Called.", "created_at": AT},
        {"note_id": "n-gone", "deal_id": "gone", "body": "Called.", "created_at": AT},
    ],
    "orders": [
        {"order_id": "o", "deal_id": "won", "received_on": "2025-06-22", "amount": "5"},
        {"order_id": "o-gone", "deal_id": "gone", "received_on": "2025-06-22"},
        {"order_id": "o-krona", "deal_id": "won", "received_on": "2025-06-22"}
        | {"amount": "5", "currency": "SEK"},
    ],
    "revenue_customers": [
        {**CUSTOMER, "customer_id": "c", "account_id": "A1", "deal_id": "won"},
        {**CUSTOMER, "customer_id": "c-account", "account_id": "AX", "deal_id": "won"},
        {**CUSTOMER, "customer_id": "c-deal", "deal_id": "gone"},
        {**CUSTOMER, "customer_id": "c-alone", "account": "Lonely"},
        {**CUSTOMER, "customer_id": "c-before", "account": "Veteran", "start_date": "2020-01-01"},
    ],
    "customer_mrr": [
        {"customer_id": "c", "month": "2025-06", "mrr": "10", "currency": "EUR"},
        {"customer_id": "c-alone", "month": "2025-06", "mrr": "10", "currency": "SEK"},
        {"customer_id": "cx", "month": "2025-06", "mrr": "10"},
    ],
    "subscriptions": [
        {**ITEM, "item_id": "s", "customer_id": "c"},
        {**ITEM, "item_id": "s-cx", "customer_id": "cx"},
    ],
}
FOUND: Mapping[str, set[str]] = {
    "deals-past-close": {"past"},
    "stays-overlap": {"overlaps", "lasts"},
    "deals-in-another-stage": {"in-order", "overlaps", "lasts", "twice-open"},
    "stays-open-twice": {"twice-open"},
    "deals-twice": {"twin-a", "twin-b"},
    "unrated-pipeline-deals": {"krona", "early"},
    "unrated-quotas": {"cy"},
    "unrated-orders": {"o-krona"},
    "unrated-marketing-channels": {"2025-06-30"},
    "unrated-customer-mrr": {"c-alone"},
    "rates-stale": {"GBP"},
    "deals-without-amount": {"no-amount"},
    "deals-without-close-date": {"no-close"},
    "deals-without-owner": {"no-owner"},
    "deals-unknown-stage": {"limbo", "elsewhere"},
    "lost-without-reason": {"mute"},
    "won-without-customer": {"alone"},
    "customers-without-won-deal": {"c-alone"},
    "reps-unknown": {"zoe-zander"},
    "reps-without-quota": {"cy"},
    "teams-unknown": {"Nowhere"},
    "orphans-touchpoints-account": {"t-account"},
    "orphans-touchpoints-deal": {"t-deal"},
    "orphans-stages-pipeline": {"lost"},
    "orphans-pipeline-deals-account": {"stray"},
    "orphans-pipeline-deals-pipeline": {"elsewhere"},
    "orphans-stage-history-deal": {"gone"},
    "orphans-stage-history-pipeline": {"told"},
    "orphans-status-events-deal": {"gone"},
    "orphans-deal-changes-deal": {"gone"},
    "orphans-contacts-deal": {"gone"},
    "orphans-activities-deal": {"a-gone"},
    "orphans-activities-contact": {"a-contact"},
    "orphans-notes-deal": {"n-gone"},
    "orphans-orders-deal": {"o-gone"},
    "orphans-revenue-customers-account": {"c-account"},
    "orphans-revenue-customers-deal": {"c-deal"},
    "orphans-customer-mrr-customer": {"cx"},
    "orphans-subscriptions-customer": {"s-cx"},
}

LATER, THEN = "2099-01-01", "2099-01-01T00:00:00Z"
# The same datasets with one row each that lies in the future, beside one that does not.
FUTURE: Mapping[str, Rows] = {
    "accounts": [
        {"account_id": "past", "account_name": "Acme", "created_at": "2025-01-01"},
        {"account_id": "future", "account_name": "Acme", "created_at": LATER},
    ],
    "marketing_channels": [DAY, {**DAY, "date": LATER}],
    "leads": [
        {"lead_id": "past", "channel": "x", "created_at": "2025-01-01"},
        {"lead_id": "future", "channel": "x", "created_at": LATER},
    ],
    "touchpoints": [
        {"touch_id": "past", "channel": "x", "touched_at": AT},
        {"touch_id": "future", "channel": "x", "touched_at": THEN},
    ],
    "pipeline_deals": [
        {**DEAL, "deal_id": "past"},
        {**DEAL, "deal_id": "future", "created_at": LATER},
    ],
    "stage_history": [
        {"deal_id": "past", "stage_name": "Discovery", "entered_at": AT},
        {"deal_id": "future", "stage_name": "Discovery", "entered_at": AT, "exited_at": THEN},
    ],
    "status_events": [
        {"deal_id": "past", "at": AT, "status": "open"},
        {"deal_id": "future", "at": THEN, "status": "open"},
    ],
    "deal_changes": [
        {"deal_id": "past", "field": "amount", "old": "1", "new": "2", "changed_at": AT},
        {"deal_id": "future", "field": "amount", "old": "1", "new": "2", "changed_at": THEN},
    ],
    "forecast_calls": [
        {"rep_id": "past", "quarter": "Q1 2025", "submitted_at": AT, "commit_amount": "1"},
        {"rep_id": "future", "quarter": "Q1 2025", "submitted_at": THEN, "commit_amount": "1"},
    ],
    "activities": [
        {"activity_id": "past", "type": "call", "done_at": AT, "is_done": "yes"},
        {"activity_id": "future", "type": "call", "done_at": THEN, "is_done": "yes"},
        {"activity_id": "planned", "type": "call", "due_date": LATER, "is_done": "no"},
    ],
    "notes": [
        {"note_id": "past", "deal_id": "past", "body": "Called.", "created_at": AT},
        {"note_id": "future", "deal_id": "past", "body": "Called.", "created_at": THEN},
    ],
    "orders": [
        {"order_id": "past", "deal_id": "past", "received_on": "2025-01-01"},
        {"order_id": "future", "deal_id": "past", "received_on": "2025-01-01", "paid_on": LATER},
    ],
    "revenue_customers": [
        {**CUSTOMER, "customer_id": "past"},
        {**CUSTOMER, "customer_id": "future", "start_date": LATER},
    ],
    "customer_mrr": [
        {"customer_id": "past", "month": "2025-06", "mrr": "10"},
        {"customer_id": "future", "month": "2099-01", "mrr": "10"},
    ],
    "subscriptions": [
        {**ITEM, "item_id": "past", "customer_id": "past"},
        {**ITEM, "item_id": "future", "customer_id": "past", "start_date": LATER},
    ],
}
FOUND_IN_FUTURE: Mapping[str, set[str]] = {
    f"future-{name.replace('_', '-')}": {LATER if name == "marketing_channels" else "future"}
    for name in FUTURE
}
