"""What texts of a date's format look like: strptime's directives, and the words beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from revops_site.kernel.profiles.errors import ProfileError

ISO = "iso"
# Counts of days since Excel's day 0, and of (milli)seconds since 1970.
COUNTS = ("excel", "epoch", "epoch_ms")
_TIME = (
    r"(?P<H>[0-9]{1,2})[:.](?P<M>[0-9]{2})(?:[:.](?P<S>[0-9]{2})(?:[.,](?P<f>[0-9]{1,9}))?)?"
    r"(?:\s?(?P<p>[AaPp])\.?[Mm]\.?)?(?:\s?(?P<z>Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?))?"
)
_NO_TIME = rf"(?:(?:\s*T|,?\s+){_TIME})?"
_ISO = rf"(?P<Y>[0-9]{{4}})-(?P<m>[0-9]{{1,2}})-(?P<d>[0-9]{{1,2}}){_NO_TIME}"
_DIRECTIVES: Mapping[str, str] = {
    "Y": "(?P<Y>[0-9]{4})",
    "y": "(?P<y>[0-9]{2})",
    "m": "(?P<m>[0-9]{1,2})",
    "d": "(?P<d>[0-9]{1,2})",
    "e": "(?P<d>[0-9]{1,2})",
    "j": "(?P<j>[0-9]{1,3})",
    "b": r"(?P<b>[^\W\d_]+)\.?",
    "B": r"(?P<b>[^\W\d_]+)\.?",
    "h": r"(?P<b>[^\W\d_]+)\.?",
    "a": r"[^\W\d_]+\.?",
    "A": r"[^\W\d_]+\.?",
    "H": "(?P<H>[0-9]{1,2})",
    "I": "(?P<H>[0-9]{1,2})",
    "M": "(?P<M>[0-9]{1,2})",
    "S": "(?P<S>[0-9]{1,2})",
    "f": "(?P<f>[0-9]{1,9})",
    "p": r"(?P<p>[AaPp])\.?[Mm]\.?",
    "z": "(?P<z>Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)",
    "%": "%",
}
_WHOLE = {"F": "%Y-%m-%d", "D": "%m/%d/%y", "T": "%H:%M:%S", "R": "%H:%M"}


def shape(format_: str, place: str = "dates.formats") -> re.Pattern[str]:
    """What texts of a format look like. Raises ProfileError where it tells no day.

    A format without a time fits a text that has one, too.
    """
    if format_ == ISO:
        return re.compile(_ISO)
    pattern = re.sub(r"%([FDTR])", lambda found: _WHOLE[found[1]], format_)
    seen: set[str] = set()
    parts = []
    for piece in re.findall(r"%[-#]?.?|\s+|[^%\s]", pattern, re.DOTALL):
        if not piece.startswith("%"):
            parts.append(r"\s+" if piece.isspace() else re.escape(piece))
            continue
        directive = _DIRECTIVES.get(piece[-1]) if len(piece) > 1 else None
        if directive is None:
            known = " ".join(f"%{name}" for name in (*_DIRECTIVES, *_WHOLE))
            raise ProfileError(f'{place}: "{format_}" has unknown "{piece}"; known are {known}')
        group = directive[4] if directive.startswith("(?P<") else piece
        if group in seen:
            raise ProfileError(f'{place}: "{format_}" has "{piece}" twice')
        seen.add(group)
        parts.append(directive)
    if not seen & {"Y", "y"} or not seen & {"m", "b", "j"}:
        says = f'"{format_}" has no year and month; try "%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y", "iso"'
        raise ProfileError(f"{place}: {says}, {', '.join(COUNTS)}")
    return re.compile("".join(parts) + ("" if seen & set("HMSfpz") else _NO_TIME), re.IGNORECASE)
