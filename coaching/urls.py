"""Coaching's addresses."""

from django.urls import path

from coaching import views

app_name = "coaching"
urlpatterns = [
    path("", views.team, name="team"),
    path("panels/<slug:slug>/", views.team_panel, name="team_panel"),
    path("panels/<slug:slug>.<str:kind>", views.team_file, name="team_file"),
    path("team/performance.json", views.team_widget, name="team_widget"),
    path("reps/<path:rep_id>/panels/<slug:slug>.<str:kind>", views.rep_file, name="rep_file"),
    path("reps/<path:rep_id>/<slug:widget>.json", views.rep_widget, name="rep_widget"),
    path("reps/<path:rep_id>/", views.rep, name="rep"),
]
