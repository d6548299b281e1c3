"""Says where the columns of an upload go: guessed, chosen in a form, written, or saved before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from django.db import transaction

from insights.actions.uploads.refusals import RefusedError
from insights.analytics.uploads import mapping
from insights.models import SavedProfile, Upload
from insights.models.uploads import LONGEST_NAME
from insights.queries.uploads import mapped_before, named
from revops_site.kernel import audit
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.models import User
from revops_site.kernel.profiles import (
    Profile,
    ProfileError,
    Target,
    disagreements,
    guess,
    parse,
    written,
)
from revops_site.kernel.reading import REASONS, Layout, Looked, UnreadableError, look

MOST_COLUMNS = 300
WHOLE = Layout()


def begin(
    one: Upload,
    path: Path,
    catalog: Sequence[Dataset],
    *,
    dataset: str = "",
    layout: Layout = WHOLE,
) -> None:
    """Map an upload by a look at it: as the last file with the same headers, else by guessing.

    ``dataset`` leaves only that one to guess among. RefusedError where the file cannot be read.
    """
    looked = _looked(path, layout, one.file_name)
    headers = [header for header in looked.headers if header != REASONS]
    before = mapped_before(headers) if not dataset and layout == WHOLE else None
    taken = [each for each in catalog if each.name == dataset] or catalog
    found = guess(looked, {each.name: targets(each) for each in taken}, one.file_name)
    profile, doubts = found.profile, list(found.doubts)
    if before:
        known = parse(before.profile)
        profile = replace(known, layout=profile.layout)
        one.beside = before.beside
        doubts = _doubts(profile, looked, catalog)
    one.found = {
        "headers": headers,
        "format": looked.layout.format,
        "encoding": looked.layout.encoding,
        "delimiter": looked.layout.delimiter,
        "sheet": looked.layout.sheets[0] if looked.layout.sheets else "",
        "sheets": list(looked.sheets),
        "notes": list(looked.notes),
        "doubts": doubts,
        "before": str(before.file_name) if before else "",
    }
    _put(one, profile)
    one.found["mapping"] = one.profile


def choose(one: Upload, given: Mapping[str, str], catalog: Sequence[Dataset]) -> None:
    """Map an upload as a form chose; another dataset or sheet is looked at anew."""
    profile = parse(one.profile)
    dataset = given.get("dataset", profile.dataset)
    sheet = given.get("sheet", one.found["sheet"])
    if dataset not in {each.name for each in catalog} or (
        sheet and sheet not in one.found["sheets"]
    ):
        raise RefusedError("Choose a dataset and a sheet that there are.")
    if dataset != profile.dataset or sheet != one.found["sheet"]:
        start_anew(one, catalog, dataset=dataset, sheet=sheet)
        return
    (known,) = (each for each in catalog if each.name == dataset)
    headers = one.found["headers"]
    try:
        _put(one, parse(written(mapping.chosen(given, profile, targets(known), headers))))
    except ProfileError as error:
        raise RefusedError(f"The mapping cannot be used: {error}.") from error


def start_anew(
    one: Upload, catalog: Sequence[Dataset], *, dataset: str = "", sheet: str = ""
) -> None:
    """Guess again, among one dataset and in one sheet where they are given."""
    layout = Layout(sheets=(sheet,)) if sheet else WHOLE
    with named(one) as path:
        begin(one, path, catalog, dataset=dataset, layout=layout)


def say(one: Upload, text: str, catalog: Sequence[Dataset]) -> None:
    """Map an upload as a text of TOML says."""
    try:
        profile = parse(text)
    except ProfileError as error:
        raise RefusedError(f"The mapping cannot be used: {error}.") from error
    if profile.dataset not in {each.name for each in catalog}:
        raise RefusedError(f"The mapping names no dataset that there is: “{profile.dataset}”.")
    for name, lookup in profile.lookups.items():
        if not _is_name(lookup.file):
            says = f"lookups.{name}.file: a second file has a short name here, and no folder"
            raise RefusedError(f"The mapping cannot be used: {says}.")
    _put(one, profile)


def use(one: Upload, profile_id: int, catalog: Sequence[Dataset]) -> None:
    """Map an upload as a saved mapping says, but read the file as it is."""
    saved = SavedProfile.objects.filter(pk=profile_id).first()
    if saved is None:
        raise RefusedError("This saved mapping is no longer there.")
    layout = parse(one.profile).layout
    one.beside = {**one.beside, **saved.beside}
    profile = replace(parse(saved.toml), layout=layout)
    say(one, written(profile), catalog)
    with named(one) as path:
        looked = _looked(path, layout, one.file_name)
    doubts = _doubts(profile, looked, catalog)
    one.found = {**one.found, "doubts": doubts, "mapping": one.profile}


@transaction.atomic
def save(upload_id: int, name: str, *, user: User, at: datetime) -> SavedProfile:
    """Keep an upload's mapping under a name, in place of the one that has it."""
    one = Upload.objects.get(pk=upload_id)
    name = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not name:
        raise RefusedError("Give the mapping a name.")
    if len(name) > LONGEST_NAME:
        raise RefusedError(f"A name has at most {LONGEST_NAME} characters; this has {len(name)}.")
    kept = {
        "dataset": parse(one.profile).dataset,
        "toml": one.profile,
        "beside": one.beside,
        "owner": user,
        "changed_at": at,
    }
    found = SavedProfile.objects.select_for_update().filter(name__iexact=name).first()
    saved = found or SavedProfile(name=name)
    for field, value in kept.items():
        setattr(saved, field, value)
    saved.save()
    audit.record("mapping saved", user=user, target=name, dataset=saved.dataset)
    return saved


def targets(dataset: Dataset) -> list[Target]:
    """A dataset's columns as mappings know them."""
    return [Target.of(column) for column in dataset.columns]


def _doubts(profile: Profile, looked: Looked, catalog: Sequence[Dataset]) -> list[str]:
    """What a file's cells say against a mapping that was made for another file."""
    known = next((each for each in catalog if each.name == profile.dataset), None)
    return disagreements(profile, looked, targets(known)) if known else []


def _put(one: Upload, profile: Profile) -> None:
    """A mapping that is another one has not been checked."""
    one.profile = written(profile)
    one.checked = {}


def _is_name(file: str) -> bool:
    """Whether it is the name of a file in a folder, and nothing else."""
    return PurePosixPath(file).name == file and len(file) <= LONGEST_NAME


def _looked(path: Path, layout: Layout, name: str) -> Looked:
    try:
        looked = look(path, layout)
    except UnreadableError as error:
        raise RefusedError(f"{name} {error}.") from error
    if len(looked.headers) > MOST_COLUMNS:
        many = f"{len(looked.headers):,} columns; at most {MOST_COLUMNS} can be mapped"
        raise RefusedError(f"{name} has {many}.")
    if not looked.sample:
        raise RefusedError(f"{name} has a header and no rows.")
    return looked
