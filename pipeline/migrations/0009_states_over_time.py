"""How deals stood on past days: a table of their pasts, and a view of all their states."""

import django.core.validators
from django.db import migrations, models

FUNCTIONS = """
CREATE FUNCTION pipeline_day(told text) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN told !~ '^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])' THEN NULL
        WHEN to_char(
            make_date(left(told, 4)::int, substr(told, 6, 2)::int, 1) + substr(told, 9, 2)::int - 1,
            'YYYY-MM-DD'
        ) = left(told, 10) THEN
            make_date(left(told, 4)::int, substr(told, 6, 2)::int, 1) + substr(told, 9, 2)::int - 1
    END
$$;
COMMENT ON FUNCTION pipeline_day(text) IS 'The day that a text begins with; null where it is none.';

CREATE FUNCTION pipeline_number(told text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN told ~ '^-?[0-9]{1,15}([.][0-9]{1,30})?$' THEN CAST(told AS numeric)
    END
$$;
COMMENT ON FUNCTION pipeline_number(text) IS 'The number that a text is; null where it is none.';

CREATE FUNCTION pipeline_second(before anyelement, next anyelement) RETURNS anyelement
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT $2';

CREATE AGGREGATE pipeline_latest(anyelement) (SFUNC = pipeline_second, STYPE = anyelement);
COMMENT ON AGGREGATE pipeline_latest(anyelement) IS
'The last value that is not null, in the order of its window.';
"""
DROP_FUNCTIONS = """
DROP AGGREGATE pipeline_latest(anyelement);
DROP FUNCTION pipeline_second(anyelement, anyelement);
DROP FUNCTION pipeline_number(text);
DROP FUNCTION pipeline_day(text);
"""
# Each status is a part of its own, so that whoever asks for one reads its part alone.
VIEW = """
CREATE VIEW pipeline_deal_state AS
SELECT
    past.deal_id, deal.account_id, deal.account_name, deal.opportunity_name, past.owner_id,
    deal.manager_name, past.region, past.segment, past.source_channel, past.pipeline_id,
    past.stage_name, past.amount, past.currency, past.created_at, past.close_date, past.closed_at,
    past.status, past.lost_reason, past.probability, past.forecast_category,
    past.last_stage_change, past.discount_pct, past.has_champion, past.has_economic_buyer,
    past.valid_from, past.valid_to
FROM pipeline_dealpast AS past LEFT JOIN pipeline_deal AS deal ON deal.deal_id = past.deal_id
UNION ALL
SELECT
    deal_id, account_id, account_name, opportunity_name, owner_id,
    manager_name, region, segment, source_channel, pipeline_id,
    stage_name, amount, currency, created_at, close_date, NULL::date,
    'open'::varchar, ''::varchar, probability, forecast_category,
    last_stage_change, discount_pct, has_champion, has_economic_buyer,
    COALESCE(state_since, created_at), NULL::date
FROM pipeline_deal
WHERE status = 'open' AND NOT is_deleted
UNION ALL
SELECT
    deal_id, account_id, account_name, opportunity_name, owner_id,
    manager_name, region, segment, source_channel, pipeline_id,
    stage_name, amount, currency, created_at, close_date, closed_at,
    status, CASE WHEN status = 'lost' THEN lost_reason ELSE '' END::varchar,
    probability, forecast_category,
    last_stage_change, discount_pct, has_champion, has_economic_buyer,
    COALESCE(state_since, closed_at), NULL::date
FROM pipeline_deal
WHERE status <> 'open' AND NOT is_deleted
UNION ALL
SELECT
    deal_id, account_id, account_name, opportunity_name, owner_id,
    manager_name, region, segment, source_channel, pipeline_id,
    stage_name, amount, currency, created_at, close_date, NULL::date,
    'deleted'::varchar, ''::varchar, probability, forecast_category,
    last_stage_change, discount_pct, has_champion, has_economic_buyer,
    COALESCE(state_since, created_at), NULL::date
FROM pipeline_deal
WHERE is_deleted
UNION ALL
SELECT
    deal_id, account_id, account_name, opportunity_name, owner_id,
    manager_name, region, segment, source_channel, pipeline_id,
    stage_name, amount, currency, created_at, close_date, NULL::date,
    'open'::varchar, ''::varchar, probability, forecast_category,
    CASE WHEN last_stage_change < closed_at THEN last_stage_change END,
    discount_pct, has_champion, has_economic_buyer,
    created_at, closed_at
FROM pipeline_deal
WHERE status <> 'open' AND NOT is_deleted AND state_since IS NULL AND created_at < closed_at
    AND NOT (status = 'lost' AND lower(btrim(lost_reason)) IN ('duplicate', 'test', 'merged'));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0007_undoing"),
        ("pipeline", "0008_fewer_indexes_of_deals"),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.CreateModel(
            name="DealState",
            fields=[
                ("valid_from", models.DateField(verbose_name="from")),
                ("valid_to", models.DateField(null=True, verbose_name="until")),
                ("owner_id", models.CharField(max_length=120, null=True, verbose_name="owner")),
                ("region", models.CharField(blank=True, max_length=80)),
                ("segment", models.CharField(blank=True, max_length=40)),
                ("source_channel", models.CharField(blank=True, max_length=120)),
                (
                    "pipeline_id",
                    models.CharField(max_length=60, null=True, verbose_name="pipeline"),
                ),
                ("stage_name", models.CharField(max_length=120, verbose_name="stage")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                (
                    "currency",
                    models.CharField(
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "An ISO 4217 code: three capital letters."
                            )
                        ],
                    ),
                ),
                ("created_at", models.DateField(verbose_name="created")),
                ("close_date", models.DateField(null=True, verbose_name="expected close")),
                ("closed_at", models.DateField(null=True, verbose_name="closed")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                            ("deleted", "Deleted"),
                        ],
                        max_length=7,
                    ),
                ),
                ("lost_reason", models.CharField(blank=True, max_length=200)),
                ("probability", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("forecast_category", models.CharField(blank=True, max_length=40)),
                ("last_stage_change", models.DateField(null=True)),
                (
                    "discount_pct",
                    models.DecimalField(
                        decimal_places=6, max_digits=9, null=True, verbose_name="discount"
                    ),
                ),
                ("has_champion", models.BooleanField(null=True)),
                ("has_economic_buyer", models.BooleanField(null=True)),
                ("deal_id", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("account_id", models.CharField(max_length=120, null=True, verbose_name="account")),
                ("account_name", models.CharField(blank=True, max_length=200)),
                ("opportunity_name", models.CharField(blank=True, max_length=200)),
                (
                    "manager_name",
                    models.CharField(blank=True, max_length=200, verbose_name="manager"),
                ),
            ],
            options={
                "verbose_name": "state of a deal",
                "verbose_name_plural": "states of deals",
                "db_table": "pipeline_deal_state",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="DealPast",
            fields=[
                ("valid_from", models.DateField(verbose_name="from")),
                ("valid_to", models.DateField(verbose_name="until")),
                ("owner_id", models.CharField(max_length=120, null=True, verbose_name="owner")),
                ("region", models.CharField(blank=True, max_length=80)),
                ("segment", models.CharField(blank=True, max_length=40)),
                ("source_channel", models.CharField(blank=True, max_length=120)),
                (
                    "pipeline_id",
                    models.CharField(max_length=60, null=True, verbose_name="pipeline"),
                ),
                ("stage_name", models.CharField(max_length=120, verbose_name="stage")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18, null=True)),
                (
                    "currency",
                    models.CharField(
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "An ISO 4217 code: three capital letters."
                            )
                        ],
                    ),
                ),
                ("created_at", models.DateField(verbose_name="created")),
                ("close_date", models.DateField(null=True, verbose_name="expected close")),
                ("closed_at", models.DateField(null=True, verbose_name="closed")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("won", "Won"),
                            ("lost", "Lost"),
                            ("deleted", "Deleted"),
                        ],
                        max_length=7,
                    ),
                ),
                ("lost_reason", models.CharField(blank=True, max_length=200)),
                ("probability", models.DecimalField(decimal_places=6, max_digits=9, null=True)),
                ("forecast_category", models.CharField(blank=True, max_length=40)),
                ("last_stage_change", models.DateField(null=True)),
                (
                    "discount_pct",
                    models.DecimalField(
                        decimal_places=6, max_digits=9, null=True, verbose_name="discount"
                    ),
                ),
                ("has_champion", models.BooleanField(null=True)),
                ("has_economic_buyer", models.BooleanField(null=True)),
                ("deal_id", models.CharField(max_length=120, verbose_name="deal")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "deal_id",
                        "valid_from",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "past of a deal",
                "verbose_name_plural": "pasts of deals",
            },
        ),
        migrations.RemoveIndex(
            model_name="deal",
            name="pipeline_deal_open",
        ),
        migrations.AddField(
            model_name="deal",
            name="state_since",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="as it is since"
            ),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("is_deleted", False), ("status", "open")),
                fields=["close_date"],
                include=(
                    "owner",
                    "pipeline",
                    "stage_name",
                    "segment",
                    "region",
                    "source_channel",
                    "forecast_category",
                    "currency",
                    "amount",
                    "probability",
                    "created_at",
                    "last_stage_change",
                    "state_since",
                ),
                name="pipeline_deal_open",
            ),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("state_since__isnull", False)),
                fields=["state_since"],
                name="pipeline_deal_since",
            ),
        ),
        migrations.AddIndex(
            model_name="dealpast",
            index=models.Index(
                condition=models.Q(("status", "open")),
                fields=["valid_to", "valid_from"],
                include=(
                    "owner_id",
                    "pipeline_id",
                    "stage_name",
                    "segment",
                    "region",
                    "source_channel",
                    "forecast_category",
                    "currency",
                    "amount",
                    "probability",
                    "created_at",
                    "last_stage_change",
                    "close_date",
                ),
                name="pipeline_past_open",
            ),
        ),
        migrations.AddIndex(
            model_name="dealpast",
            index=models.Index(
                condition=models.Q(("status", "open"), _negated=True),
                fields=["valid_to", "valid_from"],
                name="pipeline_past_closed",
            ),
        ),
        migrations.RunSQL(VIEW, "DROP VIEW pipeline_deal_state"),
    ]
