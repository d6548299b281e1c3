"""Drop what no query needs of the indexes of deals: each costs every load its part."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0007_undoing"),
        ("pipeline", "0007_change_of_deal"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="deal",
            name="pipeline_deal_account",
        ),
        migrations.AlterField(
            model_name="deal",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.rep",
            ),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("account__isnull", False)),
                fields=["account"],
                name="pipeline_deal_account",
            ),
        ),
    ]
