"""The one definition of an exchange rate, where bulk SQL and Python both reach it."""

from django.db import migrations

# Of a pair's two directions the one with the newer rate counts, on the same day the direct one.
# Both functions are single plain selects, so that the planner can inline them.
CREATE = """
CREATE FUNCTION kernel_fx_pair(from_code text, to_code text, on_day date)
RETURNS TABLE (rate numeric, dated date)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT found.rate, found.dated
    FROM (
        SELECT 1::numeric, on_day, 0
        WHERE from_code = to_code
        UNION ALL
        (
            SELECT fx.rate, fx.date, 1
            FROM kernel_fxrate AS fx
            WHERE from_code <> to_code
              AND fx.from_currency = from_code AND fx.to_currency = to_code AND fx.date <= on_day
            ORDER BY fx.date DESC
            LIMIT 1
        )
        UNION ALL
        (
            SELECT 1::numeric(40, 30) / fx.rate, fx.date, 2
            FROM kernel_fxrate AS fx
            WHERE from_code <> to_code
              AND fx.from_currency = to_code AND fx.to_currency = from_code AND fx.date <= on_day
            ORDER BY fx.date DESC
            LIMIT 1
        )
    ) AS found (rate, dated, way)
    ORDER BY found.dated DESC, found.way
    LIMIT 1
$$;

CREATE FUNCTION kernel_fx_rate(from_code text, to_code text, on_day date)
RETURNS TABLE (rate numeric, dated date)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT pair.rate, pair.dated
    FROM kernel_fx_pair(from_code, to_code, on_day) AS pair
    UNION ALL
    SELECT leg.rate * other.rate, LEAST(leg.dated, other.dated)
    FROM kernel_fx_pair(from_code, 'USD', on_day) AS leg,
         kernel_fx_pair('USD', to_code, on_day) AS other
    WHERE NOT EXISTS (SELECT FROM kernel_fx_pair(from_code, to_code, on_day))
$$;

COMMENT ON FUNCTION kernel_fx_rate(text, text, date) IS
'What one unit of from_code cost in to_code on a day: the newest rate dated on or before it, in either direction, else by way of USD; one row, or none where nothing is known. dated is the older of the rates used.';
"""

DROP = """
DROP FUNCTION kernel_fx_rate(text, text, date);
DROP FUNCTION kernel_fx_pair(text, text, date);
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
