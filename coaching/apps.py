"""Registers the coaching app."""

from django.apps import AppConfig


class CoachingConfig(AppConfig):
    """Each rep's work beside that of team and top performers."""

    name = "coaching"
    verbose_name = "Coaching"
    default_auto_field = "django.db.models.BigAutoField"
