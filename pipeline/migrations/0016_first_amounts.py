"""What deals were first worth; the roll-ups, summed anew, fill it in where changes are recorded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pipeline", "0015_forecast_calls")]

    operations = [
        migrations.AddField(
            model_name="deal",
            name="first_amount",
            field=models.DecimalField(
                blank=True, decimal_places=2, editable=False, max_digits=18, null=True
            ),
        ),
        migrations.AddField(
            model_name="deal",
            name="first_currency",
            field=models.CharField(blank=True, editable=False, max_length=3, null=True),
        ),
    ]
