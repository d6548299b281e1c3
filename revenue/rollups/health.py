"""The health of every customer at every month's end, and what was seen of it by then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection, transaction

from revenue.metrics.health import (
    BANDS,
    GRACE_MONTHS,
    HORIZON_MONTHS,
    LEAST_WEIGHT,
    PRACTICE,
    SIGNS,
    SILENT_DAYS,
    SOON_DAYS,
    WEIGHTS,
)
from revenue.rollups import items
from revops_site.kernel.rollups import LOCK

COLUMNS = (
    *("customer_id", "month", "currency", "segment", "plan", "region", "mrr", "score", "band"),
    *("why", "trend", "payment", "contact", "seats", "term", "shrank", "fewer_seats", "silent"),
    *("overdue", "no_term", "first_year", "returned", "last_contact", "renews_on"),
    *("renewing_mrr", "left_in", "renewed"),
)
A_YEAR, TERMS_BACK = 12, 50
AFTER = 1 + GRACE_MONTHS  # months from the look before a renewal to the look after it
CONTACTS = (
    "DROP TABLE IF EXISTS health_contact",
    "CREATE TEMPORARY TABLE health_contact (whose text, month date, day date)",
)
COPY = "COPY health_contact (whose, month, day) FROM STDIN"
INDEXED = (
    "CREATE INDEX ON health_contact (whose, month)",
    "ANALYZE health_contact",
)
# The next day, after {day}, of those that come every {step} months about {anchor}; reckoned from
# the anchor itself, so that the 31st stays one.
NEXT = f"""({{anchor}} + make_interval(months => ({{step}} * (floor((
    extract(year FROM age({{day}}, ({{anchor}} - make_interval(months => {{step}} * {TERMS_BACK}))))
        * 12
    + extract(month FROM age({{day}},
        ({{anchor}} - make_interval(months => {{step}} * {TERMS_BACK}))))
) / {{step}}) + 1 - {TERMS_BACK}))::int))::date"""


def _next(anchor: str, step: str) -> str:
    return NEXT.format(anchor=anchor, step=step, day="day::timestamp")


def _lost(name: str, wording: str) -> str:
    return f"CASE WHEN {name} < {WEIGHTS[name]} THEN {wording} END"


def _sum(names: Iterable[str], each: str) -> str:
    return " + ".join(each.format(name=name, most=WEIGHTS[name]) for name in names)


HORIZON = """
    SELECT min(month) AS first_month, max(month) AS last_month, %(last_day)s::date AS last_day
    FROM revenue_movement
"""
DAY = "LEAST((month + interval '1 month - 1 day')::date, horizon.last_day)"
POINTS = f"""
    SELECT *,
        CASE WHEN shrank IS NULL THEN NULL WHEN shrank THEN 0
            WHEN shrank_before THEN {WEIGHTS["trend"] // 2} ELSE {WEIGHTS["trend"]} END AS trend,
        CASE WHEN overdue IS NULL THEN NULL WHEN overdue THEN 0
            ELSE {WEIGHTS["payment"]} END AS payment,
        CASE WHEN last_contact IS NULL OR NOT is_one THEN NULL
            WHEN day - last_contact <= 30 THEN {WEIGHTS["contact"]}
            WHEN day - last_contact <= 60 THEN 14
            WHEN day - last_contact <= {SILENT_DAYS} THEN 7 ELSE 0 END AS contact,
        CASE WHEN fewer_seats IS NULL THEN NULL WHEN fewer_seats THEN 0
            ELSE {WEIGHTS["seats"]} END AS seats,
        CASE WHEN no_term IS NULL THEN NULL WHEN no_term THEN 0
            WHEN renews_on - day <= {SOON_DAYS} THEN {WEIGHTS["term"] // 2}
            ELSE {WEIGHTS["term"]} END AS term
    FROM seen JOIN practice USING (month)
"""  # noqa: S608
WHY = f"""concat_ws(' · ',
    {_lost("trend", "CASE WHEN trend = 0 THEN 'pays less' ELSE 'paid less 3 to 6 months ago' END")},
    {_lost("payment", "'payment past due'")},
    {_lost("contact", "'no contact for ' || (day - last_contact) || ' days'")},
    {_lost("seats", "'fewer seats'")},
    {_lost("term", "CASE WHEN term = 0 THEN 'no term' ELSE 'renews ' || renews_on END")}
)"""
FILL = f"""
    INSERT INTO revenue_customerhealth ({", ".join(COLUMNS)})
    WITH horizon AS MATERIALIZED ({HORIZON}),
    paid AS MATERIALIZED (
        SELECT customer_id, month, bool_or(mrr > 0) AS pays,
            bool_or(kind = 'contraction') AS fell,
            bool_or(kind = 'churn') AND NOT bool_or(mrr > 0) AS leaves,
            bool_or(kind = 'reactivation') AND NOT bool_or(starting > 0) AS returns
        FROM revenue_movement
        GROUP BY customer_id, month
    ), told AS (
        SELECT customer_id, month, pays,
            bool_or(fell) OVER near AS shrank,
            bool_or(fell) OVER half AS shrank_before,
            bool_or(returns) OVER (PARTITION BY customer_id ORDER BY month) AS returned,
            min(month) FILTER (WHERE leaves) OVER ahead AS left_in
        FROM paid
        WINDOW near AS (
            PARTITION BY customer_id ORDER BY month
            RANGE BETWEEN '2 months' PRECEDING AND CURRENT ROW
        ), half AS (
            PARTITION BY customer_id ORDER BY month
            RANGE BETWEEN '5 months' PRECEDING AND CURRENT ROW
        ), ahead AS (
            PARTITION BY customer_id ORDER BY month
            RANGE BETWEEN '1 month' FOLLOWING AND '{HORIZON_MONTHS} months' FOLLOWING
        )
    ), item AS MATERIALIZED (
        SELECT *, CASE WHEN interval = 'year' THEN {A_YEAR} * interval_count
            WHEN renews_on IS NOT NULL THEN {A_YEAR} END AS step,
            COALESCE(renews_on, start_date)::timestamp AS anchor
        FROM ({items.PRICED}) AS priced
    ), running AS (
        SELECT item.customer_id, month, item.quantity, item.status, item.step, price.mrr,
            CASE WHEN item.step IS NOT NULL THEN {_next("item.anchor", "item.step")} END AS renews
        FROM horizon CROSS JOIN item, LATERAL (
            SELECT month::date AS month FROM generate_series(
                GREATEST(date_trunc('month', item.start_date::timestamp), horizon.first_month,
                    %(since)s::date - interval '3 months'),
                LEAST(horizon.last_month, item.ended_on), interval '1 month'
            ) AS month
        ) AS months, LATERAL (SELECT {DAY} AS day) AS seen,
        LATERAL (SELECT {items.mrr_sql("day")} AS mrr) AS price
        WHERE price.mrr > 0
    ), bought AS MATERIALIZED (
        SELECT customer_id, month, sum(quantity) AS quantity, count(*) AS items, sum(mrr) AS whole,
            bool_or(status = 'past_due') AS overdue, min(renews) AS renews
        FROM running GROUP BY customer_id, month
    ), renewing AS MATERIALIZED (
        SELECT bought.customer_id, bought.month, sum(running.mrr) / min(bought.whole) AS share
        FROM bought JOIN running USING (customer_id, month)
        WHERE running.renews = bought.renews
        GROUP BY bought.customer_id, bought.month
    ), first_contact AS MATERIALIZED (SELECT min(day) AS day FROM health_contact),
    seen AS (
        SELECT moved.customer_id, moved.month, moved.currency, moved.segment, moved.plan,
            moved.region, moved.mrr, at.day,
            CASE WHEN moved.month >= horizon.first_month + interval '3 months' THEN told.shrank
            END AS shrank,
            told.shrank_before, told.returned, told.left_in,
            CASE WHEN GREATEST(now.quantity - now.items, before.quantity - before.items) > 0
                THEN now.quantity < before.quantity END AS fewer_seats,
            CASE WHEN moved.month = horizon.last_month THEN now.overdue END AS overdue,
            CASE WHEN now.customer_id IS NOT NULL THEN now.renews
                ELSE customer.renews END AS renews_on,
            CASE WHEN now.customer_id IS NOT NULL THEN now.renews IS NULL
                WHEN customer.renews IS NOT NULL THEN false END AS no_term,
            CASE WHEN now.customer_id IS NULL AND customer.renews IS NOT NULL THEN moved.mrr
                WHEN now.renews IS NOT NULL THEN moved.mrr * renewing.share END AS renewing_mrr,
            met.day AS last_contact,
            CASE WHEN met.day IS NOT NULL AND at.day - first_contact.day >= {SILENT_DAYS}
                THEN at.day - met.day >= {SILENT_DAYS} END AS silent,
            at.day < (customer.start_date + interval '1 year') AS first_year,
            moved.month + interval '{AFTER} months' <= horizon.last_month AS is_over,
            COALESCE(later.pays, false) AS pays_later
        FROM horizon CROSS JOIN first_contact CROSS JOIN (
            SELECT DISTINCT ON (customer_id, month) customer_id, month, currency, segment, plan,
                region, mrr
            FROM revenue_movement WHERE mrr > 0 AND month >= %(since)s::date
            ORDER BY customer_id, month, mrr DESC, currency
        ) AS moved
        CROSS JOIN LATERAL (SELECT {DAY.replace("(month", "(moved.month")} AS day) AS at
        JOIN told USING (customer_id, month)
        LEFT JOIN bought AS now ON now.customer_id = moved.customer_id AND now.month = moved.month
        LEFT JOIN bought AS before ON before.customer_id = moved.customer_id
            AND before.month = (moved.month - interval '3 months')::date
        LEFT JOIN paid AS later ON later.customer_id = moved.customer_id
            AND later.month = (moved.month + interval '{AFTER} months')::date
        LEFT JOIN renewing ON renewing.customer_id = moved.customer_id
            AND renewing.month = moved.month
        LEFT JOIN LATERAL (
            SELECT account_id, deal_id, start_date, CASE WHEN listed.renewal_date IS NOT NULL
                THEN {NEXT.format(anchor="listed.renewal_date::timestamp", step=str(A_YEAR), day="at.day::timestamp")}
            END AS renews
            FROM revenue_customer AS listed WHERE listed.customer_id = moved.customer_id
        ) AS customer ON true
        LEFT JOIN LATERAL (
            SELECT max(contact.day) AS day FROM health_contact AS contact
            WHERE contact.whose = COALESCE('account ' || customer.account_id,
                    'deal ' || NULLIF(customer.deal_id, ''))
                AND contact.month <= moved.month
        ) AS met ON true
    ), practice AS (
        SELECT month, avg((day - last_contact < {SILENT_DAYS})::int) >= {PRACTICE} AS is_one
        FROM seen GROUP BY month
    ), pointed AS ({POINTS}), scored AS (
        SELECT *, {_sum(WEIGHTS, "CASE WHEN {name} IS NULL THEN 0 ELSE {most} END")} AS known,
            {_sum(WEIGHTS, "COALESCE({name}, 0)")} AS points
        FROM pointed
    ), judged AS (
        SELECT *, CASE WHEN known >= {LEAST_WEIGHT}
            THEN floor(100.0 * points / known + 0.5)::int END AS score
        FROM scored
    ), named AS (
        SELECT *, CASE {" ".join(f"WHEN score >= {least} THEN '{name}'" for name, least in BANDS)}
            ELSE '' END AS band, {WHY} AS why,
            CASE WHEN is_over AND renewing_mrr > 0 AND
                date_trunc('month', renews_on::timestamp) = month + interval '1 month'
            THEN pays_later END AS renewed
        FROM judged
    )
    SELECT {", ".join("CASE WHEN is_one THEN silent END" if name == "silent" else name for name in COLUMNS)}
    FROM named
    ORDER BY month, customer_id
"""  # noqa: S608, E501
# What a customer is counted by: the names of the facts, and their values as texts.
FACTS = ", ".join(["('band', band::text)", *(f"('{one.name}', {one.name}::text)" for one in SIGNS)])
COUNT = f"""
    INSERT INTO revenue_healthcount
        (month, segment, plan, region, what, value, customers, "left")
    SELECT month, segment, plan, region, fact.what, fact.value, count(*), count(left_in)
    FROM revenue_customerhealth CROSS JOIN LATERAL (VALUES {FACTS})
        AS fact (what, value)
    WHERE fact.value IS NOT NULL AND month >= %(since)s::date
    GROUP BY month, segment, plan, region, fact.what, fact.value
"""  # noqa: S608
FORGET = "DELETE FROM {table} WHERE month >= %(since)s::date"


def rebuild(
    last_day: date, contacts: Iterable[tuple[str, date, date]], since: date | None = None
) -> int:
    """Reckon the health of all customers at months' ends anew; how many rows there are.

    ``contacts`` are of whom (``account …`` or ``deal …``), in which month, and on which day of it
    last somebody was in touch. Months before ``since`` stay as they are.
    """
    known = list(contacts)  # asked for before the connection is busy copying
    given = {"last_day": last_day, "since": since or "-infinity"}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK, ["customer health"])
        for step in CONTACTS:
            cursor.execute(step)
        with cursor.copy(COPY) as copy:
            for contact in known:
                copy.write_row(contact)
        for step in INDEXED:
            cursor.execute(step)
        cursor.execute(FORGET.format(table="revenue_customerhealth"), given)
        cursor.execute(FILL, given)
        cursor.execute("DROP TABLE health_contact")
        cursor.execute("ANALYZE revenue_customerhealth")
        cursor.execute(FORGET.format(table="revenue_healthcount"), given)
        cursor.execute(COUNT, given)
        cursor.execute("ANALYZE revenue_healthcount")
        cursor.execute("SELECT count(*) FROM revenue_customerhealth")
        return int(cursor.fetchone()[0])
