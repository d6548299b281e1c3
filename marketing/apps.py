"""Registers the marketing app."""

from django.apps import AppConfig


class MarketingConfig(AppConfig):
    """From money spent on a campaign to the customer it won."""

    name = "marketing"
    verbose_name = "Marketing"
    default_auto_field = "django.db.models.BigAutoField"
