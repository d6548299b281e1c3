"""Every address for every role, method and size: what is not declared here does not exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from revops_site.kernel.models import User

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")
STRANGERS = ("anonymous", "deactivated")
ROLES = (*STRANGERS, "viewer", "rep", "manager", "revops", "admin")
LOGIN = "/accounts/login/"
HX = {"HX-Request": "true", "HX-Target": "panels"}

Answers = Mapping[str, int | tuple[int, ...]]
READ: Answers = {"GET": 200}
FORM: Answers = {"GET": 200, "POST": 200}


@dataclass(frozen=True)
class Row:
    """What an address answers, by method; any other method gets 405.

    ``strangers`` None: whoever is not signed in is sent to the login page, or told so by the API.
    ``roles`` are those that it is open to; others get 403.
    """

    people: Answers = field(default_factory=lambda: READ)
    strangers: Answers | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    roles: frozenset[str] = frozenset(ROLES) - frozenset(STRANGERS)

    def answers(self, role: str) -> Answers | None:
        """What this role is answered."""
        if role in STRANGERS:
            return self.strangers
        return self.people if role in self.roles else dict.fromkeys(self.people, 403)


HEALTH: Answers = {"GET": (200, 503)}
KEEPERS = frozenset({"revops", "admin"})
LINK = {"uidb36": "1", "key": "made-up"}
ROWS: Mapping[str, Row] = {
    "livez": Row(READ, READ),
    "readyz": Row(HEALTH, HEALTH),
    "health": Row(HEALTH, HEALTH),
    "insights:operations": Row(roles=frozenset({"admin"})),
    "insights:metrics": Row(READ, {"GET": 401}, roles=frozenset({"admin"})),
    "theme": Row({"POST": 400}),
    "profile": Row({"GET": 200, "POST": 422}),
    "end_token": Row({"POST": 404}, given={"id_": "1"}),
    "end_session": Row({"POST": 404}, given={"id_": "0"}),
    "end_sessions": Row({"POST": 302}),
    "second_factor": Row({"GET": 200, "POST": 422}),
    "invitations": Row({"GET": 200, "POST": 422}, roles=KEEPERS),
    **dict.fromkeys(
        ("openid_connect_login", "openid_connect_callback"),  # no provider is named
        Row({"GET": 404}, {"GET": 404}, {"provider_id": "sso"}),
    ),
    "privacy": Row({"GET": 200, "POST": 422}, roles=frozenset({"admin"})),
    "withdraw_invitation": Row({"POST": 404}, given={"id_": "1"}, roles=KEEPERS),
    "account_invitation": Row(
        {"GET": 404, "POST": 404}, {"GET": 404, "POST": 404}, {"secret": "made-up"}
    ),
    "mfa_authenticate": Row({"GET": 302, "POST": 302}, {"GET": 302, "POST": 302}),
    "account_reauthenticate": Row(FORM),
    "mfa_reauthenticate": Row({"GET": 302, "POST": 302}),
    "account_login": Row({"GET": 302, "POST": 302}, FORM),
    "account_logout": Row({"GET": 200, "POST": 302}, {"GET": 302, "POST": 302}),
    "account_change_password": Row(FORM),
    "account_reset_password": Row(FORM, FORM),
    "account_reset_password_done": Row(READ, READ),
    "account_reset_password_from_key": Row(FORM, FORM, LINK),
    "account_reset_password_from_key_done": Row(READ, READ),
    "insights:home": Row(),
    "insights:home_panel": Row(given={"slug": "changed"}),
    "insights:home_file": Row(given={"slug": "changed", "kind": "csv"}),
    "insights:changes": Row(),
    "insights:changes_file": Row(given={"slug": "changes", "kind": "csv"}),
    "insights:channel": Row(given={"name": "a/b"}, people={"GET": 404}),
    "insights:channel_file": Row(
        given={"name": "a/b", "slug": "campaigns", "kind": "csv"}, people={"GET": 404}
    ),
    "insights:campaigns": Row(),
    "insights:saturation": Row(),
    "insights:saturation_panel": Row(given={"slug": "saturation"}),
    "insights:saturation_file": Row(given={"slug": "saturation", "kind": "csv"}),
    "insights:cohorts": Row(),
    "insights:cohorts_panel": Row(given={"slug": "lead-cohorts"}),
    "insights:cohorts_file": Row(given={"slug": "lead-cohorts", "kind": "csv"}),
    "insights:summary": Row(people={"GET": 200, "POST": (302, 403)}),
    "insights:summary_panel": Row(given={"slug": "summary-pipeline"}),
    "insights:summary_file": Row(given={"slug": "summary-actions", "kind": "csv"}),
    "insights:anomalies": Row(),
    "insights:anomalies_panel": Row(given={"slug": "patterns"}),
    "insights:anomalies_file": Row(given={"slug": "anomalies", "kind": "csv"}),
    "insights:lead_to_cash": Row(),
    "insights:lead_to_cash_panel": Row(given={"slug": "lead-steps"}),
    "insights:lead_to_cash_file": Row(given={"slug": "lead-steps", "kind": "csv"}),
    "insights:campaigns_panel": Row(given={"slug": "campaigns"}),
    "insights:campaigns_file": Row(given={"slug": "campaigns", "kind": "csv"}),
    "insights:campaign": Row(given={"name": "a/b"}, people={"GET": 404}),
    "insights:campaign_file": Row(
        given={"name": "a/b", "slug": "campaign-days", "kind": "csv"}, people={"GET": 404}
    ),
    "insights:segment": Row(given={"code": "a/b"}, people={"GET": 404}),
    "insights:segment_file": Row(
        given={"code": "a/b", "slug": "segment-pipeline", "kind": "csv"}, people={"GET": 404}
    ),
    "insights:economics": Row(),
    "insights:economics_panel": Row(given={"slug": "economics-by-segment"}),
    "insights:economics_file": Row(given={"slug": "economics-by-segment", "kind": "csv"}),
    "insights:rep": Row(given={"rep_id": "a/b"}, people={"GET": 404}),
    "insights:rep_file": Row(
        given={"rep_id": "a/b", "slug": "rep-kpis", "kind": "csv"}, people={"GET": 404}
    ),
    "insights:account": Row(given={"account_id": "a/b"}, people={"GET": 404}),
    "insights:account_file": Row(
        given={"account_id": "a/b", "slug": "account-deals", "kind": "csv"}, people={"GET": 404}
    ),
    "insights:customer": Row(given={"customer_id": "a/b"}, people={"GET": 404}),
    "insights:customer_file": Row(
        given={"customer_id": "a/b", "slug": "customer-mrr", "kind": "csv"}, people={"GET": 404}
    ),
    "insights:glossary": Row(),
    "insights:definition": Row(given={"slug": "marketing-spend"}),
    "insights:ask": Row(),
    "insights:ask_panel": Row({"GET": 404}, given={"slug": "groups"}),
    "insights:ask_file": Row({"GET": 404}, given={"slug": "groups", "kind": "csv"}),
    "insights:ask_suggestions": Row(),
    "insights:ask_model": Row({"GET": (200, 286)}),
    "insights:insights": Row(),
    "insights:reports": Row(),
    "insights:report": Row({"GET": 200, "POST": 302}, given={"slug": "marketing"}),
    "insights:new_file": Row({"GET": 404, "POST": 404}),
    "insights:file_news": Row({"GET": (286, 200)}),
    "insights:file": Row({"GET": 404, "POST": 404}, given={"file_id": "1"}),
    "insights:file_state": Row({"GET": 404}, given={"file_id": "1"}),
    "insights:file_bytes": Row({"GET": 404}, given={"file_id": "1"}),
    "insights:file_page": Row({"GET": 404}, given={"file_id": "1", "number": "1"}),
    "insights:subscribe": Row({"POST": 404}),
    "insights:subscription": Row({"POST": 400}, given={"subscription_id": "1"}),
    "insights:cards": Row(given={"kind": "csv"}),
    "insights:answer": Row({"POST": 400}),
    "insights:comments": Row({"GET": 404, "POST": 404}),
    "insights:thread": Row({"POST": 400}, given={"thread_id": "1"}),
    "insights:comment": Row({"POST": 400}, given={"comment_id": "1"}),
    "insights:boards": Row({"GET": 200, "POST": 422}),
    "insights:add_to_board": Row({"GET": 404, "POST": 404}),
    "insights:edit_board": Row({"GET": 404, "POST": 404}, given={"board_id": "1"}),
    "insights:copy_board": Row({"GET": 404, "POST": 404}, given={"board_id": "1"}),
    "insights:board": Row({"GET": 404}, given={"board_id": "1"}),
    "insights:board_panel": Row({"GET": 404}, given={"board_id": "1", "slug": "x"}),
    "insights:board_file": Row({"GET": 404}, given={"board_id": "1", "slug": "x", "kind": "csv"}),
    "insights:annotations": Row(),
    "insights:new_annotation": Row({"GET": 200, "POST": 422}),
    "insights:annotation": Row({"GET": 404, "POST": 404}, given={"annotation_id": "1"}),
    "insights:alerts": Row({"GET": 200, "POST": 302}),
    "insights:new_alert": Row({"GET": 200, "POST": 422}),
    "insights:alert": Row({"GET": 404, "POST": 404}, given={"alert_id": "1"}),
    "insights:firing": Row({"POST": 400}, given={"firing_id": "1"}),
    "insights:palette": Row(),
    "choices": Row(given={"name": "owner"}),
    "insights:today": Row({"GET": 200, "POST": 404}),
    "insights:pulse": Row(),
    "insights:sync": Row({"GET": 200, "POST": (403, 409)}),
    "insights:sync_state": Row({"GET": (286, 302)}),
    "api:docs": Row(),
    "api:document": Row(),
    "api:panels": Row(),
    "api:panel": Row(given={"page": "marketing", "panel": "funnel"}),
    "api:dashboard_kpis": Row(),
    "api:forecast_history": Row(),
    "api:stage_velocity": Row(),
    "api:stuck_deals_view": Row(),
    "api:health_distribution": Row(),
    "api:rep_performance_view": Row(),
    "api:next_best_actions": Row(),
    **dict.fromkeys(
        ("api:rep_driver_comparison", "api:rep_activity_metrics", "api:rep_coaching_insights"),
        Row({"GET": 422}),  # nobody says whose
    ),
    **dict.fromkeys(
        (
            *("api:overdue", "api:stuck", "api:inactive", "api:order_received"),
            *("api:compliance", "api:cashflow_projection", "api:recent_summary"),
        ),
        Row({"GET": 404}, given={"key": "a/b"}),
    ),
    "api:owner_kpis": Row(),
    "api:kpis_summary": Row(),
    "api:kpis_daily": Row(roles=frozenset({"viewer", "revops", "admin"})),
    "api:insights": Row(),
    "api:dashboard_today": Row(),
    "api:deals_search": Row({"GET": 422}),
    "api:deal_detail": Row({"GET": 404}, given={"deal_id": "a/b"}),
    "api:followups": Row(),
    "api:followups_generate": Row({"POST": 422}),
    "api:followups_send": Row({"POST": 422}),
    "api:ingest_upload": Row({"POST": 422}, roles=KEEPERS),
    "api:ingest_state": Row({"GET": 404}, given={"upload_id": "1"}, roles=KEEPERS),
    "api:report_generate": Row({"POST": 422}),
    "api:report_state": Row({"GET": 404}, given={"file_id": "1"}),
    "api:report_file": Row({"GET": 404}, given={"file_id": "1"}),
    "api:sync_status": Row(),
    "api:sync_trigger": Row({"POST": (403, 409)}),
    "api:sync_trigger_one": Row({"POST": (403, 409)}, given={"entity": "deals"}),
    "insights:source": Row({"GET": 200, "POST": 400}, given={"name": "pipedrive"}, roles=KEEPERS),
    "insights:source_state": Row({"GET": (286, 302)}, given={"name": "pipedrive"}, roles=KEEPERS),
    "insights:hook": Row({"POST": (401, 429)}, {"POST": (401, 429)}, {"name": "pipedrive"}),
    "insights:loop": Row(),
    "insights:loop_file": Row(given={"slug": "loop-channels", "kind": "csv"}),
    "insights:attribution": Row(),
    "insights:attribution_file": Row(given={"slug": "attribution-models", "kind": "csv"}),
    "insights:attribution_part": Row(given={"which": "journeys"}),
    "insights:attribution_part_file": Row(
        given={"which": "journeys", "slug": "attribution-paths", "kind": "csv"}
    ),
    "insights:journey": Row({"GET": 404}, given={"deal_id": "D1"}),
    "insights:journey_file": Row(
        {"GET": 404}, given={"deal_id": "D1", "slug": "journey-touches", "kind": "csv"}
    ),
    "insights:views": Row({"GET": 200, "POST": 422}, given={"slug": "marketing"}),
    "insights:view": Row({"POST": 400}, given={"slug": "marketing", "view_id": "1"}),
    "insights:explain": Row(given={"slug": "marketing-spend"}),
    "insights:rows": Row(given={"slug": "marketing-spend", "kind": "csv"}),
    "insights:why": Row(given={"slug": "marketing-spend"}),
    "insights:why_panel": Row(given={"slug": "marketing-spend", "panel_slug": "steps"}),
    "insights:why_file": Row(
        given={"slug": "marketing-spend", "panel_slug": "steps", "kind": "csv"}
    ),
    "insights:explain_deal": Row(
        given={"slug": "pipeline-deal-age", "deal_id": "a/b"}, people={"GET": 404}
    ),
    "insights:deal_rows": Row(
        given={"slug": "pipeline-deal-age", "deal_id": "a/b", "kind": "csv"}, people={"GET": 404}
    ),
    "insights:data": Row(roles=KEEPERS),
    "insights:load": Row(given={"load_id": "1"}, people={"GET": 404}, roles=KEEPERS),
    "insights:refused": Row(
        given={"load_id": "1", "kind": "csv"}, people={"GET": 404}, roles=KEEPERS
    ),
    "insights:check": Row(given={"slug": "deals-without-amount"}, roles=KEEPERS),
    "insights:found": Row(given={"slug": "deals-without-amount"}, roles=KEEPERS),
    "insights:dataset": Row(given={"name": "quotas"}, roles=KEEPERS),
    "insights:mail": Row(given={"name": "none"}, people={"GET": 404}, roles=KEEPERS),
    "insights:uploads": Row({"GET": 200, "POST": 422}, roles=KEEPERS),
    "insights:upload": Row(
        given={"upload_id": "1"}, people={"GET": 404, "POST": 404}, roles=KEEPERS
    ),
    "insights:upload_state": Row(given={"upload_id": "1"}, people={"GET": 404}, roles=KEEPERS),
    "insights:upload_refused": Row(given={"upload_id": "1"}, people={"GET": 404}, roles=KEEPERS),
    "insights:contract": Row(given={"name": "quotas"}, roles=KEEPERS),
    "insights:example": Row(given={"name": "quotas"}, roles=KEEPERS),
    "marketing:dashboard": Row(),
    "marketing:dashboard_panel": Row(given={"slug": "funnel"}),
    "marketing:dashboard_file": Row(given={"slug": "funnel", "kind": "csv"}),
    "pipeline:dashboard": Row(),
    "pipeline:dashboard_panel": Row(given={"slug": "stage-distribution"}),
    "pipeline:dashboard_file": Row(given={"slug": "stage-distribution", "kind": "csv"}),
    "pipeline:calls": Row({"GET": 200, "POST": (403, 422)}),
    "pipeline:calls_panel": Row(given={"slug": "calls"}),
    "pipeline:calls_file": Row(given={"slug": "calls", "kind": "csv"}),
    "pipeline:deal": Row(given={"deal_id": "a/b"}, people={"GET": 404, "POST": (403, 404)}),
    "pipeline:account_notes": Row({"POST": (403, 404)}),
    "pipeline:deal_json": Row(given={"deal_id": "a/b"}, people={"GET": 404}),
    "pipeline:category": Row(given={"deal_id": "a/b"}, people={"GET": 404, "POST": (403, 404)}),
    "pipeline:flags": Row(given={"deal_id": "a/b"}, people={"GET": 404, "POST": (403, 404)}),
    "pipeline:forecast": Row(),
    "pipeline:forecast_panel": Row(given={"slug": "forecast-parts"}),
    "pipeline:forecast_file": Row(given={"slug": "forecast-parts", "kind": "csv"}),
    "pipeline:health": Row(),
    "pipeline:scorecard": Row({"GET": 200, "POST": 422}, roles=KEEPERS),
    "pipeline:health_panel": Row(given={"slug": "health-distribution"}),
    "pipeline:health_file": Row(given={"slug": "stuck-view", "kind": "csv"}),
    "pipeline:lists": Row({"GET": 302}),
    "pipeline:list": Row(given={"which": "overdue"}),
    "pipeline:list_panel": Row(given={"which": "stuck", "slug": "stuck-ages"}),
    "pipeline:list_file": Row(given={"which": "stuck", "slug": "stuck-ages", "kind": "csv"}),
    "pipeline:velocity": Row(),
    "pipeline:velocity_panel": Row(given={"slug": "stage-times"}),
    "pipeline:velocity_file": Row(given={"slug": "stage-times", "kind": "csv"}),
    "pipeline:waiting": Row(given={"stage": "Demo", "ages": "0-7"}),
    "pipeline:waiting_file": Row(
        given={"stage": "Demo", "ages": "0-7", "slug": "deals", "kind": "csv"}
    ),
    "pipeline:what_if": Row(),
    "pipeline:what_if_file": Row(given={"slug": "what-if-changes", "kind": "csv"}),
    "pipeline:scenarios": Row({"POST": 422}),
    "pipeline:scenario": Row({"GET": 404, "POST": 400}, given={"scenario_id": "1"}),
    "pipeline:bridge": Row(),
    "pipeline:bridge_panel": Row(given={"slug": "bridge-quarter"}),
    "pipeline:bridge_file": Row(given={"slug": "bridge-quarter", "kind": "csv"}),
    "pipeline:step": Row(given={"scope": "all", "step": "created"}),
    "pipeline:widget": Row(given={"page": "forecast", "widget": "kpis"}),
    "pipeline:step_file": Row(
        given={"scope": "all", "step": "created", "slug": "deals", "kind": "csv"}
    ),
    "coaching:team": Row(),
    "coaching:team_panel": Row(given={"slug": "coaching-reps"}),
    "coaching:team_file": Row(given={"slug": "coaching-reps", "kind": "csv"}),
    "coaching:team_widget": Row(),
    "coaching:actions_widget": Row(),
    "coaching:actions": Row({"GET": 200, "POST": (403, 404)}),
    "coaching:actions_panel": Row(given={"slug": "coaching-actions"}),
    "coaching:actions_file": Row(given={"slug": "coaching-actions", "kind": "csv"}),
    "coaching:rep": Row(given={"rep_id": "a/b"}, people={"GET": 404}),
    "coaching:rep_file": Row(
        given={"rep_id": "a/b", "slug": "rep-drivers", "kind": "csv"}, people={"GET": 404}
    ),
    "coaching:rep_widget": Row(
        given={"rep_id": "a/b", "widget": "performance"}, people={"GET": 404}
    ),
    "coaching:mails": Row({"GET": 200, "POST": (400, 403)}),
    "coaching:mails_told": Row(),
    "coaching:mail": Row({"GET": 404, "POST": (400, 403)}, given={"mail_id": "1"}),
    "coaching:mail_stop": Row(
        {"GET": 404, "POST": 404}, {"GET": 404, "POST": 404}, {"token": "1:forged"}
    ),
    "coaching:day": Row({"GET": (200, 302)}),
    "coaching:day_panel": Row(given={"slug": "day-kpis"}, roles=frozenset({"rep"})),
    "coaching:day_file": Row(given={"slug": "day-kpis", "kind": "csv"}, roles=frozenset({"rep"})),
    "coaching:one_on_one": Row(
        {"GET": 404, "POST": 404}, given={"rep_id": "a/b"}, roles=frozenset({"manager", "rep"})
    ),
    "coaching:meeting": Row(
        {"GET": 404, "POST": 404},
        given={"rep_id": "a/b", "meeting_id": "1"},
        roles=frozenset({"manager", "rep"}),
    ),
    "coaching:commitment": Row(
        {"POST": 404}, given={"commitment_id": "1"}, roles=frozenset({"manager", "rep"})
    ),
    "coaching:insights": Row({"GET": 404, "POST": (403, 404)}, given={"rep_id": "a/b"}),
    "tasks:tasks": Row({"GET": 200, "POST": (403, 404)}),
    "tasks:task": Row({"POST": (403, 404)}, given={"task_id": "1"}),
    "revenue:dashboard": Row(),
    "revenue:dashboard_panel": Row(given={"slug": "mrr-waterfall"}),
    "revenue:dashboard_file": Row(given={"slug": "mrr-waterfall", "kind": "csv"}),
    "revenue:cohorts": Row(),
    "revenue:cohorts_panel": Row(given={"slug": "cohorts-net-month"}),
    "revenue:cohorts_file": Row(given={"slug": "cohorts-net-month", "kind": "csv"}),
    "revenue:cohorts_of": Row(given={"measure": "logo", "unit": "quarter"}),
    "revenue:cohorts_of_panel": Row(
        given={"measure": "logo", "unit": "quarter", "slug": "cohorts-logo-quarter"}
    ),
    "revenue:cohorts_of_file": Row(
        given={"measure": "gross", "unit": "month", "slug": "cohorts-gross-month", "kind": "csv"}
    ),
    "revenue:cohort": Row(given={"unit": "month", "code": "2025-01", "age": "3"}),
    "revenue:cohort_file": Row(
        given={
            "unit": "quarter",
            "code": "2025Q1",
            "age": "1",
            "slug": "cohort-customers",
            "kind": "csv",
        }
    ),
    "revenue:lifetimes": Row(),
    "revenue:lifetimes_panel": Row(given={"slug": "lifetimes"}),
    "revenue:lifetimes_file": Row(given={"slug": "lifetimes", "kind": "csv"}),
    "revenue:retention_by": Row(given={"by": "plan"}),
    "revenue:retention_by_panel": Row(given={"by": "plan", "slug": "churn-rates"}),
    "revenue:retention_by_file": Row(
        given={"by": "region", "slug": "retention-by-region", "kind": "csv"}
    ),
    "revenue:definitions": Row(),
    "revenue:definitions_panel": Row(given={"slug": "returns-in-nrr"}),
    "revenue:definitions_file": Row(given={"slug": "returns-in-nrr", "kind": "csv"}),
    "revenue:definitions_of": Row(given={"counting": "notice"}),
    "revenue:definitions_of_panel": Row(given={"counting": "notice", "slug": "known-to-leave"}),
    "revenue:definitions_of_file": Row(
        given={"counting": "notice", "slug": "known-to-leave", "kind": "csv"}
    ),
    "revenue:waterfall": Row(),
    "revenue:waterfall_panel": Row(given={"slug": "balance-by-month"}),
    "revenue:waterfall_file": Row(given={"slug": "balance-by-month", "kind": "csv"}),
    "revenue:waterfall_by": Row(given={"by": "quarter"}),
    "revenue:waterfall_by_panel": Row(given={"by": "customer", "slug": "balance-by-customer"}),
    "revenue:waterfall_by_file": Row(
        given={"by": "segment", "slug": "balance-by-segment", "kind": "csv"}
    ),
    "revenue:retention": Row(),
    "revenue:retention_panel": Row(given={"slug": "churn-rates"}),
    "revenue:retention_file": Row(given={"slug": "churn-rates", "kind": "csv"}),
    "revenue:churn": Row(),
    "revenue:churn_panel": Row(given={"slug": "churn-by-month"}),
    "revenue:churn_file": Row(given={"slug": "churn-by-month", "kind": "csv"}),
    "revenue:forecast": Row(),
    "revenue:forecast_panel": Row(given={"slug": "mrr-forecast"}),
    "revenue:forecast_file": Row(given={"slug": "mrr-forecast", "kind": "csv"}),
    "revenue:renewals": Row(),
    "revenue:renewals_panel": Row(given={"slug": "renewals-ahead"}),
    "revenue:renewals_file": Row(given={"slug": "renewals-ahead", "kind": "csv"}),
}
FOR_ADMINS_ALONE = ("admin:kernel_user_", "admin:kernel_auditevent_", "admin:kernel_workspace_")
UNNAMED = {"admin:<path:object_id>/", "admin:(?P<url>.*)$"}  # an old form of address; not found
NOTHING_THERE = {
    "insights:loop_file": {"slug": "no-such-panel", "kind": "csv"},
    "insights:attribution_file": {"slug": "attribution-models", "kind": "exe"},
    "insights:attribution_part": {"which": "nothing"},
    "insights:attribution_part_file": {
        "which": "journeys",
        "slug": "no-such-panel",
        "kind": "csv",
    },
    "insights:journey": {"deal_id": "no-such-deal"},
    "insights:journey_file": {
        "deal_id": "no-such-deal",
        "slug": "journey-touches",
        "kind": "csv",
    },
    "marketing:dashboard_panel": {"slug": "no-such-panel"},
    "marketing:dashboard_file": {"slug": "funnel", "kind": "exe"},
    "pipeline:dashboard_panel": {"slug": "no-such-panel"},
    "pipeline:dashboard_file": {"slug": "stage-distribution", "kind": "exe"},
    "pipeline:forecast_panel": {"slug": "no-such-panel"},
    "pipeline:health_panel": {"slug": "no-such-panel"},
    "pipeline:list": {"which": "no-such-list"},
    "pipeline:list_panel": {"which": "stuck", "slug": "no-such-panel"},
    "pipeline:velocity_panel": {"slug": "no-such-panel"},
    "pipeline:bridge_panel": {"slug": "no-such-panel"},
    "pipeline:what_if_file": {"slug": "what-if-changes", "kind": "exe"},
    "pipeline:waiting": {"stage": "Demo", "ages": "9-12"},
    "pipeline:step": {"scope": "all", "step": "no-such-step"},
    "pipeline:widget": {"page": "forecast", "widget": "no-such-widget"},
    "coaching:team_panel": {"slug": "no-such-panel"},
    "coaching:team_file": {"slug": "coaching-reps", "kind": "exe"},
    "coaching:actions_panel": {"slug": "no-such-panel"},
    "coaching:actions_file": {"slug": "coaching-actions", "kind": "exe"},
    "revenue:dashboard_panel": {"slug": "no-such-panel"},
    "revenue:dashboard_file": {"slug": "mrr-waterfall", "kind": "exe"},
    "revenue:cohorts_panel": {"slug": "no-such-panel"},
    "revenue:cohorts_of": {"measure": "love", "unit": "month"},
    "revenue:cohort": {"unit": "month", "code": "2025-13", "age": "3"},
    "revenue:waterfall_by": {"by": "moon"},
    "revenue:retention_by": {"by": "moon"},
    "revenue:definitions_of": {"counting": "sheep"},
    "revenue:retention_panel": {"slug": "no-such-panel"},
    "revenue:retention_file": {"slug": "churn-rates", "kind": "exe"},
    "revenue:churn_panel": {"slug": "no-such-panel"},
    "revenue:churn_file": {"slug": "churn-by-month", "kind": "exe"},
    "revenue:forecast_panel": {"slug": "no-such-panel"},
    "revenue:forecast_file": {"slug": "mrr-forecast", "kind": "exe"},
    "revenue:renewals_panel": {"slug": "no-such-panel"},
    "revenue:renewals_file": {"slug": "renewals-ahead", "kind": "exe"},
    "insights:cards": {"kind": "exe"},
    "insights:economics_panel": {"slug": "no-such-panel"},
    "insights:home_panel": {"slug": "no-such-panel"},
    "insights:home_file": {"slug": "changed", "kind": "exe"},
    "insights:changes_file": {"slug": "changes", "kind": "exe"},
    "insights:explain": {"slug": "no-such-number"},
    "insights:rows": {"slug": "marketing-spend", "kind": "exe"},
    "insights:why": {"slug": "no-such-number"},
    "insights:why_panel": {"slug": "marketing-spend", "panel_slug": "no-such-panel"},
    "insights:why_file": {"slug": "marketing-spend", "panel_slug": "steps", "kind": "exe"},
    "insights:check": {"slug": "no-such-check"},
    "insights:found": {"slug": "no-such-check"},
    "insights:dataset": {"name": "no-such-dataset"},
    "insights:contract": {"name": "no-such-dataset"},
    "insights:example": {"name": "no-such-dataset"},
    "insights:views": {"slug": "no-such-page"},
    "insights:source": {"name": "no-such-source"},
    "insights:source_state": {"name": "no-such-source"},
}


def patterns(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the product by its full name."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, f"{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name or one.pattern}", one


NAMES = dict(patterns(get_resolver()))
DESK = sorted(name for name in NAMES if name.startswith("admin:") and NAMES[name].name)


@pytest.fixture
def people(ana: User, bo: User, dee: User, vi: User, ad: User, cy: User) -> dict[str, User]:
    """One person a role; who is deactivated had been an admin until just now."""
    cy.role = "admin"
    cy.save()
    return {"deactivated": cy} | {person.role: person for person in (ana, bo, dee, vi, ad)}


def visit(role: str, people: dict[str, User]) -> Client:
    """A browser in which this role is signed in; the deactivated was, a moment ago."""
    client = Client()
    if role != "anonymous":
        client.force_login(people[role])
    if role == "deactivated":
        User.objects.filter(pk=people[role].pk).update(is_active=False)
    return client


def is_sent_to_login(answer: HttpResponseBase, hx: bool) -> bool:
    """Sent away as a whole page: HTMX by its header and without a fragment to swap in."""
    if not hx:
        return answer.status_code == 302 and answer["Location"].startswith(f"{LOGIN}?next=/")
    return answer.getvalue() == b"" and answer["HX-Redirect"].startswith(f"{LOGIN}?next=/")


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert set(NAMES) - set(DESK) - UNNAMED == set(ROWS)


def test_few_addresses_are_open_to_strangers() -> None:
    open_ = {name for name, row in ROWS.items() if row.strangers}
    assert open_ == {
        *("livez", "readyz", "health", "account_login", "account_logout"),
        *("account_reset_password", "account_reset_password_done"),
        *("account_reset_password_from_key", "account_reset_password_from_key_done"),
        *("openid_connect_login", "openid_connect_callback"),
        "mfa_authenticate",  # half way through a login
        "account_invitation",  # by the link in a mail
        "insights:hook",  # by a password of its own
        "insights:metrics",  # by a token: who has none is told so, and nothing else
        "coaching:mail_stop",  # by the link in a mail
    }


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ROWS)
def test_an_address_answers_each_role_as_declared(
    name: str, role: str, people: dict[str, User]
) -> None:
    row = ROWS[name]
    url = reverse(name, kwargs=dict(row.given))
    answers = row.answers(role)
    client = visit(role, people)
    for headers in ({}, HX):
        for method in METHODS:
            client = visit(role, people) if name == "account_logout" else client
            answer = client.generic(method, url, headers=headers)
            if answers is None and method != "TRACE":
                is_told = answer.status_code == 401 and url.startswith("/api/")
                assert is_told or is_sent_to_login(answer, bool(headers)), (method, headers)
                continue
            expected = (answers or {}).get(method, 405)
            allowed = expected if isinstance(expected, tuple) else (expected,)
            assert answer.status_code in allowed, (method, headers)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", DESK)
def test_the_desk_answers_whom_it_is_for(name: str, role: str, people: dict[str, User]) -> None:
    given = "kernel" if name == "admin:app_list" else "1"
    url = reverse(name, args=[given] * NAMES[name].pattern.regex.groups)
    client = visit(role, people)
    for method in METHODS:
        client = visit(role, people) if name == "admin:logout" else client
        answer = client.generic(method, url)
        if method == "TRACE":
            assert answer.status_code == 405
        elif role in STRANGERS or name == "admin:login":
            assert is_sent_to_login(answer, hx=False)
        elif method not in {"GET", "POST"}:
            assert answer.status_code == 405
        elif role not in {"revops", "admin"}:
            assert answer.status_code == 403
        elif role == "revops" and name.startswith(FOR_ADMINS_ALONE):
            assert answer.status_code == 403 or answer["Location"] == "/admin/"
        else:
            assert answer.status_code in {200, 302, 403, 404, 405}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", NOTHING_THERE)
def test_what_is_not_there_is_404_to_people_and_nothing_to_strangers(
    name: str, role: str, people: dict[str, User]
) -> None:
    answer = visit(role, people).get(reverse(name, kwargs=NOTHING_THERE[name]))
    closed = role in STRANGERS or role not in ROWS[name].roles
    assert answer.status_code == (404 if not closed else 302 if role in STRANGERS else 403)


@pytest.mark.parametrize(
    ("headers", "page"),
    [
        ({"HX-Target": "main"}, "/marketing/?period=90d"),
        ({"HX-Target": "panels"}, "/marketing/?period=90d"),
        (
            {"HX-Target": "panel-funnel", "HX-Current-URL": "http://testserver/glossary/"},
            "/glossary/",
        ),
        ({"HX-Target": "panel-funnel", "HX-Current-URL": "https://evil.example/"}, "/"),
        ({"HX-Target": "panel-funnel"}, "/"),
    ],
)
def test_an_expired_session_leads_back_to_the_page_that_was_open(
    headers: dict[str, str], page: str
) -> None:
    answer = Client().get("/marketing/?period=90d", headers={"HX-Request": "true", **headers})
    query = parse_qs(urlsplit(answer["HX-Redirect"]).query)
    assert query == {"next": [page]}


@pytest.mark.parametrize("method", METHODS[1:])
def test_nothing_is_written_without_the_forms_token(method: str, ad: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ad)
    for url in ("/accounts/theme/", "/accounts/logout/", "/admin/kernel/team/add/", "/marketing/"):
        assert client.generic(method, url).status_code in {403, 405}
