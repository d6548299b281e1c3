"""Makes what was asked for of an address: a report on paper, a workbook, a long table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from insights.actions.files import Made, MadeFile, NotMadeError, Tell
from insights.reports.gathering import GONE, report_at, said, whole_page
from revops_site.kernel import exports
from revops_site.kernel.pages import asking, listings
from revops_site.kernel.pages.visits import Visit
from revops_site.kernel.panels import Panel, table
from revops_site.kernel.permissions import allowed
from revops_site.kernel.queries import sharing

NO_TABLE = "There is no such table on this page any more."


def produce(one: MadeFile, folder: Path, tell: Tell) -> Made:
    """The file of a row, as its owner may see it now; NotMadeError where it cannot be made."""
    if one.kind == MadeFile.Kind.WORKBOOK:
        return _workbook(one, folder, tell)
    if one.kind == MadeFile.Kind.TABLE:
        return _table(one, folder, tell)
    return _paper(one, folder, tell)


def visit_at(one: MadeFile) -> Visit:
    """The look at the address of a row; NotMadeError where no page is there for its owner."""
    page = asking.page_at(one.owner, one.address)
    if page is None:
        raise NotMadeError(GONE)
    return asking.visit_of(one.owner, page, one.address.partition("?")[2])


def _paper(one: MadeFile, folder: Path, tell: Tell) -> Made:
    from insights.reports.printing import print_report  # the typesetter is large

    report = report_at(one.address) or whole_page(one.owner, one.address)
    paper = print_report(report, one.owner, one.address.partition("?")[2], tell)
    path = folder / "report.pdf"
    path.write_bytes(paper.pdf)
    return Made(
        path=path,
        name=f"{report.slug}-{paper.as_of:%Y%m%d}.pdf",
        as_of=paper.as_of,
        said=paper.said,
        reps=paper.reps,
        generation=paper.generation,
        pictures=paper.pictures,
        headlines=paper.headlines,
    )


def _workbook(one: MadeFile, folder: Path, tell: Tell) -> Made:
    """A sheet for each panel and each long table of the page; what they are on the first."""
    with sharing():
        visit = visit_at(one)
        path = folder / "page.xlsx"
        exports.write_book(path, visit.page.title, _about(visit), _rolls(visit, tell))
    return _made(one, visit, path, f"{visit.page.slug}-{visit.slice_.as_of:%Y%m%d}.xlsx")


def _rolls(visit: Visit, tell: Tell) -> Iterator[exports.Roll]:
    count = len(visit.page.panels) + len(visit.page.listings)
    for nth, panel in enumerate(visit.page.panels):
        tell(nth, count, f"{panel.title} is being computed")
        yield exports.of_frame(_sheet(panel, visit.on(panel)))
    for nth, listing in enumerate(visit.page.listings, len(visit.page.panels)):
        tell(nth, count, f"{listing.title} is being written")
        many = min(listings.count(listing, visit), exports.MOST_ROWS)
        roll = listings.roll(listing, visit)
        about = {"question": listing.question}
        rows = islice(_told(roll.rows, many, tell, listing.noun), exports.MOST_ROWS)
        yield exports.Roll(roll.title, roll.columns, rows, about)


def _sheet(panel: Panel, visit: Visit) -> exports.Sheet:
    notes = panel.note(visit.slice_) if panel.note else ()
    about = {"question": panel.question, "as_of": visit.slice_.as_of.isoformat()}
    if notes:
        about["notes"] = " ".join(notes)
    frame = table(panel, visit.slice_, visit.sort or panel.sort)
    return exports.Sheet(panel.title, frame, about)


def _table(one: MadeFile, folder: Path, tell: Tell) -> Made:
    """All rows of a long table, read and written some thousand at a time."""
    visit = visit_at(one)
    listing = visit.page.listing(one.part)
    if listing is None or one.suffix not in exports.KINDS:
        raise NotMadeError(NO_TABLE)
    many = listings.count(listing, visit)
    roll = listings.roll(listing, visit)
    rows = _told(roll.rows, many, tell, listing.noun)
    path = folder / f"table.{one.suffix}"
    with path.open("wb") as out:
        counted = exports.Roll(roll.title, roll.columns, rows, roll.about)
        out.writelines(exports.KINDS[one.suffix].stream(counted))
    return _made(one, visit, path, listings.name(listing, visit, one.suffix))


def _told(
    rows: Iterable[Sequence[Any]], many: int, tell: Tell, noun: str
) -> Iterator[Sequence[Any]]:
    """The rows, while somebody hears how many of them have passed."""
    for nth, row in enumerate(rows):
        if nth % 1000 == 0:
            tell(nth, max(many, 1), f"{nth:,} of {many:,} {noun} are written")
        yield row


def _about(visit: Visit) -> dict[str, str]:
    return {
        "as_of": visit.slice_.as_of.isoformat(),
        "period": asking.window(visit),
        "filters": "; ".join(said(visit)) or "none",
        "address": visit.frame.address(),
        "currency": visit.slice_.currency,
        "workspace": visit.workspace.name,
    }


def _made(one: MadeFile, visit: Visit, path: Path, name: str) -> Made:
    return Made(
        path=path,
        name=name,
        as_of=visit.slice_.as_of,
        said="; ".join(said(visit)) or "none",
        reps=allowed(one.owner).reps,
        generation=visit.workspace.generation,
    )
