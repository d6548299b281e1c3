"""The nouns that every domain points at: the workspace, its people, its yardsticks, its loads."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from revops_site.kernel.people import Person

CURRENCY_CODE = RegexValidator(r"^[A-Z]{3}$", "An ISO 4217 code: three capital letters.")


def currency_field(**options: Any) -> models.CharField[str, str]:
    """An ISO 4217 code."""
    return models.CharField(max_length=3, validators=[CURRENCY_CODE], **options)


class Loaded(models.Model):
    """What every row that came through a load carries: when it came, when it changed, from where.

    ``load`` is no foreign key of the database: to check it for every row, at the commit, would
    cost a load a fifth of its time, and loads are never deleted.
    """

    row_created_at = models.DateTimeField("first loaded", editable=False)
    row_updated_at = models.DateTimeField("last changed", editable=False)
    load = models.ForeignKey(
        "kernel.DataLoad",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        editable=False,
        verbose_name="source load",
    )

    class Meta:
        abstract = True


class Workspace(models.Model):
    """The one company of this installation: its calendar, its currency, its thresholds.

    ``generation`` grows by one with each load, edit and sync; whatever was computed from older
    data is thereby out of date.
    """

    name = models.CharField(max_length=120, default="RevOps Control Center")
    time_zone = models.CharField(max_length=64, default="UTC")
    fiscal_year_start_month = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    reporting_currency = currency_field(default="USD")
    stale_after_days = models.PositiveSmallIntegerField(
        default=7, help_text="Data older than this many days is shown as stale."
    )
    generation = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name_plural = "workspace"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="kernel_one_workspace"),
            models.CheckConstraint(
                condition=Q(fiscal_year_start_month__range=(1, 12)),
                name="kernel_workspace_fiscal_month",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A manager's reps."""

    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Rep(models.Model):
    """A person who owns deals; ``rep_id`` is the business key that files and CRMs use."""

    rep_id = models.CharField(max_length=120, primary_key=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="reps"
    )
    region = models.CharField(max_length=80, blank=True)
    is_active = models.BooleanField(default=True)

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


class Benchmark(Loaded):
    """A target or range that a measure is held against, per category and subcategory.

    ``step`` numbers the rows that share metric type, category and subcategory, in file order:
    the stage conversions of the canonical file are told apart by nothing else.
    """

    benchmark_id = models.CharField(max_length=60, primary_key=True)
    metric_type = models.CharField(max_length=60)
    category = models.CharField(max_length=120)
    subcategory = models.CharField(max_length=120, blank=True)
    step = models.PositiveSmallIntegerField(default=1)
    target_value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    min_value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    max_value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    unit = models.CharField(max_length=30, blank=True)
    description = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["metric_type", "benchmark_id"]
        indexes: ClassVar = [models.Index(fields=["metric_type"], name="kernel_benchmark_type")]

    def __str__(self) -> str:
        return f"{self.metric_type}: {self.category} {self.subcategory}".strip()


class FxRate(models.Model):
    """What one unit of ``from_currency`` cost in ``to_currency`` on a day."""

    date = models.DateField()
    from_currency = currency_field()
    to_currency = currency_field()
    rate = models.DecimalField(max_digits=30, decimal_places=18)

    class Meta:
        verbose_name = "exchange rate"
        ordering: ClassVar = ["-date", "from_currency", "to_currency"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["from_currency", "to_currency", "date"], name="kernel_fxrate_key"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="kernel_fxrate_positive"),
        ]

    def __str__(self) -> str:
        return f"1 {self.from_currency} = {self.rate} {self.to_currency} on {self.date}"


class DataLoad(models.Model):
    """One file of one run: what came in, what was refused, what changed."""

    class Status(models.TextChoices):
        LOADED = "loaded", "Loaded"
        UNCHANGED = "unchanged", "Already loaded"
        REFUSED = "refused", "Refused"

    dataset = models.CharField(max_length=60)
    run = models.UUIDField(help_text="Files of one run were loaded in one transaction.")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=10, choices=Status)
    message = models.TextField(blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    rows = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    inserted = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    warnings = models.JSONField(default=dict, help_text="Kind of warning → number of rows.")
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    loaded_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["dataset", "-id"], name="kernel_dataload_newest")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(rows=models.F("accepted") + models.F("refused")),
                name="kernel_dataload_every_row_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dataset} from {self.file_name} ({self.get_status_display()})"


class RejectedRow(models.Model):
    """A data row that was refused: where it stood, what it held, why it was refused."""

    load = models.ForeignKey(DataLoad, on_delete=models.CASCADE, related_name="rejected_rows")
    line = models.BigIntegerField()
    column = models.CharField(max_length=80, blank=True)
    value = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300)

    class Meta:
        verbose_name = "refused row"
        ordering: ClassVar = ["load", "line", "id"]

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


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
