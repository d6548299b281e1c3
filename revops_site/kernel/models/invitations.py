"""Who was asked to come in, and has not yet."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from revops_site.kernel.models.people import User


class Invitation(models.Model):
    """An account that somebody may make for themselves, once, until it expires or is withdrawn.

    Of the link that was mailed only the SHA-256 of its secret is kept.
    """

    email = models.EmailField()
    role = models.CharField(max_length=10, choices=User.Role)
    rep = models.ForeignKey(
        "kernel.Rep", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    team = models.ForeignKey(
        "kernel.Team", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"), condition=Q(ended_at=None), name="kernel_invitation_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.get_role_display()}"
