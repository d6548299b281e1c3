"""Second files, in which an upload's mapping looks values up: sent along, kept as uploads are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from insights.actions.uploads import keeping
from insights.actions.uploads.refusals import RefusedError
from insights.models import Upload
from revops_site.kernel import audit
from revops_site.kernel.models import User
from revops_site.kernel.profiles import parse


@dataclass(frozen=True)
class Second:
    """A second file that is kept: ``place`` is what mappings call it."""

    place: str
    file: dict[str, Any]

    def __call__(self, one: Upload) -> None:
        """Put it beside an upload, in place of the one of before."""
        _insist(one, self.place)
        one.beside = {**one.beside, self.place: self.file}
        one.checked = {}


def second(
    upload_id: int, place: str, *, user: User, name: str, size: int, chunks: Iterable[bytes]
) -> Second:
    """Keep a second file; RefusedError where the upload's mapping knows no such or it is large."""
    one = Upload.objects.get(pk=upload_id)
    _insist(one, place)
    name = keeping.plain_name(name)
    sha256, size = keeping.keep_bytes(user, name, size, chunks)
    audit.record("second file uploaded", user=user, target=str(one), sha256=sha256, size=size)
    return Second(place, {"name": name, "size": size, "sha256": sha256})


def _insist(one: Upload, place: str) -> None:
    if place not in {lookup.file for lookup in parse(one.profile).lookups.values()}:
        raise RefusedError(f"The mapping looks nothing up in “{place}”.")
