"""What a run of the loader tells, for people: a table of the files, then what to look at."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from revops_site.kernel.loading import FileReport, Lines, Report, place, some

WIDTH = 120
REPLACED = "rows refused because a later row has the same key"


def written(report: Report) -> str:
    """The report for people: a table of the files, then what to look at in each."""
    console = Console(width=WIDTH, color_system=None)
    with console.capture() as capture:
        console.print(_table(report))
        for file in report.files:
            for line in _remarks(file):
                console.print(f"{file.file}: {line}", markup=False, highlight=False)
        if report.dry_run:
            console.print("A dry run: nothing was kept.")
    return capture.get()


def _table(report: Report) -> Table:
    table = Table()
    for name in ("file", "dataset", "status"):
        table.add_column(name, overflow="fold")
    for name in ("rows", "refused", "new", "changed", "same", "warnings", "rows/s"):
        table.add_column(name, justify="right")
    for file in report.files:
        counts = (file.rows, file.refused, file.inserted, file.updated, file.unchanged)
        rate = f"{file.rows / file.seconds:,.0f}" if file.rows and file.seconds else ""
        cells = [f"{n:,}" for n in (*counts, sum(file.warnings.values()))]
        table.add_row(file.file, file.dataset, file.status, *cells, rate)
    return table


def _remarks(file: FileReport) -> list[str]:
    dropped = [f"left out: {_some(kind, lines, file)}" for kind, lines in file.dropped.items()]
    refused = [
        f"{place(row.line, file.appended)}: {row.column} {row.value!r} {row.reason}".replace(
            "  ", " "
        )
        for row in file.sample
    ]
    if refused and file.refused > 1:
        refused.insert(0, f"{file.refused:,} rows refused, the first of them:")
    warned = [f"warning: {says} ({some(rows, 'rows')})" for says, rows in file.warnings.items()]
    if file.replaced.rows:
        dropped.append(_some(REPLACED, file.replaced, file))
    read = list(file.notes) if file.status != "unchanged" else []
    return [*([file.message] if file.message else []), *read, *dropped, *refused, *warned]


def _some(kind: str, lines: Lines, file: FileReport) -> str:
    """Of what kind how many, and where the first of them are."""
    listed = "line " + ", ".join(map(str, lines.lines))
    if file.appended:
        listed = "; ".join(place(line, file.appended) for line in lines.lines)
    more = " …" if lines.rows > len(lines.lines) else ""
    return f"{some(lines.rows, kind)} ({listed}{more})"
