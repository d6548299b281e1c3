"""The phrases by which a sentence of a note is recognised; "" is said where none is in it.

They are English. What is asked, denied, supposed or only hoped for is not taken as a fact.
"""

from __future__ import annotations

import re

NEGATED = re.compile(
    r"\b(?:not|no|never|none|nobody|without|neither|nor|cannot|lacks?|lacking)\b|n['’]t\b",
    re.IGNORECASE,
)
SUPPOSED = re.compile(
    r"\b(?:if|unless|in case|whether|should|would|could|might|may be|maybe|perhaps|probably"
    r"|possibly"
    r"|presumably|likely|hopefully|assum\w+|suppos\w+|guess\w*|think|believe|once|until|when"
    r"|before)\b",
    re.IGNORECASE,
)
OPEN = re.compile(
    r"\b(?:unknown|unclear|undisclosed|tb[adc]|to be (?:confirmed|defined|named|announced)|pending"
    r"|missing|outstanding|expired|rejected|refused|requested|required|needs?|needed|lack\w*"
    r"|(?:a)?wait\w*|ask(?:s|ed|ing)?|who|which|still|yet|open|overdue|will|shall|must)\b|\?",
    re.IGNORECASE,
)

# An end-user certificate and the like speak of papers, a training of end users of nobody.
_USER = (
    r"end[- ]?users?\b(?![- ]?(?:certificates?|statements?|declarations?|undertakings?|licen[cs]es?"
    r"|trainings?|support|computing|devices?|experience|documentation))"
)
ANY_USER = re.compile(rf"\b{_USER}", re.IGNORECASE)
_NAME = r"(?P<name>(?-i:[A-Z0-9\"“„])[^,;:!?()\n]{1,79})"
_SHORT = r"(?P<name>(?-i:[A-Z0-9])[^,;:!?()\n]{1,59}?)"
USER_IS = re.compile(
    rf"\b{_USER}\s*(?:(?:is|are|will be|has been|was|were)\s+|[:=–]\s*|-\s+)?"
    r"(?:(?:now\s+)?(?:confirmed|identified|named|known|given)\s*)?(?:(?:is|as|to be)\s+"
    r"|[:=–]\s*|-\s+)?"
    rf"(?:the\s+)?{_NAME}",
    re.IGNORECASE,
)
IS_USER = re.compile(
    rf"^(?:the\s+)?{_SHORT}\s+(?:is|are|will be|was confirmed as)\s+(?:the|our|their)?\s*{_USER}",
    re.IGNORECASE,
)
NO_NAME = re.compile(
    r"^(?:yes|no|ok|okay|done|n/?a|tb[adc]|unknown|unclear|none|nobody|not|still|yet|open|pending"
    r"|missing|various|several|confirmed|identified|known|named|given|he|she|it|they|we|i|this|that"
    r"|there|who|what|which|asked|met|happy)\b",
    re.IGNORECASE,
)
NAME_ENDS = re.compile(
    r"\s+(?:who|which|that|so|because|since|and\s+(?:they|we|he|she|it)|but)\b|\.$"
)
CONFIRMED = re.compile(
    rf"\b{_USER}\s+(?:(?:is|are|was|has been|have been)\s+)?(?:now\s+)?(?:confirmed|identified"
    rf"|known)\b",
    re.IGNORECASE,
)

HEDGED = re.compile(
    rf"\b{_USER}\s*(?:is|are|:)?\s*(?:probably|maybe|perhaps|possibly|likely|presumably|hopefully"
    r"|may be|might be|could be|should be)\b",
    re.IGNORECASE,
)


def end_user(sentence: str) -> str:
    """Who will use it, as far as a sentence names somebody, or that this is not settled."""
    if not ANY_USER.search(sentence):
        return ""
    doubted = NEGATED.search(sentence) or SUPPOSED.search(sentence)
    if not doubted and "?" not in sentence:
        for pattern in (USER_IS, IS_USER):
            if (found := pattern.search(sentence)) and (name := _name(found["name"])):
                return f"End user: {name}"
    about = ANY_USER.split(sentence, maxsplit=1)
    near = " ".join(
        [" ".join(about[0].split()[-6:]), *(" ".join(one.split()[:6]) for one in about[1:])]
    )
    if "?" in sentence or NEGATED.search(near) or OPEN.search(near):
        return "End user not settled"
    if not doubted and CONFIRMED.search(sentence):
        return "End user confirmed, not named"
    return "End user not settled" if HEDGED.search(sentence) else ""


def _name(text: str) -> str:
    name = NAME_ENDS.split(text, maxsplit=1)[0].strip(' ."“”„')
    return "" if NO_NAME.match(name) or not name or not any(map(str.isalpha, name)) else name


PAPERS = re.compile(
    r"\b(?:certificat(?:es?|ions?)|iso ?\d{4,5}\w*|ce[- ]mark(?:ing)?|declarations? of conformity"
    r"|test reports?|inspection reports?|survey checklists?|quality (?:documents?|papers?|plans?)"
    r"|material (?:approvals?|submittals?)|mdd|compliance (?:documents?|papers?|evidence|forms?"
    r"|reports?)"
    r"|export licen[cs]es?|end[- ]?user (?:certificates?|statements?|declarations?"
    r"|undertakings?))\b",
    re.IGNORECASE,
)
GIVEN = re.compile(
    r"\b(?:received|attached|submitted|approved|signed|sent|provided|uploaded|in place|issued"
    r"|complete"
    r"|completed|passed|handed over|delivered|on file|arrived|accepted|have|has|got)\b",
    re.IGNORECASE,
)


def compliance(sentence: str) -> str:
    """Whether papers that prove compliance are there, as far as a sentence says."""
    found = PAPERS.search(sentence)
    if not found:
        return ""
    paper = found[0]
    if SUPPOSED.search(sentence):
        return ""
    if NEGATED.search(sentence) or OPEN.search(sentence):
        return f"Open: {paper}"
    return f"There: {paper}" if GIVEN.search(sentence) else ""


STEP_IS = re.compile(
    r"\b(?:next steps?|to[- ]?do|action items?)\s*(?:(?:is|are)\b|[:=–]|-\s)\s*(?P<what>.+)",
    re.IGNORECASE,
)
NO_STEP = re.compile(
    r"\b(?:no|without (?:a|any)) (?:agreed |clear |firm )?next steps?\b"
    r"|\bnext steps? (?:is |are |was |were )?(?:still |yet )?(?:not|unclear|open|unknown"
    r"|tb[adc]|missing)\b"
    r"|\bnext steps? (?:isn|aren|wasn|weren)['’]t\b",
    re.IGNORECASE,
)
WE_DO = re.compile(
    r"\b(?:we|i)(?:['’]ll| will| shall| need to| have to| must| are going to| am going to)\s+"
    r"(?!not\b|never\b|no\b|see\b|be\b|have\b|lose\b|win\b|miss\b)\w+",
    re.IGNORECASE,
)
ASKED = re.compile(
    r"\b(?:needs?|wants?) (?:a|an|another|the) (?:\w+ ){0,2}(?:demo|call|meeting|reference"
    r"|offer|quote"
    r"|proposal|visit|sample|workshop)\b|\b(?:asked|asks) us to\b|\bcall (?:again|back)\b"
    r"|\b(?:follow[- ]?up|call|meeting|demo|visit|workshop|kick-off) (?:is )?(?:planned"
    r"|scheduled|booked"
    r"|agreed|set) (?:for|on)\b|\bneed to (?!be\b)\w+",
    re.IGNORECASE,
)


def next_step(sentence: str) -> str:
    """What is to be done next, as far as a sentence says, or that nothing is agreed."""
    if NO_STEP.search(sentence):
        return "No next step agreed"
    if (found := STEP_IS.search(sentence)) and "?" not in sentence:
        what = found["what"].strip(" .")
        return "No next step agreed" if _is_none(what) else f"Next step: {what}"
    if "?" in sentence or NEGATED.search(sentence) or SUPPOSED.search(sentence):
        return ""
    if WE_DO.search(sentence) or ASKED.search(sentence):
        return f"Next step: {sentence.strip(' .')}"
    return ""


def _is_none(what: str) -> bool:
    return (
        bool(
            re.match(
                r"(?:none|n/?a|tb[adc]|unknown|unclear|not|no|open|missing|-+$|$)\b",
                what,
                re.IGNORECASE,
            )
        )
        or not what
    )


RISKS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (says, re.compile(pattern, re.IGNORECASE))
    for says, pattern in (
        (
            "Champion gone",
            r"\b(?:champion|sponsor|contact|buyer)\b[^.]{0,30}\b(?:left|leaves|is leaving"
            r"|has left|resigned|quit)\b",
        ),
        (
            "Budget in doubt",
            r"\bbudget\b[^.]{0,25}\b(?:cut|frozen|not confirmed|not approved|at risk|gone"
            r"|reduced)\b"
            r"|\b(?:no|without) budget\b|\bbudget freeze\b",
        ),
        (
            "Competition",
            r"\b(?:other|another|competing|rival) (?:vendors?|suppliers?|offers?|bidders?)\b"
            r"|\bcompetitors?\b|\bcompare it with\b|\blost to\b",
        ),
        (
            "Delay",
            r"\bon hold\b|\bpostponed\b|\bdelayed\b|\bmoved again\b|\bpushed (?:out|back|to)\b"
            r"|\bput off\b"
            r"|\bcome back next (?:week|month|quarter|year)\b|\bbad timing\b|\breorgani[sz]\w+\b",
        ),
        (
            "Legal or procurement holds it up",
            r"\blegal has the contract\b|\bredlines\b|\bstuck (?:in|with|at) (?:legal"
            r"|procurement)\b",
        ),
        (
            "Silence",
            r"\bno (?:answer|reply|response|reaction)\b|\bwent (?:quiet|silent)\b|\bghost\w*\b"
            r"|\b(?:not|n['’]t) (?:answer\w*|repl\w+|respond\w*|call\w* back)\b|\bunreachable\b",
        ),
        (
            "Price",
            r"\btoo expensive\b|\bprice is too high\b|\bprice objections?\b|\blost on price\b",
        ),
        (
            "Named as a risk",
            r"\brisks?\s*[:=–]|\bat risk\b|\bblockers?\b|\bblocked by\b|\bshow-?stoppers?\b"
            r"|\bescalat\w+\b"
            r"|\bunhappy\b|\bcomplain\w*\b|\bmay lose\b|\bmight lose\b|\bthreat\w*\b",
        ),
    )
)
SETTLED = re.compile(
    r"\b(?:resolved|solved|settled|removed|cleared|gone away|no longer|not any ?more|over now|fixed"
    r"|mitigated|overcome|won against|beat|withdrew|withdrawn|dropped out|out of the race)\b",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"(?:\b(?:no|not|never|without|nothing|none of)\b|n['’]t\b)(?:\s+\w+){0,3}\s*$", re.IGNORECASE
)


def risk(sentence: str) -> str:
    """What may go wrong, as far as a sentence says so and does not deny it."""
    if SETTLED.search(sentence) or re.search(
        r"\brisks?\s*[:=–]\s*(?:none|no|n/?a|low)\b", sentence, re.IGNORECASE
    ):
        return ""
    for says, pattern in RISKS:
        if (found := pattern.search(sentence)) and not _is_denied(sentence, found.start()):
            return says
    return ""


def _is_denied(sentence: str, at: int) -> bool:
    return bool(DENIED.search(sentence[:at])) or "?" in sentence
