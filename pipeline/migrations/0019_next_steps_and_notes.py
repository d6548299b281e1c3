"""A deal's next step can be set by hand; notes written in the app know their authors."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pipeline", "0018_health_as_read"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="deal",
            name="file_next_activity_at",
            field=models.DateField(blank=True, null=True, verbose_name="next activity"),
        ),
        migrations.RunSQL(
            "UPDATE pipeline_deal SET file_next_activity_at = next_activity_at "
            "WHERE next_activity_at IS NOT NULL",
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="NextStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("deal_id", models.CharField(max_length=120, verbose_name="deal")),
                ("activity_id", models.CharField(max_length=120, verbose_name="activity")),
                ("type", models.CharField(max_length=7)),
                ("text", models.CharField(max_length=300)),
                ("due_date", models.DateField(verbose_name="due")),
                ("set_on", models.DateField()),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "Done"),
                            ("replaced", "Replaced"),
                            ("taken back", "Taken back"),
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
                "verbose_name": "next step",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["deal_id"], name="pipeline_step_deal")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("deal_id",),
                        name="pipeline_step_one_of_deal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended", ""), ("ended_at", None)),
                            models.Q(
                                ("ended_at__isnull", False), models.Q(("ended", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="pipeline_step_ends_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WrittenNote",
            fields=[
                (
                    "note_id",
                    models.CharField(
                        max_length=120, primary_key=True, serialize=False, verbose_name="note"
                    ),
                ),
                ("deal_id", models.CharField(max_length=120, verbose_name="deal")),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField(null=True)),
                ("is_pinned", models.BooleanField(default=False, verbose_name="pinned")),
                (
                    "review_on",
                    models.DateField(blank=True, null=True, verbose_name="to be reviewed on"),
                ),
                (
                    "author",
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
                "ordering": ["note_id"],
                "indexes": [models.Index(fields=["deal_id"], name="pipeline_written_deal")],
            },
        ),
    ]
