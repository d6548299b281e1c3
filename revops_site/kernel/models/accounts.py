"""Those one sells to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Collate, Lower

from revops_site.kernel.models.loads import Loaded


class Account(Loaded):
    """A company that might buy, or did; ``account_id`` is the key that all domains meet by."""

    account_id = models.CharField(max_length=120, primary_key=True)
    name = models.CharField(max_length=200)
    segment = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=80, blank=True)
    industry = models.CharField(max_length=120, blank=True)
    owner = models.ForeignKey(
        "kernel.Rep", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateField("created", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name", "account_id"]
        indexes: ClassVar = [
            models.Index(fields=["name"], name="kernel_account_name"),
            models.Index(Collate(Lower("name"), "C"), name="kernel_account_begins"),
        ]

    def __str__(self) -> str:
        return self.name
