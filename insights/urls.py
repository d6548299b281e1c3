"""The addresses that belong to no single domain."""

from django.urls import path

from insights.views import cards, data, drill, explain, overview, shell, start, sync, upload

app_name = "insights"
urlpatterns = [
    path("", overview.overview, name="home"),
    path("panels/<slug:slug>/", overview.panel, name="panel"),
    path("panels/<slug:slug>.<str:kind>", overview.export, name="export"),
    path("changes/", overview.changes, name="changes"),
    path("changes/panels/<slug:slug>.<str:kind>", overview.all_changes, name="all_changes"),
    path(
        "marketing/channels/<path:name>/panels/<slug:slug>.<str:kind>",
        drill.channel_file,
        name="channel_file",
    ),
    path("marketing/channels/<path:name>/", drill.channel, name="channel"),
    path(
        "segments/<path:code>/panels/<slug:slug>.<str:kind>",
        drill.segment_file,
        name="segment_file",
    ),
    path("segments/<path:code>/", drill.segment, name="segment"),
    path("reps/<path:rep_id>/panels/<slug:slug>.<str:kind>", drill.rep_file, name="rep_file"),
    path("reps/<path:rep_id>/", drill.rep, name="rep"),
    path(
        "accounts/<path:account_id>/panels/<slug:slug>.<str:kind>",
        drill.account_file,
        name="account_file",
    ),
    path("accounts/<path:account_id>/", drill.account, name="account"),
    path("palette/", shell.palette, name="palette"),
    path("pulse/", shell.pulse, name="pulse"),
    path("sync/", sync.sync, name="sync"),
    path("sync/state/", sync.state, name="sync_state"),
    path("api/sync/status", sync.status, name="sync_status"),
    path("api/sync/trigger", sync.trigger, name="sync_trigger"),
    path("api/sync/trigger/<slug:entity>", sync.trigger, name="sync_trigger_one"),
    path("views/<slug:slug>/", shell.views, name="views"),
    path("views/<slug:slug>/<int:view_id>/", shell.view, name="view"),
    path("glossary/", start.glossary, name="glossary"),
    path("explain/<slug:slug>/", explain.explanation, name="explain"),
    path("explain/<slug:slug>/panels/rows.<str:kind>", explain.rows, name="rows"),
    path("insights/", cards.insights, name="insights"),
    path("insights/panels/cards.<str:kind>", cards.export, name="cards"),
    path("data/", data.data, name="data"),
    path("data/loads/<int:load_id>/", data.load, name="load"),
    path("data/loads/<int:load_id>/refused.<str:kind>", data.refused, name="refused"),
    path("data/quality/<slug:slug>/", data.check, name="check"),
    path("data/quality/<slug:slug>.csv", data.found, name="found"),
    path("data/upload/", upload.uploads, name="uploads"),
    path("data/upload/<int:upload_id>/", upload.upload, name="upload"),
    path("data/upload/<int:upload_id>/state/", upload.state, name="upload_state"),
    path("data/upload/<int:upload_id>/refused.csv", upload.refused, name="upload_refused"),
    path("data/contracts/<slug:name>/", upload.contract, name="contract"),
    path("data/contracts/<slug:name>.csv", upload.example, name="example"),
    path("data/datasets/<slug:name>/", data.dataset, name="dataset"),
]
