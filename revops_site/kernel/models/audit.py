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
            models.Index(fields=["at"], name="kernel_audit_at"),
            models.Index(fields=["user", "-id"], name="kernel_audit_user"),
            models.Index(
                fields=["target"], name="kernel_audit_target", opclasses=["varchar_pattern_ops"]
            ),
            models.Index(
                fields=["request_id"],
                name="kernel_audit_request",
                opclasses=["varchar_pattern_ops"],
            ),
            models.Index(
                fields=["at"], condition=Q(action="login failed"), name="kernel_audit_failed_login"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.target}".strip()


class AuditSeal(models.Model):
    """A link of the chain over the audit log: what a row said, and all that was sealed before it.

    Links are added by the sealer, in the order in which rows were seen, and never changed. They
    outlive the rows that retention forgets, and hold no words of them.
    """

    number = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    person = models.BigIntegerField(null=True, help_text="The account's number, which stays.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of what the row said.")
    chain = models.CharField(max_length=64, help_text="HMAC over this link and the one before.")
    key = models.CharField(max_length=8, help_text="Which of the sealing keys made it.")

    class Meta:
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.chain[:12]}…"
