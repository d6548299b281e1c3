"""Registers the revenue app."""

from django.apps import AppConfig

from revops_site.kernel.signals import rates_changed


class RevenueConfig(AppConfig):
    """Customers: what they pay each month, who grows, who leaves."""

    name = "revenue"
    verbose_name = "Revenue"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for other exchange rates."""
        from revenue import rollups

        rates_changed.connect(rollups.rerate)
