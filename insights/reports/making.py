"""Makes what was asked for of an address: a report on paper, a workbook, a long table."""

from __future__ import annotations

from pathlib import Path

from insights.actions.files import Made, MadeFile, Tell
from insights.reports.gathering import report_at, whole_page
from insights.reports.printing import print_report


def produce(one: MadeFile, folder: Path, tell: Tell) -> Made:
    """The file of a row, as its owner may see it now; NotMadeError where it cannot be made."""
    return _paper(one, folder, tell)


def _paper(one: MadeFile, folder: Path, tell: Tell) -> Made:
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
    )
