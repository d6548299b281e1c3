"""SQL as people read it: a clause a line, a column a line; nothing but white space is changed."""

from __future__ import annotations

import re
from dataclasses import dataclass

PART = re.compile(r"""(\s*)('(?:[^']|'')*'|"(?:[^"]|"")*"|[(),]|[^\s'"(),]+)""")
CLAUSES = {
    *("SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "WITH"),
    *("INNER", "LEFT", "CROSS", "JOIN"),
}
OF_JOINS = {"INNER", "LEFT", "CROSS", "OUTER"}
QUERIES = {"SELECT", "WITH"}
STEP = "  "


def readable(sql: str) -> str:
    """The same SQL over several lines; one with comments stays as it was written."""
    if "--" in sql:
        return sql
    found = PART.findall(sql.strip())
    lines = _Lines()
    for nth, (space, part) in enumerate(found, start=1):
        after = found[nth][1] if nth < len(found) else ""
        lines.add(part, bool(space), after.upper())
    return "".join(lines.written)


@dataclass
class _Query:
    """A query within the text: how far it is indented, and how many brackets are open in it."""

    indent: str
    brackets: int = 0


class _Lines:
    """What is written so far, and within which queries."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.queries = [_Query("")]
        self.before = ""
        self.between = False  # the next AND belongs to a BETWEEN

    def add(self, part: str, space: bool, after: str) -> None:
        """One more word or sign, before which there was some space or none."""
        word = part.upper()
        if part == ")":
            self._close()
        else:
            self.written += [self._gap(word, space), part]
        if part == "(":
            self._open(after)
        self.between = word == "BETWEEN" or (self.between and word != "AND")
        self.before = word

    def _gap(self, word: str, space: bool) -> str:
        here = self.queries[-1]
        if not self.written or self.before == "(":
            return ""
        if self._begins(word, here):
            deeper = "" if word in CLAUSES else STEP * (1 + here.brackets)
            return f"\n{here.indent}{deeper}"
        if self.before == "," and not here.brackets:
            return f"\n{here.indent}{STEP}"
        return " " if space else ""

    def _begins(self, word: str, here: _Query) -> bool:
        if word in CLAUSES:
            return not here.brackets and self.before not in OF_JOINS
        return word in {"AND", "OR"} and here.brackets <= 1 and not self.between

    def _open(self, after: str) -> None:
        """A bracket; one that holds a query begins a block."""
        if after not in QUERIES:
            self.queries[-1].brackets += 1
            return
        self.queries.append(_Query(self.queries[-1].indent + STEP))
        self.written.append(f"\n{self.queries[-1].indent}")

    def _close(self) -> None:
        if self.queries[-1].brackets or len(self.queries) == 1:
            self.queries[-1].brackets -= 1
        else:
            self.queries.pop()
            self.written.append(f"\n{self.queries[-1].indent}")
        self.written.append(")")
