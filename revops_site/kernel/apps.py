"""Registers the kernel as a small Django app of its own."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Label ``kernel``: the nouns that every domain points at."""

    name = "revops_site.kernel"
    label = "kernel"
    verbose_name = "Workspace"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks, and listen to logins and password changes for the audit log."""
        from revops_site.kernel import audit, checks  # noqa: F401
