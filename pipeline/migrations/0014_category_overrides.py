"""A deal's forecast category can be set by hand; what the file says is kept beside it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pipeline", "0013_scenarios"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="deal",
            name="file_category",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=40,
                verbose_name="forecast category",
            ),
        ),
        migrations.RunSQL(
            "UPDATE pipeline_deal SET file_category = forecast_category "
            "WHERE forecast_category <> ''",
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="CategoryOverride",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("deal_id", models.CharField(max_length=120, verbose_name="deal")),
                ("category", models.CharField(max_length=40)),
                ("file_category", models.CharField(blank=True, max_length=40)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("taken back", "Taken back"),
                            ("replaced", "Replaced"),
                            ("closed", "The deal closed"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "override of a category",
                "verbose_name_plural": "overrides of categories",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["deal_id"], name="pipeline_override_deal")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("deal_id",),
                        name="pipeline_override_one_of_deal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended", ""), ("ended_at", None)),
                            models.Q(
                                ("ended_at__isnull", False), models.Q(("ended", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="pipeline_override_ends_why",
                    ),
                ],
            },
        ),
    ]
