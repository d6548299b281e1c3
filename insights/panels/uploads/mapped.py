"""An upload's mapping as a form, and its first rows as they would be stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.template.defaultfilters import filesizeformat

from insights.analytics.uploads import mapping
from insights.analytics.uploads.mapping import AS_WRITTEN, CONSTANT, HEADER, NOTHING, Choice
from revops_site.kernel.fragments.tables import Cell
from revops_site.kernel.loading import place
from revops_site.kernel.profiles import Profile, Target

if TYPE_CHECKING:
    from insights.models import SavedProfile, Upload
    from revops_site.kernel.datasets import Dataset

NUMBERS = frozenset({"integer", "decimal"})
LONGEST_CELL = 40


def preview(one: Upload) -> dict[str, Any] | None:
    """The first rows as a table; a cell that would be refused is marked and says why."""
    seen = one.checked.get("preview")
    if not seen or not seen["titles"]:
        return None
    rows = seen["rows"]
    bad = sum(bool(row["troubles"]) for row in rows)
    says = f"The first {len(rows)} rows as they will be stored."
    if len(rows) == 1:
        says = "The first row as it will be stored."
    if bad:
        says += f" {bad} of them would be refused." if len(rows) > 1 else " It would be refused."
    headings = [_heading("Line"), *map(_heading, seen["titles"])]
    return {
        "says": says,
        "table": {
            "id": "table-preview",
            "caption": says,
            "columns": headings,
            "rows": [_row(row, seen) for row in rows],
            "whole": True,
        },
    }


def form(
    one: Upload,
    profile: Profile,
    datasets: Sequence[Dataset],
    saved: Sequence[SavedProfile],
    lacking: Sequence[str],
) -> dict[str, Any]:
    """What the form of the mapping holds; ``lacking`` are the second files that are not there."""
    targets = next(
        ([Target.of(c) for c in each.columns] for each in datasets if each.name == profile.dataset),
        [],
    )
    headers = one.found["headers"]
    date, dates = mapping.dates(profile)
    number, numbers = mapping.numbers(profile)
    names = [each.name for each in datasets]
    return {
        "dataset": profile.dataset,
        "datasets": _options(profile.dataset, zip(names, names, strict=True)),
        "sheets": _options(one.found["sheet"], [(each, each) for each in one.found["sheets"]]),
        "dates": _options(date, dates.items()),
        "numbers": _options(number, numbers.items()),
        "repeats": profile.repeats == "drop",
        "columns": [_column(each, headers) for each in mapping.choices(profile, targets)],
        "unused": _unused(profile, headers),
        "seconds": _seconds(one, profile, lacking),
        "text": one.profile,
        "saved": [{"id": each.pk, "label": f"{each.name} ({each.dataset})"} for each in saved],
    }


def _seconds(one: Upload, profile: Profile, lacking: Sequence[str]) -> list[dict[str, Any]]:
    """The second files that the mapping looks up in, each with what was sent for it."""
    found = []
    for file in dict.fromkeys(lookup.file for lookup in profile.lookups.values()):
        columns = [
            name
            for name, source in profile.columns.items()
            if source.lookup and profile.lookups[source.lookup].file == file
        ]
        sent = one.beside.get(file)
        found.append(
            {
                "file": file,
                "fills": ", ".join(columns),
                "lacks": file in lacking,
                "sent": f"{sent['name']}, {filesizeformat(sent['size'])}" if sent else "",
            }
        )
    return found


def _options(chosen: str, pairs: Any) -> list[dict[str, Any]]:
    return [{"value": value, "label": says, "chosen": value == chosen} for value, says in pairs]


def _column(choice: Choice, headers: Sequence[str]) -> dict[str, Any]:
    pairs = [(NOTHING, "—"), *((HEADER + header, header) for header in headers)]
    pairs.append((CONSTANT, "The same in every row:"))
    if choice.chosen == AS_WRITTEN:
        pairs.append((AS_WRITTEN, choice.written))
    known = {value for value, _ in pairs}
    if choice.chosen not in known:
        pairs.append((choice.chosen, f"{choice.chosen.removeprefix(HEADER)} (not in this file)"))
    return {
        "name": choice.target.name,
        "title": choice.target.title,
        "needed": choice.is_needed,
        "missing": choice.is_needed and choice.chosen == NOTHING,
        "options": _options(choice.chosen, pairs),
        "constant": choice.constant,
        "more": choice.written if choice.chosen != AS_WRITTEN else "",
    }


def _unused(profile: Profile, headers: Sequence[str]) -> str:
    used = {source.header for source in profile.columns.values()}
    said = " ".join(source.expression for source in profile.columns.values())
    return ", ".join(each for each in headers if each not in used and each not in said)


def _heading(label: str) -> dict[str, Any]:
    return {"label": label, "numeric": False, "help": "", "sorted": "", "sort_url": ""}


def _row(row: dict[str, Any], seen: dict[str, Any]) -> list[Cell]:
    troubles = row["troubles"]
    whole, appended = troubles.get("", ""), seen.get("appended", ())
    line = Cell(
        place(row["line"], appended) if appended else f"{row['line']:,}",
        tone="bad" if troubles else "",
        icon="bad" if troubles else "",
        title=whole,
        more=whole,
    )
    cells = [
        _cell(text, troubles.get(title, ""))
        for text, title in zip(row["cells"], seen["titles"], strict=False)
    ]
    return [line, *cells]


def _cell(text: str, trouble: str) -> Cell:
    short = text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
    if trouble:
        return Cell(short or "empty", title=f"{text}: {trouble}", tone="bad", more=trouble)
    return Cell(short, title=text if short != text else "")
