"""How the bytes of a file are to be read; what is not said is found by looking."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, TypeAlias, get_args

Format: TypeAlias = Literal["", "csv", "blanks", "fixed", "xlsx", "xls", "ods"]

TEXTS = ("csv", "blanks", "fixed")
BOOKS = ("xlsx", "xls", "ods")
MOST = 1_000_000_000  # lines on top, or characters in a column
_NO_CHARSETS = ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined")


@dataclass(frozen=True)
class Layout:
    """How a file is to be read; an empty field, or None, is found by looking."""

    format: Format = ""
    """``blanks``: columns with blanks between them; ``fixed``: columns of fixed width."""
    encoding: str = ""
    """A codec of Python."""
    delimiter: str = ""
    """One character; of ``blanks`` one or two blanks, the fewest that part two columns."""
    compressed: bool | None = None
    """Whether the bytes are gzip's."""
    sheets: tuple[str, ...] = ()
    """By name, appended in this order; ``*`` alone is all, none the first that is like a table."""
    header: bool | None = None
    """Whether there is a header row."""
    names: tuple[str, ...] = ()
    """The headers of a file that has none."""
    skip: int | None = None
    """So many lines, or rows of a sheet, stand above the header or the first record."""
    widths: tuple[int, ...] = ()
    """Of a fixed-width file, in characters; the last column goes on to the end of the line."""

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Layout:
        """A layout from plain values, as in JSON or TOML.

        Raises ValueError with a plain sentence where they are none.
        """
        known = [each.name for each in fields(cls)]
        for key in plain:
            if key not in known:
                raise ValueError(f"unknown key “{key}”; known are {', '.join(known)}")
        return cls(**{key: _CHECKS[key](key, value) for key, value in plain.items()})

    def plain(self) -> dict[str, Any]:
        """The plain values that ``of`` takes; only what is said."""
        said = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in said.items()
            if value is not None and value not in ("", ())
        }


def _format(key: str, value: Any) -> Any:
    if value not in get_args(Format):
        raise ValueError(f"{key}: “{value}” is none of {', '.join(filter(None, get_args(Format)))}")
    return value


def _encoding(key: str, value: Any) -> str:
    try:
        name = codecs.lookup(value).name if value else ""
    except (LookupError, TypeError, ValueError):
        name = "undefined"
    if name.replace("-", "_") in _NO_CHARSETS or not _reads_text(name):
        raise ValueError(f"{key}: “{str(value)[:40]}” is not an encoding of text")
    return str(value)


def _reads_text(name: str) -> bool:
    try:
        # No bytes at all would pass by any codec, also by one that makes bytes of bytes.
        return not name or isinstance(bytes(4).decode(name), str)
    except (LookupError, UnicodeError):
        return False


def _delimiter(key: str, value: Any) -> str:
    blanks = value in ("", " ", "  ")
    if not blanks and not (isinstance(value, str) and len(value) == 1 and value not in '\r\n"\0'):
        raise ValueError(f"{key}: {value!r} is not one character")
    return str(value)


def _truth(key: str, value: Any) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise ValueError(f"{key}: {value!r} is neither true nor false")
    return value


def _texts(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"{key}: {value!r} is not a list of texts")
    return tuple(value)


def _number(key: str, value: Any) -> int | None:
    if value is not None and (type(value) is not int or not 0 <= value <= MOST):
        raise ValueError(f"{key}: {value!r} is not a number of lines")
    return value


def _widths(key: str, value: Any) -> tuple[int, ...]:
    whole = isinstance(value, (list, tuple)) and all(
        type(e) is int and 0 < e <= MOST for e in value
    )
    if not whole:
        raise ValueError(f"{key}: {value!r} is not a list of widths in characters")
    return tuple(value)


_CHECKS = {
    "format": _format,
    "encoding": _encoding,
    "delimiter": _delimiter,
    "compressed": _truth,
    "sheets": _texts,
    "header": _truth,
    "names": _texts,
    "skip": _number,
    "widths": _widths,
}
