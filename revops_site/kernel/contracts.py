"""The datasets' promises as a document for those who write the files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from revops_site.kernel.datasets import Column, Dataset

KINDS = {
    "text": "text",
    "integer": "whole number",
    "decimal": "number",
    "date": "date",
    "boolean": "true or false",
    "currency": "currency code",
    "rep": "person",
    "team": "team",
    "instant": "moment",
    "month": "month",
}
INTRODUCTION = """\
# Data contracts

What the files promise that `manage.py ingest` loads. Written by `manage.py contracts` from the
datasets; do not edit.

* CSV in UTF-8, one header row, fields separated by comma, semicolon or tab and quoted with `"`
  where needed. Other encodings, delimiters and line ends, columns of blanks or fixed widths, files
  packed with gzip, workbooks (`.xlsx`, `.xls`, `.ods`) and lines above the header are found by
  looking. Rows of empty cells alone are left out, and counted.
* Headers are recognised in any order and case; blanks, dashes and underscores count as one.
* Dates are `2024-12-31`; where a date is asked for, a moment counts as its day in the workspace's
  time zone. Moments are `2024-12-31T08:30:00Z`, with an offset, or without one in UTC; a day alone
  is its first moment in the workspace's time zone. Months are `2024-12` or any day of it.
* Numbers have a decimal point and no thousands marks; true and false may
  be `true/false`, `t/f`, `yes/no`, `y/n`, `1/0`. Blanks around a value do not
  count, nor do characters without width anywhere in it; a blank of any kind is a plain one.
* A row replaces the stored row with the same key, as a whole: an optional column that the file
  lacks takes its default. Of rows with one key in one file the last counts, and the others are
  refused with its line; where all of them say the same, the first does.
* An id of the key that a spreadsheet has rounded, such as `2.41E+18`, is refused.
* A row that points at nothing, such as a note on a deal that no file knows, is loaded and
  reported. A rep or team that only another row has named is made, and reported too.
* A row that breaks the promise is refused and kept with its line, column, value and reason; a
  missing required column stops the whole run.
* Ratios and ages that a file brings along are held against their recomputation, counted as
  warnings where they differ by more than 1 %, and never stored.
"""


def document(catalog: Sequence[Dataset]) -> str:
    """All promises, in Markdown."""
    return "\n".join([INTRODUCTION, *(line for dataset in catalog for line in _chapter(dataset))])


def columns(dataset: Dataset) -> list[tuple[str, str, str, str]]:
    """Header, kind, whether it is needed, and meaning of each column, as plain text."""
    return [
        (one.title, _bare(_kind(dataset, one)), _needed(one), _bare(_meaning(one)))
        for one in dataset.columns
    ]


def _bare(markdown: str) -> str:
    return markdown.replace("`", "")


def _chapter(dataset: Dataset) -> Iterator[str]:
    identity = ", ".join(f"`{dataset.column(n).title}`" for n in dataset.identity or dataset.key)
    scope = (
        "its owner, the owner's manager and who may see all deals"
        if dataset.scope == "rep"
        else "everybody signed in"
    )
    yield f"## {dataset.name}\n"
    yield f"{dataset.meaning} Key: {identity}. Seen by {scope}.\n"
    yield "| header | kind | needed | meaning |\n|---|---|---|---|"
    for column in dataset.columns:
        cells = (f"`{column.title}`", _kind(dataset, column), _needed(column), _meaning(column))
        yield f"| {' | '.join(cells)} |"
    for ratio in dataset.recomputed:
        yield f"| `{ratio.header}` | number | no | Checked against {ratio.formula}; not stored. |"
    yield ""
    yield from _list("Derived", [f"`{d.name}`: {d.meaning}" for d in dataset.derived])
    yield from _list(
        "Refused",
        [f"a row whose `{dataset.column(r.column).title}` {r.reason}" for r in dataset.rules],
    )
    yield from _list(
        "Warned of",
        [f"rows that {reference.says}" for reference in dataset.references]
        + [doubt.says for doubt in dataset.doubts],
    )


def _kind(dataset: Dataset, column: Column) -> str:
    says = KINDS.get(column.kind, "")
    if column.kind == "choice":
        says = f"one of {', '.join(f'`{code}`' for code in column.choices)}"
    longest = dataset.longest(column)
    if column.kind in {"text", "rep", "team"} and longest:
        says += f", up to {longest} characters"
    says += _range(column)
    return f"{says} ({column.unit})" if column.unit else says


def _range(column: Column) -> str:
    if column.minimum is None:
        return "" if column.maximum is None else f", {column.maximum:,} at most"
    if column.maximum is None:
        return f", {column.minimum:,} or more"
    return f", {column.minimum:,} to {column.maximum:,}"


def _needed(column: Column) -> str:
    if not column.required:
        return "no"
    return "header" if column.nullable else "header and value"


def _meaning(column: Column) -> str:
    says = column.meaning
    names = [name for name in column.headers if name.casefold() != column.title.casefold()]
    if names:
        says += f" Also called {', '.join(f'`{name}`' for name in names)}."
    other = [spelling for spellings in column.choices.values() for spelling in spellings]
    if other:
        says += f" Also understood, in any case: {', '.join(other)}."
    if isinstance(column.default, str):
        says += f" Default: {column.default}."
    return says


def _list(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"{title}:\n"
        yield from (f"* {line}" for line in lines)
        yield ""
