"""What programs sign in with."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class ApiToken(models.Model):
    """A program's way in as the person who made it, until it expires or is ended.

    Of the token itself only the SHA-256 is kept, and what it ``begins`` with, to be told apart by.
    """

    class Scope(models.TextChoices):
        READ = "read", "Read"
        WRITE = "write", "Read and change"

    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    begins = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.READ)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["user", "-id"], name="kernel_token_user")]

    def __str__(self) -> str:
        return f"{self.name} ({self.begins}…)"
