"""Accounts have notes, too, which are written in the app alone."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pipeline", "0022_readings_of_notes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccountNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_id", models.CharField(max_length=120, verbose_name="account")),
                ("body", models.TextField(verbose_name="text")),
                ("created_at", models.DateTimeField(verbose_name="written")),
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
                "verbose_name": "note on an account",
                "verbose_name_plural": "notes on accounts",
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["account_id", "-created_at"], name="pipeline_note_account")
                ],
            },
        ),
    ]
