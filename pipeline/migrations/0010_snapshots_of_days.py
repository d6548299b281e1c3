"""What was known on past days, and how good past forecasts were."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

# Once a statement, and only for one that should not be: it costs nobody anything.
KEPT = """
    CREATE FUNCTION pipeline_forecast_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'A snapshot of a forecast is never changed.';
    END $$;
    CREATE TRIGGER pipeline_forecast_is_kept BEFORE UPDATE ON pipeline_forecastsnapshot
    FOR EACH STATEMENT EXECUTE FUNCTION pipeline_forecast_is_kept();
"""
LET_GO = """
    DROP TRIGGER pipeline_forecast_is_kept ON pipeline_forecastsnapshot;
    DROP FUNCTION pipeline_forecast_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("pipeline", "0009_states_over_time"),
    ]

    operations = [
        migrations.CreateModel(
            name="Backtest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateField(verbose_name="as of")),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("generation", models.BigIntegerField()),
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
                ("quarters", models.PositiveSmallIntegerField()),
                ("method", models.CharField(max_length=2)),
                ("reason", models.CharField(max_length=200)),
                ("interval_inflation", models.FloatField()),
                ("shown_coverage", models.FloatField(null=True)),
                ("cells", models.JSONField()),
                ("early", models.JSONField()),
                ("calibration", models.JSONField()),
            ],
            options={
                "verbose_name": "back-test",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ForecastSnapshot",
            fields=[
                ("snapshot_date", models.DateField(verbose_name="day")),
                (
                    "made_from",
                    models.CharField(
                        choices=[("day", "The day's data"), ("history", "The history of changes")],
                        max_length=7,
                    ),
                ),
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
                ("quarter", models.CharField(max_length=20)),
                ("team", models.CharField(max_length=120)),
                ("week_number", models.PositiveSmallIntegerField()),
                ("quarter_target", models.FloatField(null=True)),
                ("closed_won_amount", models.FloatField()),
                ("expected_open", models.FloatField()),
                ("expected_pull_in", models.FloatField()),
                ("expected_new", models.FloatField()),
                ("ai_forecast", models.FloatField()),
                ("forecast_low", models.FloatField()),
                ("forecast_high", models.FloatField()),
                ("ai_forecast_confidence", models.FloatField(null=True)),
                ("commit_amount", models.FloatField()),
                ("commit_confidence", models.FloatField(null=True)),
                ("target_probability", models.FloatField(null=True)),
                ("gap_to_target", models.FloatField(null=True)),
                ("gap_pct", models.FloatField(null=True)),
                ("coverage_ratio", models.FloatField(null=True)),
                ("risk_level", models.CharField(blank=True, max_length=8)),
                ("forecast_change_1w", models.FloatField(null=True)),
                ("commit_change_1w", models.FloatField(null=True)),
                ("cumulative_target", models.FloatField(null=True)),
                ("pipeline_commit", models.FloatField()),
                ("pipeline_best_case", models.FloatField()),
                ("pipeline_total", models.FloatField()),
                ("avg_pipeline_health", models.FloatField(null=True)),
                ("open_deals", models.PositiveIntegerField()),
                ("method", models.CharField(max_length=2)),
                ("interval_inflation", models.FloatField()),
                ("made_at", models.DateTimeField(verbose_name="made")),
                (
                    "data_freshness",
                    models.DateTimeField(null=True, verbose_name="data last loaded"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "snapshot_date",
                        "quarter",
                        "team",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "snapshot of a forecast",
                "verbose_name_plural": "snapshots of forecasts",
                "ordering": ["-snapshot_date", "team"],
            },
        ),
        migrations.CreateModel(
            name="DealSnapshot",
            fields=[
                ("snapshot_date", models.DateField(verbose_name="day")),
                (
                    "made_from",
                    models.CharField(
                        choices=[("day", "The day's data"), ("history", "The history of changes")],
                        max_length=7,
                    ),
                ),
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
                ("deal_id", models.CharField(max_length=120, verbose_name="deal")),
                ("status", models.CharField(max_length=4)),
                ("owner_id", models.CharField(blank=True, max_length=120, verbose_name="owner")),
                ("segment", models.CharField(blank=True, max_length=40)),
                ("region", models.CharField(blank=True, max_length=80)),
                ("source_channel", models.CharField(blank=True, max_length=120)),
                (
                    "pipeline_id",
                    models.CharField(blank=True, max_length=60, verbose_name="pipeline"),
                ),
                ("stage_name", models.CharField(blank=True, max_length=120, verbose_name="stage")),
                ("category", models.CharField(blank=True, max_length=40)),
                ("value", models.DecimalField(decimal_places=12, max_digits=30, null=True)),
                ("created_at", models.DateField(verbose_name="created")),
                ("close_date", models.DateField(null=True, verbose_name="expected close")),
                ("closed_at", models.DateField(null=True, verbose_name="closed")),
                ("days_in_stage", models.IntegerField(null=True)),
                ("stage_probability", models.FloatField(null=True)),
                ("chance", models.FloatField(null=True)),
                ("health_score", models.PositiveSmallIntegerField(null=True)),
                ("next_step_points", models.PositiveSmallIntegerField(null=True)),
                ("p", models.FloatField(null=True)),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "deal_id",
                        "snapshot_date",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "snapshot of a deal",
                "verbose_name_plural": "snapshots of deals",
                "indexes": [
                    models.Index(fields=["snapshot_date", "status"], name="pipeline_snapshot_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="BacktestRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quarter", models.CharField(max_length=20)),
                ("week_number", models.PositiveSmallIntegerField()),
                ("snapshot_date", models.DateField(verbose_name="day")),
                ("method", models.CharField(max_length=20)),
                ("forecast", models.FloatField(null=True)),
                ("q10", models.FloatField(null=True)),
                ("q90", models.FloatField(null=True)),
                ("actual", models.FloatField()),
                (
                    "backtest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="pipeline.backtest",
                    ),
                ),
            ],
            options={
                "verbose_name": "forecast of a back-test",
                "verbose_name_plural": "forecasts of back-tests",
                "ordering": ["backtest", "snapshot_date", "method"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("backtest", "snapshot_date", "method"), name="pipeline_trial_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BacktestScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("method", models.CharField(max_length=20)),
                ("weeks", models.CharField(max_length=5)),
                ("n", models.PositiveIntegerField()),
                ("mape", models.FloatField(null=True)),
                ("wape", models.FloatField(null=True)),
                ("bias", models.FloatField(null=True)),
                ("pinball_10", models.FloatField(null=True)),
                ("pinball_50", models.FloatField(null=True)),
                ("pinball_90", models.FloatField(null=True)),
                ("coverage_80", models.FloatField(null=True)),
                ("interval_inflation", models.FloatField(null=True)),
                ("skill_vs_baseline", models.FloatField(null=True)),
                (
                    "backtest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="pipeline.backtest",
                    ),
                ),
            ],
            options={
                "verbose_name": "score of a back-test",
                "verbose_name_plural": "scores of back-tests",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("backtest", "method", "weeks"), name="pipeline_score_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(KEPT, LET_GO),
    ]
