from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0012_model_that_reads_notes"),
    ]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="shows_ranks_to_reps",
            field=models.BooleanField(
                default=False,
                help_text="A rep sees the own figures and the own rank alone. Where this is on, reps also see the names and ranks of their team, and no figures of anybody else.",
                verbose_name="reps see where their team stands",
            ),
        ),
    ]
