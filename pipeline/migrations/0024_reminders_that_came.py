"""Keeps of each reminder whether the mail server took it; those of before are taken to have come."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0023_notes_on_accounts")]
    operations = [
        migrations.AddField(
            model_name="task",
            name="reminder_came_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="reminder mailed"),
        ),
        migrations.RunSQL(
            "UPDATE pipeline_task SET reminder_came_at = reminded_at WHERE reminded_at IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    ]
