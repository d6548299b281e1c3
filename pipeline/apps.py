"""Registers the pipeline app."""

from django.apps import AppConfig
from django.db.models.signals import post_save

from revops_site.kernel.signals import rates_changed


class PipelineConfig(AppConfig):
    """Deals: what is open, what was won, what was lost."""

    name = "pipeline"
    verbose_name = "Pipeline"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for other exchange rates and another calendar."""
        from pipeline import rollups
        from pipeline.actions import quotas

        rates_changed.connect(rollups.rerate)
        rates_changed.connect(rollups.mark_all)
        post_save.connect(rollups.rezone, sender="kernel.Workspace")
        post_save.connect(rollups.mark_all, sender="kernel.Workspace")
        post_save.connect(quotas.follow, sender="kernel.Workspace")
