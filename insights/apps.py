"""Registers the insights app."""

from django.apps import AppConfig
from django.db.models.signals import post_save

from revops_site.kernel.signals import rates_changed, restored, rows_changed


class InsightsConfig(AppConfig):
    """The index of the house: the only place where all domains meet."""

    name = "insights"
    verbose_name = "Insights"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for what becomes of deals and their touches, and for other terms and rates.

        And for a backup that was put back: its mails may have gone out since.
        """
        from insights import rollups
        from insights.actions import held

        rows_changed.connect(rollups.follow)
        rates_changed.connect(rollups.rerate)
        post_save.connect(rollups.mark_all, sender="kernel.Workspace")
        restored.connect(held.hold)
