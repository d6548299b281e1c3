"""The addresses that belong to no single domain."""

from django.urls import path

from insights.views import (
    alerts,
    annotations,
    ask,
    attribution,
    boards,
    campaigns,
    cards,
    connecting,
    data,
    drill,
    economics,
    explain,
    leads,
    loop,
    overview,
    reports,
    shell,
    start,
    subscriptions,
    sync,
    today,
    unusual,
    upload,
    why,
)
from revops_site.kernel import pages

app_name = "insights"
urlpatterns = [
    *pages.addresses("", "home", overview.overview, overview.panel, overview.export),
    *pages.addresses("changes/", "changes", overview.changes, file=overview.all_changes),
    *pages.addresses(
        "marketing/channels/<path:name>/", "channel", drill.channel, file=drill.channel_file
    ),
    *pages.addresses(
        "marketing/saturation/",
        "saturation",
        campaigns.saturation,
        campaigns.saturation_panel,
        campaigns.saturation_file,
    ),
    *pages.addresses(
        "marketing/cohorts/", "cohorts", leads.cohorts, leads.cohorts_panel, leads.cohorts_file
    ),
    *pages.addresses(
        "insights/lead-to-cash/",
        "lead_to_cash",
        leads.lead_to_cash,
        leads.cash_panel,
        leads.cash_file,
    ),
    *pages.addresses(
        "marketing/campaigns/", "campaigns", campaigns.campaigns, campaigns.panel, campaigns.export
    ),
    *pages.addresses(
        "marketing/campaigns/<path:name>/",
        "campaign",
        campaigns.campaign,
        file=campaigns.campaign_file,
    ),
    *pages.addresses("marketing/closed-loop/", "loop", loop.loop, file=loop.file),
    *pages.addresses(
        "marketing/attribution/", "attribution", attribution.attribution, file=attribution.file
    ),
    *pages.addresses(
        "marketing/attribution/deals/<path:deal_id>/",
        "journey",
        attribution.journey,
        file=attribution.journey_file,
    ),
    *pages.addresses(
        "marketing/attribution/<slug:which>/",
        "attribution_part",
        attribution.attribution,
        file=attribution.file,
    ),
    *pages.addresses(
        "revenue/unit-economics/",
        "economics",
        economics.economics,
        economics.panel,
        economics.export,
    ),
    *pages.addresses("segments/<path:code>/", "segment", drill.segment, file=drill.segment_file),
    *pages.addresses("reps/<path:rep_id>/", "rep", drill.rep, file=drill.rep_file),
    *pages.addresses(
        "accounts/<path:account_id>/", "account", drill.account, file=drill.account_file
    ),
    *pages.addresses(
        "customers/<path:customer_id>/", "customer", drill.customer, file=drill.customer_file
    ),
    path("ask/model/", ask.model, name="ask_model"),
    path("ask/suggestions/", ask.suggestions, name="ask_suggestions"),
    *pages.addresses("ask/", "ask", ask.ask, ask.panel, ask.file),
    path("palette/", shell.palette, name="palette"),
    path("today/", today.today, name="today"),
    path("pulse/", shell.pulse, name="pulse"),
    path("sync/", sync.sync, name="sync"),
    path("sync/state/", sync.state, name="sync_state"),
    path("views/<slug:slug>/", shell.views, name="views"),
    path("views/<slug:slug>/<int:view_id>/", shell.view, name="view"),
    path("glossary/", start.glossary, name="glossary"),
    path("glossary/<slug:slug>/", start.definition, name="definition"),
    path("explain/<slug:slug>/", explain.explanation, name="explain"),
    path("explain/<slug:slug>/panels/rows.<str:kind>", explain.rows, name="rows"),
    path(
        "explain/<slug:slug>/deals/<path:deal_id>/panels/rows.<str:kind>",
        explain.deal_rows,
        name="deal_rows",
    ),
    path("explain/<slug:slug>/deals/<path:deal_id>/", explain.deal, name="explain_deal"),
    path("why/<slug:slug>/", why.change, name="why"),
    path("why/<slug:slug>/panels/<slug:panel_slug>/", why.panel, name="why_panel"),
    path("why/<slug:slug>/panels/<slug:panel_slug>.<str:kind>", why.file, name="why_file"),
    path("reports/", reports.reports, name="reports"),
    path("reports/files/new/", reports.new_file, name="new_file"),
    path("reports/files/news/", reports.news, name="file_news"),
    path("reports/files/<int:file_id>/", reports.file, name="file"),
    path("reports/files/<int:file_id>/state/", reports.file_state, name="file_state"),
    path("reports/files/<int:file_id>/file", reports.file_bytes, name="file_bytes"),
    path("reports/files/<int:file_id>/pages/<int:number>.png", reports.file_page, name="file_page"),
    path("reports/subscriptions/", subscriptions.subscribe, name="subscribe"),
    path("reports/subscriptions/<int:subscription_id>/", subscriptions.change, name="subscription"),
    path("reports/<slug:slug>/", reports.report, name="report"),
    path("insights/", cards.insights, name="insights"),
    *pages.addresses(
        "insights/anomalies/", "anomalies", unusual.anomalies, unusual.panel, unusual.file
    ),
    path("insights/panels/cards.<str:kind>", cards.export, name="cards"),
    path("insights/answer/", cards.answer, name="answer"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/new/", alerts.new, name="new_alert"),
    path("alerts/<int:alert_id>/", alerts.alert, name="alert"),
    path("alerts/told/<int:firing_id>/", alerts.firing, name="firing"),
    path("annotations/", annotations.listed, name="annotations"),
    path("annotations/new/", annotations.new, name="new_annotation"),
    path("annotations/<int:annotation_id>/", annotations.annotation, name="annotation"),
    path("boards/", boards.boards, name="boards"),
    path("boards/add/", boards.add, name="add_to_board"),
    path("boards/<int:board_id>/edit/", boards.edit, name="edit_board"),
    path("boards/<int:board_id>/copy/", boards.copy, name="copy_board"),
    *pages.addresses("boards/<int:board_id>/", "board", boards.board, boards.panel, boards.file),
    path("data/", data.data, name="data"),
    path("data/loads/<int:load_id>/", data.load, name="load"),
    path("data/loads/<int:load_id>/refused.<str:kind>", data.refused, name="refused"),
    path("data/mail/<slug:name>/", data.mail, name="mail"),
    path("data/quality/<slug:slug>/", data.check, name="check"),
    path("data/quality/<slug:slug>.csv", data.found, name="found"),
    path("data/sources/<slug:name>/", connecting.source, name="source"),
    path("data/sources/<slug:name>/state/", connecting.state, name="source_state"),
    path("hooks/<slug:name>/", connecting.hook, name="hook"),
    path("data/upload/", upload.uploads, name="uploads"),
    path("data/upload/<int:upload_id>/", upload.upload, name="upload"),
    path("data/upload/<int:upload_id>/state/", upload.state, name="upload_state"),
    path("data/upload/<int:upload_id>/refused.csv", upload.refused, name="upload_refused"),
    path("data/contracts/<slug:name>/", upload.contract, name="contract"),
    path("data/contracts/<slug:name>.csv", upload.example, name="example"),
    path("data/datasets/<slug:name>/", data.dataset, name="dataset"),
]
