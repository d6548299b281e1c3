"""Registers the insights app."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    """The index of the house: the only place where all domains meet."""

    name = "insights"
    verbose_name = "Insights"
    default_auto_field = "django.db.models.BigAutoField"
