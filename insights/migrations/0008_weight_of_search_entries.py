"""What has the same words is found in the order of its weight; all words are kept anew for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("insights", "0007_search_and_the_day"),
    ]

    operations = [
        migrations.AddField(
            model_name="searchentry",
            name="weight",
            field=models.FloatField(db_default=0, default=0),
        ),
        migrations.RunSQL("DELETE FROM insights_searchstate", migrations.RunSQL.noop),
    ]
