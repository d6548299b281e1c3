"""Days, months and moments as SQL: what their texts look like, and the values these stand for."""

from __future__ import annotations

from psycopg.sql import SQL, Composable, Composed, Literal

from revops_site.kernel.datasets import Column, Kind

MONTH = "[0-9][0-9][0-9][0-9]-[0-9][0-9]"
DAY = f"{MONTH}-[0-9][0-9]"
TIME = r"[T ][0-9][0-9]:[0-9][0-9](:[0-9][0-9](\.[0-9]{1,9})?)?"
ZONE = "( ?(Z|UTC|[+-][0-9][0-9](:?[0-9][0-9])?))?"
SHAPES = {
    "date": f"^{DAY}({TIME}{ZONE})?$",
    "instant": f"^{DAY}({TIME}{ZONE})?$",
    "month": f"^{MONTH}(-[0-9][0-9])?$",
}
LIKE = {
    "date": "is not a date like 2024-12-31",
    "instant": "is not a moment like 2024-12-31T08:30:00Z",
    "month": "is not a month like 2024-12",
}
# What surely exists, in any calendar, and surely lies between FIRST_DAY and LAST_DAY.
SURE_YEAR = "(199[0-9]|20[0-9][0-9])"
SURE_MONTH = f"{SURE_YEAR}-(0[1-9]|1[0-2])"
TO_28TH = "(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
AFTER_28TH = "(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31"
SURE_DAY = f"{SURE_YEAR}-({TO_28TH}|{AFTER_28TH})"
SURE_TIME = r"[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
SURE_ZONE = "(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)?"
SURE = {
    "date": f"^{SURE_DAY}$",
    "instant": f"^{SURE_DAY}({SURE_TIME}{SURE_ZONE})?$",
    "month": f"^{SURE_MONTH}$",
}


def surely(kind: Kind, text: Composable) -> Composed:
    """SQL that holds for what such a text nearly always looks like, and never for a bad one."""
    return SQL("{} ~ {}").format(text, Literal(SURE[kind]))


def plain_day(column: Column, text: Composable) -> tuple[Composed, Composed]:
    """SQL that holds for a day within the column's bounds, if its figures are digits; and these."""
    figures = SQL("replace({}, '-', '')").format(text)
    plain = """
        {text} LIKE '____-__-__' AND {text} COLLATE "C" BETWEEN {lowest} AND {highest}
        AND octet_length({figures}) = 8 AND pg_input_is_valid({text}, 'date')
    """
    lowest, highest = Literal(str(column.lowest)), Literal(str(column.highest))
    test = SQL(plain).format(text=text, figures=figures, lowest=lowest, highest=highest)
    return test, figures


def day_or_moment(
    column: Column, text: Composable, plain: Composable, figures: Composable
) -> tuple[Composed, Composed]:
    """As ``plain_day``, which ``plain`` and ``figures`` are of, or a moment of such a day."""
    test = """
        CASE WHEN octet_length({text}) = 10 THEN {plain} ELSE
            ({text} LIKE '____-__-__T__:__:__Z' OR {text} LIKE '____-__-__T__:__:__.___Z')
            AND octet_length({moment}) IN (14, 17) AND pg_input_is_valid({text}, 'timestamptz')
            AND left({text}, 10) COLLATE "C" BETWEEN {lowest} AND {highest}
        END
    """
    moment = SQL("translate({}, '-:.TZ', '')").format(text)
    lowest, highest = Literal(str(column.lowest)), Literal(str(column.highest))
    said = SQL(test).format(text=text, plain=plain, moment=moment, lowest=lowest, highest=highest)
    digits = "CASE WHEN octet_length({}) = 10 THEN {} ELSE {} END"
    return said, SQL(digits).format(text, figures, moment)


def broken(kind: Kind, text: Composable) -> Composed:
    """SQL that holds for a text which is no such day, month or moment."""
    tests = {
        "date": "NOT pg_input_is_valid({0}, 'timestamptz')",
        "instant": "NOT pg_input_is_valid({0}, 'timestamptz')",
        "month": "NOT pg_input_is_valid(rpad({0}, 10, '-01'), 'date')",
    }
    return SQL("{0} !~ {1} OR " + tests[kind]).format(text, Literal(SHAPES[kind]))


def value(kind: Kind, text: Composable, zone: str) -> Composed:
    """SQL for what a good text stands for; ``zone`` is the one that business days are of.

    A moment without a zone is in UTC, which is that of every session; a day alone begins in
    ``zone``.
    """
    if kind == "month":
        return SQL("CAST(left({}, 7) || '-01' AS date)").format(text)
    kinds = {
        "date": """
            CASE WHEN length({0}) = 10 THEN CAST({0} AS date)
            ELSE CAST(CAST({0} AS timestamptz) AT TIME ZONE {1} AS date) END
        """,
        "instant": """
            CASE WHEN length({0}) = 10 THEN CAST({0} AS timestamp) AT TIME ZONE {1}
            ELSE CAST({0} AS timestamptz) END
        """,
    }
    return SQL(kinds[kind]).format(text, Literal(zone))


def comparable(kind: Kind, text: Composable) -> Composed:
    """SQL for as much of a good text as is in order as texts are, and is compared with bounds."""
    return SQL('left({}, {}) COLLATE "C"').format(text, Literal(_length(kind)))


def bound(kind: Kind, day: object) -> str:
    """A bound as ``comparable`` texts are compared with it."""
    return str(day)[: _length(kind)]


def day_of(kind: Kind, column: Composable, zone: str) -> Composed:
    """SQL for the business day of a typed column."""
    if kind != "instant":
        return SQL("{}").format(column)
    return SQL("CAST({} AT TIME ZONE {} AS date)").format(column, Literal(zone))


def last_day_of(kind: Kind, day: Composable) -> Composed:
    """SQL for the last day that a typed day tells of: a month's is its end."""
    if kind != "month":
        return SQL("{}").format(day)
    return SQL("CAST({} + interval '1 month - 1 day' AS date)").format(day)


def _length(kind: Kind) -> int:
    return 7 if kind == "month" else 10
