"""Teams, those who sell in them, and those who may log in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from revops_site.kernel.models.loads import Loaded
from revops_site.kernel.people import Person


class Team(Loaded):
    """A manager's reps. A placeholder is known by name only: a rep's file named it."""

    name = models.CharField(max_length=120, unique=True)
    manager_name = models.CharField("manager", max_length=200, blank=True)
    region = models.CharField(max_length=80, blank=True)
    is_placeholder = models.BooleanField(
        "placeholder", default=False, db_default=False, editable=False
    )

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Rep(Loaded):
    """A person who owns deals; ``rep_id`` is the business key that files and CRMs use.

    A placeholder is known by name only: a deal named it before any file of reps did.
    """

    rep_id = models.CharField(max_length=120, primary_key=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="reps"
    )
    region = models.CharField(max_length=80, blank=True)
    start_date = models.DateField("started", null=True, blank=True)
    is_active = models.BooleanField("active", default=True)
    is_placeholder = models.BooleanField(
        "placeholder", default=False, db_default=False, editable=False
    )

    class Meta:
        ordering: ClassVar = ["name", "rep_id"]

    def __str__(self) -> str:
        return self.name


class User(Person):
    """Somebody who may log in; the role and the rep or team decide which rows are shown."""

    class Role(models.TextChoices):
        ADMIN = "admin", "Admin"
        REVOPS = "revops", "RevOps"
        MANAGER = "manager", "Manager"
        REP = "rep", "Rep"
        VIEWER = "viewer", "Viewer"

    class Theme(models.TextChoices):
        SYSTEM = "", "As the system"
        MIDNIGHT = "midnight", "Midnight Aurora"
        LUMA = "luma", "Luma Skyline"
        NEON = "neon", "Neon Pulse"

    role = models.CharField(max_length=10, choices=Role, default=Role.VIEWER)
    rep = models.OneToOneField(
        Rep,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="user",
        help_text="Whose rows this person owns (role rep).",
    )
    team = models.ForeignKey(
        Team,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="managers",
        help_text="Whose rows this person sees (role manager).",
    )
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.SYSTEM, blank=True)
    is_demo = models.BooleanField(
        default=False, editable=False, help_text="Can log in only while the demo runs."
    )

    class Meta(Person.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=["admin", "revops", "manager", "rep", "viewer"]),
                name="kernel_user_role",
            ),
            models.UniqueConstraint(
                Lower("username"),
                name="kernel_user_username",
                violation_error_message="A user with that username already exists.",
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="kernel_user_email",
                violation_error_message="A user with that e-mail address already exists.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username
