"""People give each other tasks on deals and accounts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pipeline", "0020_terms_of_pipelines"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("deal_id", models.CharField(blank=True, max_length=120, verbose_name="deal")),
                (
                    "account_id",
                    models.CharField(blank=True, max_length=120, verbose_name="account"),
                ),
                ("title", models.CharField(max_length=200)),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "High"), (2, "Normal"), (3, "Low")], default=2
                    ),
                ),
                ("due_date", models.DateField(blank=True, null=True, verbose_name="due")),
                ("remind_on", models.DateField(blank=True, null=True, verbose_name="reminder")),
                ("at", models.DateTimeField(editable=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                (
                    "reminded_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="reminded"),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "changed_by",
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
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at", None)),
                        fields=["assignee", "due_date"],
                        name="pipeline_task_open",
                    ),
                    models.Index(
                        condition=models.Q(("deal_id", ""), _negated=True),
                        fields=["deal_id"],
                        name="pipeline_task_deal",
                    ),
                    models.Index(
                        condition=models.Q(("account_id", ""), _negated=True),
                        fields=["account_id"],
                        name="pipeline_task_account",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("deal_id", ""), ("account_id", ""), _connector="XOR"),
                        name="pipeline_task_of_one",
                    )
                ],
            },
        ),
    ]
