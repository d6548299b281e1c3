"""Coaching's addresses."""

from django.urls import path

from coaching.views import actions, dashboards, day, insights, mails, meetings
from revops_site.kernel import pages

app_name = "coaching"
urlpatterns = [
    *pages.addresses("", "team", dashboards.team, dashboards.team_panel, dashboards.team_file),
    path("team/performance.json", dashboards.team_widget, name="team_widget"),
    path("team/actions.json", actions.widget, name="actions_widget"),
    *pages.addresses("actions/", "actions", actions.actions, actions.panel, actions.file),
    *pages.addresses("day/", "day", day.day, day.panel, day.file),
    path("commitments/<int:commitment_id>/", meetings.commitment, name="commitment"),
    path("reps/<path:rep_id>/one-on-one/", meetings.current, name="one_on_one"),
    path("reps/<path:rep_id>/one-on-one/<int:meeting_id>/", meetings.meeting, name="meeting"),
    path("reps/<path:rep_id>/insights/", insights.insights, name="insights"),
    *pages.addresses("reps/<path:rep_id>/", "rep", dashboards.rep, file=dashboards.rep_file),
    path("reps/<path:rep_id>/<slug:widget>.json", dashboards.rep_widget, name="rep_widget"),
    path("mails/", mails.mails, name="mails"),
    path("mails/followups.json", mails.told, name="mails_told"),
    path("mails/stop/<str:token>/", mails.stop, name="mail_stop"),
    path("mails/<int:mail_id>/", mails.mail, name="mail"),
]
