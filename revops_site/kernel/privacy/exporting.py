"""All that is kept of a person as one archive: a JSON and a CSV file for each table."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey

from revops_site.kernel import audit, exports
from revops_site.kernel.models import User
from revops_site.kernel.privacy.finding import SECRET, Person, columns, rows

README = """All that is kept of {email}, by table: as JSON, and as CSV for a spreadsheet.

Found by the address{names}, in every text of every table{account}. Passwords, secrets and codes are
left out. Files that were uploaded or made are kept beside the database and are not in here.
"""


def export(person: Person, *, by: User | None) -> bytes:
    """The archive (ZIP), which is written down as given out."""
    found = {table: list(rows(table, names, person)) for table, names in _columns().items()}
    if person.user is not None:
        for table, more in _of_account(person.user):
            known = found.setdefault(table, [])
            known += [row for row in more if row not in known]
    found = {table: those for table, those in found.items() if those}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _readme(person))
        for table, those in sorted(found.items()):
            plain = json.dumps(those, default=str, ensure_ascii=False, indent=1)
            archive.writestr(f"{table}.json", plain)
            archive.writestr(f"{table}.csv", _csv(those))
    counts = {table: len(those) for table, those in found.items()}
    audit.record("person exported", user=by, target=person.email, tables=counts)
    return file.getvalue()


def _columns() -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for column in columns():
        if not SECRET.search(column.name):
            named.setdefault(column.table, []).append(column.name)
    return named


def _of_account(user: User) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The rows that point at somebody's account."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model is User:
                there = model._default_manager.filter(**{field.name: user}).values()
                kept = [{k: v for k, v in row.items() if not SECRET.search(k)} for row in there]
                yield model._meta.db_table, kept


def _csv(those: Sequence[dict[str, Any]]) -> bytes:
    """A file that is safe to open in a spreadsheet."""
    heads = list(those[0])
    return b"".join(
        exports.csv_lines(heads, ([_plain(row.get(h)) for h in heads] for row in those))
    )


def _plain(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        return json.dumps(value, default=str, ensure_ascii=False)
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def _readme(person: Person) -> str:
    names = f" and by {', '.join(sorted(person.names))}" if person.names else ""
    account = ", and by their account" if person.user else ""
    return README.format(email=person.email, names=names, account=account)
