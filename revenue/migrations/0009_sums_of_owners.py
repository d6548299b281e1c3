from django.db import migrations, models

MONEY = {"decimal_places": 12, "max_digits": 30}
# The sums are filled in by `manage.py rollup`.
OWNERS = """
    UPDATE revenue_movement AS movement SET owner_id = customer.owner_id
    FROM revenue_customer AS customer
    WHERE customer.customer_id = movement.customer_id AND customer.owner_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("revenue", "0008_cohorts_and_notice"),
    ]

    operations = [
        migrations.AddField(
            model_name="movement",
            name="owner_id",
            field=models.CharField(blank=True, max_length=120, verbose_name="owner"),
        ),
        migrations.RunSQL(OWNERS, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="revenuemonth",
            name="year_ago_left",
            field=models.DecimalField(default=0, **MONEY),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="revenuemonth",
            name="year_ago_still",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="OwnerMonth",
            fields=[
                ("month", models.DateField()),
                ("segment", models.CharField(blank=True, max_length=40)),
                ("plan", models.CharField(blank=True, max_length=80)),
                ("region", models.CharField(blank=True, max_length=80)),
                ("currency", models.CharField(max_length=3)),
                ("customers", models.BigIntegerField()),
                ("mrr", models.DecimalField(verbose_name="MRR", **MONEY)),
                ("starting_customers", models.BigIntegerField()),
                ("starting", models.DecimalField(**MONEY)),
                ("new_customers", models.BigIntegerField()),
                ("new", models.DecimalField(**MONEY)),
                ("expansion_customers", models.BigIntegerField()),
                ("expansion", models.DecimalField(**MONEY)),
                ("contraction_customers", models.BigIntegerField()),
                ("contraction", models.DecimalField(**MONEY)),
                ("churn_customers", models.BigIntegerField()),
                ("churn", models.DecimalField(**MONEY)),
                ("reactivation_customers", models.BigIntegerField()),
                ("reactivation", models.DecimalField(**MONEY)),
                ("year_ago_customers", models.BigIntegerField()),
                ("year_ago", models.DecimalField(**MONEY)),
                ("year_ago_now", models.DecimalField(**MONEY)),
                ("year_ago_kept", models.DecimalField(**MONEY)),
                ("year_ago_returned", models.DecimalField(**MONEY)),
                ("year_ago_returned_kept", models.DecimalField(**MONEY)),
                ("year_ago_left", models.DecimalField(**MONEY)),
                ("year_ago_still", models.BigIntegerField()),
                ("rows", models.BigIntegerField()),
                ("owner_id", models.CharField(blank=True, max_length=120, verbose_name="owner")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "month",
                        "owner_id",
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
            options={
                "verbose_name": "owner month",
            },
        ),
    ]
