"""Who did what."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class AuditEvent(models.Model):
    """Who did what, when, from where; rows are added and never changed."""

    LOGIN_FAILED = "login failed"

    at = models.DateTimeField()
    user = models.ForeignKey("kernel.User", null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["action", "-id"], name="kernel_audit_action"),
            models.Index(
                fields=["at"], condition=Q(action="login failed"), name="kernel_audit_failed_login"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.target}".strip()
