"""What reps and managers say that quarters will bring, kept as it was said."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import revops_site.kernel.clock


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0008_sheets_of_loads"),
        ("pipeline", "0014_category_overrides"),
    ]

    operations = [
        migrations.CreateModel(
            name="ForecastCall",
            fields=[
                (
                    "row_created_at",
                    models.DateTimeField(
                        default=revops_site.kernel.clock.now,
                        editable=False,
                        verbose_name="first loaded",
                    ),
                ),
                (
                    "row_updated_at",
                    models.DateTimeField(
                        default=revops_site.kernel.clock.now,
                        editable=False,
                        verbose_name="last changed",
                    ),
                ),
                ("key", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("quarter", models.CharField(max_length=20)),
                ("day", models.DateField()),
                ("submitted_at", models.DateTimeField(verbose_name="submitted")),
                ("submitted_by", models.CharField(blank=True, max_length=200)),
                (
                    "commit_amount",
                    models.DecimalField(decimal_places=2, max_digits=18, verbose_name="commit"),
                ),
                (
                    "best_case_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=18,
                        null=True,
                        verbose_name="best case",
                    ),
                ),
                (
                    "forecast_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=18,
                        null=True,
                        verbose_name="forecast then",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "An ISO 4217 code: three capital letters."
                            )
                        ],
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "load",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.dataload",
                        verbose_name="source load",
                    ),
                ),
                (
                    "rep",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.rep",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.team",
                    ),
                ),
            ],
            options={
                "verbose_name": "forecast call",
                "ordering": ["-submitted_at", "key"],
                "indexes": [models.Index(fields=["quarter", "day"], name="pipeline_call_quarter")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rep__isnull", True), ("team__isnull", True), _connector="XOR"
                        ),
                        name="pipeline_call_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("commit_amount__gte", 0)),
                        name="pipeline_call_not_negative",
                    ),
                ],
            },
        ),
    ]
