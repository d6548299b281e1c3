"""Of a server that fails it is known how long was waited for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0013_ranks_for_reps")]

    operations = [
        migrations.AddField(
            model_name="circuit",
            name="spent_seconds",
            field=models.FloatField(default=0),
        ),
    ]
