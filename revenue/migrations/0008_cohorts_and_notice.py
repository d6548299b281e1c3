from django.db import migrations, models

MONEY = {"decimal_places": 12, "max_digits": 30}
# The sums of months and cohorts are filled in by `manage.py rollup`.
COHORTS = """
    UPDATE revenue_movement AS movement SET cohort = known.first
    FROM (
        SELECT customer_id, min(month) AS first FROM revenue_movement
        WHERE mrr > 0 GROUP BY customer_id
    ) AS known
    WHERE known.customer_id = movement.customer_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("revenue", "0007_customer_health_and_forecast_trials"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="notice_date",
            field=models.DateField(blank=True, null=True, verbose_name="notice"),
        ),
        migrations.AddField(
            model_name="movement",
            name="cohort",
            field=models.DateField(default="1900-01-01"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="movement",
            name="returned",
            field=models.BooleanField(default=False),
            preserve_default=False,
        ),
        migrations.RunSQL(COHORTS, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="movement",
            index=models.Index(fields=["cohort", "month"], name="revenue_movement_cohort"),
        ),
        migrations.AddField(
            model_name="revenuemonth",
            name="year_ago_returned",
            field=models.DecimalField(default=0, **MONEY),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="revenuemonth",
            name="year_ago_returned_kept",
            field=models.DecimalField(default=0, **MONEY),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="CohortMonth",
            fields=[
                ("cohort", models.DateField()),
                ("month", models.DateField()),
                ("segment", models.CharField(blank=True, max_length=40)),
                ("plan", models.CharField(blank=True, max_length=80)),
                ("region", models.CharField(blank=True, max_length=80)),
                ("currency", models.CharField(max_length=3)),
                ("customers", models.BigIntegerField()),
                ("mrr", models.DecimalField(verbose_name="MRR", **MONEY)),
                ("kept", models.DecimalField(**MONEY)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "cohort",
                        "month",
                        "segment",
                        "plan",
                        "region",
                        "currency",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={"verbose_name": "cohort month"},
        ),
    ]
