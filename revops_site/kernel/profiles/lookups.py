"""Second files, in which a value stands beside what a record names: small, and read once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from revops_site.kernel.profiles.errors import ProfileError, normal, unknown
from revops_site.kernel.profiles.profile import Lookup, Profile
from revops_site.kernel.reading import Layout, Record, UnreadableError
from revops_site.kernel.reading.records import Tally, cleaned
from revops_site.kernel.reading.texttables import Passed, TextTable

MOST_BYTES = 200 * 1024 * 1024
MOST_KEYS = 1_000_000


def key(cell: str) -> str:
    """A cell as keys are compared: case and the width of blanks do not count."""
    return " ".join(cell.casefold().split())


def found(profile: Profile, near: Path | None = None) -> dict[str, str]:
    """Where each lookup's file is: in the profile's folder, else in ``near``.

    Raises ProfileError where there is none, or a link leads out of the folder.
    """
    folders = [folder for folder in (profile.folder, near) if folder is not None]
    places = {}
    for name, lookup in profile.lookups.items():
        paths = [(folder.resolve(), (folder / lookup.file).resolve()) for folder in folders]
        inside = [path for folder, path in paths if path.is_relative_to(folder) and path.is_file()]
        if not inside:
            where = " or ".join(f"“{folder.name}”" for folder in folders) or "no folder"
            says = f'"{lookup.file}" is not there (looked in {where})'
            raise ProfileError(f"lookups.{name}.file: {says}")
        places[name] = str(inside[0])
    return places


def read(name: str, lookup: Lookup, path: Path, column: str) -> dict[str, str]:
    """A column of a lookup's file by its key; of several rows with one key the last counts.

    Raises ProfileError where file, key or column cannot be had.
    """
    place = f"lookups.{name}"
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ProfileError(f"{place}.file: is larger than {MOST_BYTES // 1024**2} MB")
        table = TextTable(path, Layout(format="csv", header=True))
        by = place_of(table.headers, lookup.key, f"{place}.key")
        at = place_of(table.headers, column, place)
        values = {}
        for record in _records(table):
            values[key(cleaned(record.fields[by]))] = cleaned(record.fields[at])
            if len(values) > MOST_KEYS:
                raise ProfileError(f"{place}.file: has more than {MOST_KEYS:,} keys")
    except UnreadableError as error:
        raise ProfileError(f"{place}.file: {error}") from None
    except OSError as error:
        raise ProfileError(f"{place}.file: cannot be read: {error.strerror or error}") from None
    values.pop("", None)
    return values


def _records(table: TextTable) -> Iterator[Record]:
    """The records that can be read; one in trouble has no key."""
    for batch in table.batches(Tally()):
        if not isinstance(batch, Passed):
            yield from (record for record in batch if record.fields)


def place_of(headers: Sequence[str], name: str, place: str) -> int:
    """Where the header of this name stands: as it is written, else in any case.

    Raises ProfileError where there is none, or more than one.
    """
    if name in headers and Counter(headers)[name] == 1:
        return headers.index(name)
    meant = [at for at, header in enumerate(headers) if normal(header) == normal(name)]
    if len(meant) > 1:
        raise ProfileError(f'{place}: header "{name}" stands {len(meant)} times in the file')
    if not meant:
        raise unknown(place, "header", name, [header for header in headers if header])
    return meant[0]


class Found:
    """A cell's value in a second file; ``missing`` counts the cells that are not there."""

    def __init__(self, name: str, values: Mapping[str, str], missing: Counter[str] | None) -> None:
        self._values, self._missing = values, missing
        self._says = f"not found in {name}"

    def __call__(self, cell: str) -> str:
        """The value beside this cell; empty where there is none."""
        value = self._values.get(key(cell))
        if value is None and self._missing is not None:
            self._missing[self._says] += 1
        return value or ""
