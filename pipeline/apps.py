"""Registers the pipeline app."""

from django.apps import AppConfig


class PipelineConfig(AppConfig):
    """Deals: what is open, what was won, what was lost."""

    name = "pipeline"
    verbose_name = "Pipeline"
    default_auto_field = "django.db.models.BigAutoField"
