"""Registers the revenue app."""

from django.apps import AppConfig


class RevenueConfig(AppConfig):
    """Customers: what they pay each month, who grows, who leaves."""

    name = "revenue"
    verbose_name = "Revenue"
    default_auto_field = "django.db.models.BigAutoField"
