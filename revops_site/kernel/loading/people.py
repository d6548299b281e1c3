"""Names in a file become reps and teams: ones that are known, else placeholders to be made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.text import slugify
from psycopg.sql import SQL, Composable, Identifier, Literal

from revops_site.kernel.datasets import Column, Dataset
from revops_site.kernel.loading import session
from revops_site.kernel.loading.sources import Fit
from revops_site.kernel.loading.staging import Cursor, Tables, place
from revops_site.kernel.models import Rep, Team

LONGEST = 120  # characters of a name or id
DATASETS = {"rep": "reps", "team": "teams"}
KEYS = {"rep": "rep_id", "team": "id"}
MODELS: dict[str, type[Rep] | type[Team]] = {"rep": Rep, "team": Team}


@dataclass
class Known:
    """Who is known: ids by what they are written as, best last, and ids by what they are called."""

    exact: dict[str, str] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)

    def find(self, *names: str) -> str | None:
        """The id of whoever the first of the names fits."""
        found = (self.exact.get(name) or self.called.get(name.casefold()) for name in names)
        return next((id_ for id_ in found if id_), None)


def columns(dataset: Dataset) -> list[Column]:
    """The dataset's columns that name somebody."""
    return [column for column in dataset.columns if column.kind in DATASETS]


def resolve(cursor: Cursor, fit: Fit, tables: Tables) -> None:
    """Find out who is meant by each name that is staged; nobody is made yet.

    An id counts before an e-mail, an e-mail before a name, whoever a file or a person introduced
    before a placeholder. Who is unknown gets the id that ``settle`` would make them under.
    """
    create = SQL("CREATE TABLE {} (kind text, name text, id text, PRIMARY KEY (kind, name))")
    cursor.execute(create.format(tables.names))
    for kind in sorted({column.kind for column in named(fit)}):
        names = _names(cursor, fit, tables, kind)
        meant = _meant(kind, names, _known(kind))
        if len(meant) < len(names):
            session.hold(cursor, DATASETS[kind])
            known = _known(kind)
            meant = _meant(kind, names, known)
            meant |= _new(cursor, kind, [name for name in names if name not in meant], known)
        insert = SQL("INSERT INTO {} SELECT {}, * FROM unnest(%s::text[], %s::text[])")
        into = insert.format(tables.names, Literal(kind))
        cursor.execute(into, [list(meant), list(meant.values())])


def id_of(column: Column) -> Composable:
    """SQL for the id of whoever a staged record names in this column, given ``joins``."""
    return Identifier(f"who {column.name}", "id")


def joins(fit: Fit, tables: Tables) -> Composable:
    """SQL that follows ``FROM staging`` and puts everybody's id beside their name."""
    join = SQL(" LEFT JOIN {names} AS {who} ON {who}.kind = {kind} AND {who}.name = {name}")
    return SQL("").join(
        join.format(
            names=tables.names,
            who=Identifier(f"who {column.name}"),
            kind=Literal(column.kind),
            name=place(fit.places[column.name]),
        )
        for column in named(fit)
    )


def named(fit: Fit) -> list[Column]:
    """The columns that name somebody, of those that the file has."""
    return [column for column in columns(fit.dataset) if column.name in fit.places]


def settle(cursor: Cursor, dataset: Dataset, tables: Tables) -> dict[str, list[str]]:
    """Make a placeholder of everybody whom an accepted row names and nobody knows.

    Gives their ids by kind.
    """
    made: dict[str, list[str]] = {}
    for column in columns(dataset):
        unknown = SQL("""
            SELECT id, min(name) FROM {} AS names
            WHERE kind = {} AND NOT EXISTS (SELECT FROM {} WHERE {}::text = names.id)
            GROUP BY id
        """)
        model, key = MODELS[column.kind], KEYS[column.kind]
        stored = Identifier(model._meta.db_table)
        cursor.execute(unknown.format(tables.names, Literal(column.kind), stored, Identifier(key)))
        if names := dict(cursor.fetchall()):
            taken = SQL("SELECT DISTINCT {0}::text FROM {1} WHERE {0}::text = ANY(%s)")
            here = taken.format(Identifier(column.name), tables.rows)
            cursor.execute(here, [list(names)])
            found = [id_ for (id_,) in cursor.fetchall()]
            model._base_manager.bulk_create(
                model(**{key: id_, "name": names[id_], "is_placeholder": True})  # type: ignore[misc]
                for id_ in found
            )
            made.setdefault(column.kind, []).extend(found)
    return made


def _names(cursor: Cursor, fit: Fit, tables: Tables, kind: str) -> list[str]:
    """What the staged records call people of this kind."""
    places = [place(fit.places[column.name]) for column in named(fit) if column.kind == kind]
    if not places:
        return []
    each = [SQL("SELECT {} AS name FROM {}").format(at, tables.staging) for at in places]
    distinct = SQL("SELECT DISTINCT name FROM ({}) AS all_names WHERE name IS NOT NULL ORDER BY 1")
    cursor.execute(distinct.format(SQL(" UNION ").join(each)))
    return [name for (name,) in cursor.fetchall()]


def _known(kind: str) -> Known:
    """Everybody who is stored; of those who are called the same, the best known and first."""
    known = Known()
    if kind == "team":
        for id_, name in Team.objects.order_by("-is_placeholder", "-id").values_list("id", "name"):
            known.called[name.casefold()] = known.exact[name] = str(id_)
        return known
    reps = list(
        Rep.objects.order_by("-is_placeholder", "-rep_id").values_list("name", "email", "rep_id")
    )
    for nth in range(3):
        known.called.update({rep[nth].casefold(): rep[2] for rep in reps if rep[nth]})
    known.exact = {rep_id: rep_id for _, _, rep_id in reps}
    return known


def _meant(kind: str, names: Iterable[str], known: Known) -> dict[str, str]:
    """Name → id of those that are known; a rep's also by what a placeholder's id would be."""
    ways = ((name, (name, _slug(name)) if kind == "rep" else (name,)) for name in names)
    found = ((name, known.find(*spellings)) for name, spellings in ways)
    return {name: id_ for name, id_ in found if id_}


def _new(cursor: Cursor, kind: str, names: Iterable[str], known: Known) -> dict[str, str]:
    """Name → id for these; spellings that differ in case alone are of one."""
    made = {}
    for name in names:
        called = (_slug(name) if kind == "rep" else name).casefold()
        if called not in known.called:
            known.called[called] = _slug(name) if kind == "rep" else _next_id(cursor)
        made[name] = known.called[called]
    return made


def _next_id(cursor: Cursor) -> str:
    cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [Team._meta.db_table])
    return str(cursor.fetchone()[0])


def _slug(name: str) -> str:
    return (slugify(name, allow_unicode=True) or name)[:LONGEST]
