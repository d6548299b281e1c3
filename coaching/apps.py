"""Registers the coaching app."""

from django.apps import AppConfig

from revops_site.kernel.signals import restored


class CoachingConfig(AppConfig):
    """Each rep's work beside that of team and top performers."""

    name = "coaching"
    verbose_name = "Coaching"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen for a backup that was put back: its mails may have gone out since."""
        from coaching.actions import held

        restored.connect(held.hold)
