"""Words and signs that strangers use: currencies, months, yes and no, what is not seen."""

from __future__ import annotations

import re
from collections.abc import Mapping

_CODES = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
    BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
    GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW
    KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD
    NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD
    SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED
    VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""
CODES = frozenset(_CODES.split())
# A sign that several currencies share stands for the one that is mostly meant, or, as kr, for none.
SIGNS: Mapping[str, str] = {
    "$": "USD",
    "US$": "USD",
    "A$": "AUD",
    "AU$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "HK$": "HKD",
    "MX$": "MXN",
    "NT$": "TWD",
    "NZ$": "NZD",
    "R$": "BRL",
    "S$": "SGD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₽": "RUB",
    "₩": "KRW",
    "₪": "ILS",
    "₺": "TRY",
    "₫": "VND",
    "₴": "UAH",
    "₱": "PHP",
    "₦": "NGN",
    "฿": "THB",
    "zł": "PLN",
    "Kč": "CZK",
    "Ft": "HUF",
    "Fr.": "CHF",
    "SFr.": "CHF",
    "kr": "",
    "kr.": "",
    "Rs": "INR",
    "Rs.": "INR",
}
_MONTHS = (
    "january jan januar janvier janv enero ene gennaio gen janeiro januari",
    "february feb februar février fevrier févr fevr fév fev febrero febbraio fevereiro februari",
    "march mar märz maerz mär mars marzo março marco maart mrt",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag maio mei",
    "june jun juni juin junio giugno giu junho",
    "july jul juli juillet juil julio luglio lug julho",
    "august aug août aout agosto ago augustus",
    "september sep sept septembre septiembre settembre set setembro",
    "october oct oktober okt octobre octubre ottobre ott outubro out",
    "november nov novembre noviembre novembro",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro",
)
MONTHS: Mapping[str, int] = {
    word: number for number, words in enumerate(_MONTHS, start=1) for word in words.split()
}
TRUTH: Mapping[str, str] = {
    word: code
    for code, words in {
        "true": "true t yes y 1 1.0 on x ✓ ✔ ☑ ja j wahr oui vrai sí si verdadero vero sim",
        "false": "false f no n 0 0.0 off ✗ ✘ ☐ nein falsch non faux falso não nao nee onwaar",
    }.items()
    for word in words.split()
}
_NULLS = "na n/a n.a. #n/a #na nan null none nil - -- --- – — ? unknown (blank) (null) \\n"
NULLS = frozenset(_NULLS.split())
TOTAL = re.compile(
    r"(grand total|sub-?total|total|totals|sum|overall|summe|gesamt|insgesamt|somme|totale|suma"
    r"|gesamtsumme|zwischensumme|sous-total)\b",
    re.IGNORECASE,
)
# How the lines begin that reports put below their records.
FOOTER = re.compile(
    r"(confidential information|confidential|copyright(?: \(c\)| ©)?|all rights reserved"
    r"|(?:report |file )?(?:generated|exported|created|run|printed) (?:by|on|at|from)"
    r"|end of (?:report|file|data)|data as of|filtered by|(?:erstellt|exportiert|généré|generado)"
    r" (?:am|von|par|le|por|el))(?!\w)",
    re.IGNORECASE,
)


def currency(sign: str) -> str | None:
    """The code of a currency's sign or code; empty where several share it, None for others."""
    if sign.upper() in CODES:
        return sign.upper()
    return SIGNS.get(sign, SIGNS.get(sign.upper()))
