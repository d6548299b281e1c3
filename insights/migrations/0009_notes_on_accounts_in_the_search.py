"""Notes on accounts are searched as those on deals are."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0008_weight_of_search_entries"),
    ]

    operations = [
        migrations.AlterField(
            model_name="searchentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("deal", "Deal"),
                    ("account", "Account"),
                    ("contact", "Contact"),
                    ("note", "Note"),
                    ("account note", "Note on an account"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector("words", config="simple"),
                models.F("owners"),
                condition=models.Q(("kind", "account note")),
                name="insights_search_remark",
            ),
        ),
    ]
