"""Coaching's addresses."""

from django.urls import path

from coaching.views import actions, dashboards, day, insights, mails, meetings

app_name = "coaching"
urlpatterns = [
    path("", dashboards.team, name="team"),
    path("panels/<slug:slug>/", dashboards.team_panel, name="team_panel"),
    path("panels/<slug:slug>.<str:kind>", dashboards.team_file, name="team_file"),
    path("team/performance.json", dashboards.team_widget, name="team_widget"),
    path("team/actions.json", actions.widget, name="actions_widget"),
    path("actions/", actions.actions, name="actions"),
    path("actions/panels/<slug:slug>/", actions.panel, name="actions_panel"),
    path("actions/panels/<slug:slug>.<str:kind>", actions.file, name="actions_file"),
    path("reps/<path:rep_id>/panels/<slug:slug>.<str:kind>", dashboards.rep_file, name="rep_file"),
    path("reps/<path:rep_id>/<slug:widget>.json", dashboards.rep_widget, name="rep_widget"),
    path("day/", day.day, name="day"),
    path("day/panels/<slug:slug>/", day.panel, name="day_panel"),
    path("day/panels/<slug:slug>.<str:kind>", day.file, name="day_file"),
    path("commitments/<int:commitment_id>/", meetings.commitment, name="commitment"),
    path("reps/<path:rep_id>/one-on-one/", meetings.current, name="one_on_one"),
    path("reps/<path:rep_id>/one-on-one/<int:meeting_id>/", meetings.meeting, name="meeting"),
    path("reps/<path:rep_id>/insights/", insights.insights, name="insights"),
    path("reps/<path:rep_id>/", dashboards.rep, name="rep"),
    path("mails/", mails.mails, name="mails"),
    path("mails/followups.json", mails.told, name="mails_told"),
    path("mails/stop/<str:token>/", mails.stop, name="mail_stop"),
    path("mails/<int:mail_id>/", mails.mail, name="mail"),
]
