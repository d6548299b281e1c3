"""A profile as TOML that a person can read, with remarks as comments: parsed, it is the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from revops_site.kernel.profiles.profile import Profile, Source

BARE = re.compile(r"[A-Za-z0-9_-]+")
# What TOML has a letter for after a backslash.
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
DEFAULTS = Profile()
NOTHING: Mapping[str, str] = {}


def written(profile: Profile, remarks: Mapping[str, str] = NOTHING) -> str:
    """The profile as TOML.

    ``remarks`` go before the place that they are about: "" (the top), a table such as "dates", or a
    column such as "columns.amount"; a column that the profile does not have becomes a comment.
    """
    top = {
        "dataset": profile.dataset,
        "repeats": _unless(profile.repeats, DEFAULTS.repeats),
        "nulls": profile.nulls,
        "others": _unless(profile.others, DEFAULTS.others),
    }
    file = {
        **profile.layout.plain(),
        "drop": profile.drop,
        "headers_again": _unless(profile.headers_again, DEFAULTS.headers_again),
    }
    dates = {"formats": _unless(profile.formats, DEFAULTS.formats), "zone": profile.zone}
    numbers = {
        "decimal": _unless(profile.decimal, DEFAULTS.decimal),
        "thousands": profile.thousands,
    }
    lines = [*_comment(remarks.get("", "")), *_lines(top)]
    for name, table in (("file", file), ("dates", dates), ("numbers", numbers)):
        inside = [*_comment(remarks.get(name, "")), *_lines(table)]
        lines += ["", f"[{name}]", *inside] if inside else []
    lines += ["", "[columns]", *_comment(remarks.get("columns", ""))]
    lines += _columns(profile, remarks)
    for name, lookup in profile.lookups.items():
        lines += ["", f"[lookups.{_key(name)}]", *_comment(remarks.get(f"lookups.{name}", ""))]
        lines += _lines({"file": lookup.file, "key": lookup.key})
    return "\n".join(lines).strip() + "\n"


def _columns(profile: Profile, remarks: Mapping[str, str]) -> Iterable[str]:
    for name, source in profile.columns.items():
        yield from _comment(remarks.get(f"columns.{name}", ""))
        yield f"{_key(name)} = {_source(source)}"
    for place, remark in remarks.items():
        name = place.removeprefix("columns.")
        if name != place and name not in profile.columns:
            yield from _comment(remark)
            yield f'# {_key(name)} = ""'


def _source(source: Source) -> str:
    said: dict[str, Any] = {
        "from": source.header or None,
        "constant": source.constant,
        "expression": source.expression or None,
        "lookup": source.lookup or None,
        "column": source.column or None,
        "unit": source.unit or None,
        "symbol": source.symbol or None,
        "formats": source.formats or None,
        "values": source.values or None,
        "otherwise": source.otherwise,
        "default": source.default,
    }
    kept = {name: value for name, value in said.items() if value is not None}
    return _value(source.header) if list(kept) == ["from"] else _value(kept)


def _lines(table: Mapping[str, Any]) -> list[str]:
    return [
        f"{_key(name)} = {_value(value)}"
        for name, value in table.items()
        if value is not None and value not in ("", ())
    ]


def _unless(value: Any, default: Any) -> Any:
    return None if value == default else value


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items())
        return f"{{ {inside} }}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_value, value))}]"
    return _quoted(value) if isinstance(value, str) else str(value)


def _key(name: str) -> str:
    return name if BARE.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    return '"' + "".join(_escaped(one) for one in text) + '"'


def _escaped(one: str) -> str:
    if one in ESCAPES:
        return ESCAPES[one]
    return one if one.isprintable() else f"\\U{ord(one):08X}"


def _comment(remark: str) -> list[str]:
    """A remark as comments; what TOML forbids in one is left out."""
    return [
        f"# {''.join(c if c.isprintable() else ' ' for c in line)}".rstrip()
        for line in remark.splitlines()
    ]
