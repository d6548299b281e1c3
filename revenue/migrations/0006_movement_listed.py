import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("revenue", "0005_months_and_leavers"),
    ]

    operations = [
        migrations.AddField(
            model_name="movement",
            name="listed",
            field=models.ForeignObject(
                editable=False,
                from_fields=["customer_id"],
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="revenue.customer",
                to_fields=["customer_id"],
            ),
        ),
    ]
