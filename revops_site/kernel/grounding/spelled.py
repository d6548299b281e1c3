"""Numbers that are written as words: read as digits where they can be, named where they cannot."""

from __future__ import annotations

import re

_ONES = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
# As they are misspelled, so that no number slips through by a wrong letter.
_ODD = """
    nil 0 nought 0 naught 0 eigth 8 niner 9 twelf 12 forteen 14 fourtheen 14 fiveteen 15 ninteen 19
    twoty 20 threety 30 fourty 40 fortie 40 fivety 50 fiftie 50 sixtie 60 eigthy 80 ninty 90
"""
SMALL = (
    {word: n for n, word in enumerate(_ONES.split())}
    | {word: 10 * n for n, word in enumerate(_TENS.split(), 2)}
    | dict(zip(_ODD.split()[::2], map(int, _ODD.split()[1::2]), strict=True))
)
LARGE = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_FIRSTS = """
    zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
    thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
"""
ORDER = {word: n for n, word in enumerate(_FIRSTS.split())} | {
    f"{word[:-1]}ieth": n for word, n in SMALL.items() if n >= 20 and word in _TENS.split()
}
_ANY = "|".join(sorted({*SMALL, *LARGE, *ORDER}, key=len, reverse=True))
_SCALE = "|".join(LARGE)
SPELLED = re.compile(rf"(?<![a-z])(?:{_ANY})(?:(?:[ -]+|(?: and )|)(?:{_ANY}))*(?![a-z])")
PART = re.compile(_ANY)
POINT = re.compile(r"(?<=\d) (?:point|dot|comma) (?=\d)")
VAGUE = re.compile(
    r"\b(?:half|halves|halv(?:e|ed|ing)|thirds|fourths|fifths|sixths|sevenths|eighths|ninths|"
    r"tenths|hundredths|twice|thrice|doubl(?:e|ed|es|ing)|tripl(?:e|ed|es|ing)|quadrupl(?:e|ed|es)|"
    r"dozens?|couple|tens|hundreds|thousands|millions|billions|trillion|majority|minority|"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|many)fold|baker|gross|percentile|quartile|"
    r"decile|quintile|a quarter(?= of| more| less| fewer| above| below)|quarters(?= of))"
    r"(?![a-z])"
)
ROMAN = re.compile(
    r"\b(?=[IVXLCDM]{2,})M{0,4}(?:CM|CD|D?C{0,4})(?:XC|XL|L?X{0,4})(?:IX|IV|V?I{0,4})\b(?<=\w\w)"
)
_FOREIGN = """
    ein eins zwei drei vier funf fuenf sechs sieben acht neun zehn elf zwolf zwoelf dreizehn
    vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn zwanzig dreissig dreizig vierzig funfzig
    fuenfzig sechzig siebzig achtzig neunzig hundert tausend millionen prozent
    deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze seize vingt trente
    quarante cinquante soixante septante octante nonante mille
    dos tres cuatro cinco seis siete ocho nueve diez doce trece catorce quince veinte treinta
    cuarenta cincuenta sesenta setenta ochenta noventa cien ciento mil
    uno tre quattro cinque sette otto nove dieci undici dodici venti trenta quaranta cinquanta
    sessanta settanta ottanta novanta cento
    dois quatro sete oito dez vinte trinta quarenta cinquenta oitenta
    twee drie vijf zes zeven negen tien twintig dertig veertig vijftig zestig
"""
FOREIGN = frozenset(_FOREIGN.split())
_UND = re.compile(r"(?:ein|zwei|drei|vier|funf|sechs|sieben|acht|neun)und[a-z]+zig")


def in_digits(text: str) -> str:
    """The text with "forty-five" as 45, "third" as 3th, "two point five" as 2.5."""
    return POINT.sub(".", SPELLED.sub(_digits, text))


def is_foreign(word: str) -> bool:
    """Whether it is a number of another language than English."""
    return word in FOREIGN or bool(_UND.fullmatch(word))


def _digits(hit: re.Match[str]) -> str:
    parts = PART.findall(hit[0])
    before = hit.string[: hit.start()].rstrip()
    if parts == [hit[0]] and hit[0] in LARGE and before[-1:].isdigit():
        return hit[0]  # "2.1 million": a scale of what stands before
    total, now = 0, 0
    for part in parts:
        if part in LARGE:
            now = max(now, 1) * LARGE[part]
            if LARGE[part] > 100:
                total, now = total + now, 0
        else:
            now += SMALL.get(part, ORDER.get(part, 0))
    is_order = parts[-1] in ORDER
    return f"{total + now}{'th' if is_order else ''}"
