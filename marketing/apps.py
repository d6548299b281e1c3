"""Registers the marketing app."""

from django.apps import AppConfig

from revops_site.kernel.signals import rates_changed


class MarketingConfig(AppConfig):
    """From money spent on a campaign to the customer it won."""

    name = "marketing"
    verbose_name = "Marketing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for other exchange rates."""
        from marketing import actions

        rates_changed.connect(actions.rerate)
