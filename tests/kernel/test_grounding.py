"""No number of a model's own is shown, whatever it is written like; nothing of its text is live."""

from __future__ import annotations

import pytest

from revops_site.kernel.grounding import checked, found, known, reworded

FACTS = (
    "Win rate 45% of 31 decided deals, 21 pts above the team's 24%.",
    "Sales cycle 47 days, 12 days faster; deal size $52.4K; $1,234,500 is open.",
    "3 of 5 calls were right since 14 Jul 2026; attainment 1.08x, rank 4 of 12, change −5%.",
)
TRUE = (
    "You win 45% of 31 deals.",
    "You win 45 % of 31 deals, and the team 24 percent.",
    "Forty-five percent is 21 percentage points above the team.",
    "Deals take 47 days, twelve days less.",
    "A deal is worth $52.4k, and $1,234,500 is open.",
    "Three of five calls were right.",
    "3 out of the 5 calls were right since July 14, 2026.",
    "Since 14 July you are 4 of 12.",
    "Your attainment is 1.08 times the plan, a change of -5%.",
    "You may well go on; the last quarter was good.",
)
NUMBERS = ("45%", "31", "21 pts", "24%", "47 days", "12 days", "$52.4K", "$1,234,500", "1.08x")


def altered() -> list[str]:
    """Each number of the facts made another one, in all ways that one could write it."""
    other = {
        "45%": ["46%", "54%", "4.5%", "45", "-45%", "+45%", "450%", "0.45", "45.5%", "45 points"],
        "31": ["30", "32", "13", "310", "3.1", "31%", "$31", "31K", "-31", "31 days", "31st"],
        "21 pts": ["20 pts", "21%", "12 points", "21x", "twenty points", "twenty-two pts"],
        "24%": ["25%", "42%", "24 pts", "twenty-five percent", "a quarter of", "24‰", "24.0001%"],
        "47 days": ["48 days", "47 weeks", "47 hours", "74 days", "four dozen days", "47 months"],
        "12 days": [
            "11 days",
            "twelve weeks",
            "a dozen days",
            "thirteen days",
            "1 2 days",
            "12.5d",
        ],
        "$52.4K": ["$52.4M", "€52.4K", "52.4K", "$52,400", "$5.24K", "$524K", "-$52.4K", "$52.5K"],
        "$1,234,500": ["$1,234,501", "$1.2M", "1,234,500", "$1,234", "$1 234 600", "$12,345,00"],
        "1.08x": ["1.8x", "108%", "1.08%", "1.08", "10.8x", "108x", "double", "1.08-fold less 2x"],
    }
    said = [f"You stand at {one} now." for many in other.values() for one in many]
    more = [
        *("forty", "fourty", "forty six", "fortysix", "FORTY", "four hundred", "a million"),
        *(
            "４６％",
            "٤٦",
            "४६",
            "4６",
            "⁴⁶",
            "①",
            "½",
            "Ⅳ",
            "XIV",
            "三",
            "4️⃣6️⃣",
            "4\u200b6",
            "4\u00ad6",
        ),
        *("f o r t y", "f.o.r.t.y", "fоrty", "𝟒𝟔", "𝐟𝐨𝐫𝐭𝐲", "vierzig", "quarante", "cuarenta"),
        *("einundvierzig", "4O", "l2", "Q7", "FY29", "0x2D", "1e3", "&#52;", "4 of 5", "3 of 6"),
        *(
            "five of three",
            "5/3",
            "3:5:7",
            "3–7",
            "45 to 31",
            "14 Aug 2026",
            "July 15",
            "2026-07-14",
        ),
        *("14/07/2026", "Jul 2027", "in March", "on Monday", "seventh", "2nd", "second", "first"),
        *("twice", "half", "two thirds", "tenfold", "a couple of", "hundreds of", "minus 31"),
        *("negative six percent", "5%", "−45%", "💯", "zero", "one", "none or 0", "99.9%"),
    ]
    return said + [f"You have {one} here." for one in more]


@pytest.mark.parametrize("text", TRUE)
def test_numbers_that_are_facts_may_be_told_in_other_forms(text: str) -> None:
    assert checked(text, FACTS).text == text


def test_no_altered_number_is_shown_however_it_is_written() -> None:
    many = altered()
    assert len(many) >= 100
    shown = [text for text in many if checked(text, FACTS)]
    assert shown == []


def test_every_digit_of_every_number_changed_is_noticed() -> None:
    """Systematically: each digit of each number by each other digit."""
    tried = 0
    for number in NUMBERS:
        for place, sign in enumerate(number):
            for digit in "0123456789":
                other = number[:place] + digit + number[place + 1 :]
                if sign.isdigit() and not set(found(other)) & known(FACTS):
                    tried += 1
                    assert checked(f"It is {other} now.", FACTS).refused == "numbers", other
    assert tried > 200


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Go to https://evil.example/x", "markup"),
        ("Ask evil.example for more", "markup"),
        ("[here](javascript:alert)", "markup"),
        ("![x](//evil.example/y.png)", "markup"),
        ("<img src=x onerror=alert>", "markup"),
        ("<script>alert()</script>", "markup"),
        ("Write to eve@evil.example", "markup"),
        ("**Bold** claims", "markup"),
        ("{{ secret }} {% load %}", "markup"),
        ("{DEAL} is late, {SECRET} too", "markup"),
        ("&lt;b&gt;", "markup"),
        ("Well done 🎉", "signs"),
        ("Говорит", "signs"),
        ("Fine. " * 400, "long"),
        ("", "empty"),
        (" \u200b\n", "empty"),
        (None, "empty"),
        (["a"], "empty"),
        ({"a": "b"}, "empty"),
    ],
)
def test_what_is_no_short_plain_text_is_refused(text: object, why: str) -> None:
    assert checked(text, FACTS, {"DEAL": "Kestrel"}).refused == why


def test_what_one_does_not_see_is_taken_out() -> None:
    assert checked("Go\u202e on,\u200b\x00 now\nplease", ()).text == "Go on, now please"


def test_a_name_is_filled_in_as_it_is_and_proves_no_number() -> None:
    names = {"DEAL": "Win rate is 99%, <b>say so</b>\n", "WHO": "Pat"}
    told = checked("{WHO} waits for {DEAL}.", FACTS, names)
    assert told.text == "Pat waits for Win rate is 99%, <b>say so</b>."
    assert checked("Your win rate is 99%.", FACTS, names).refused == "numbers"


def test_a_sentence_reworded_tells_its_numbers_in_their_order() -> None:
    source = "Wins 31% of decided deals, 7 points above the team's 24%."
    assert reworded("You win 31% of deals: 7 points above a team of 24%.", source)
    assert reworded("You are above the team with 31%.", source)
    assert (
        reworded("Wins 24% of deals, 7 points above the team's 31%.", source).refused == "numbers"
    )
    assert reworded("Wins 31%, 31 more, above.", source).refused == "numbers"


@pytest.mark.parametrize(
    "text",
    [
        "Wins 31% of decided deals, 7 points below the team's 24%.",
        "You do not win 31% of deals, 7 points above the team.",
        "You always win 31% of deals, above the team.",
        "Isn't it above 31%?",
        "You win 31% of deals, above all teams.",
        "You trail the team's average by 7 points.",
    ],
)
def test_a_sentence_reworded_does_not_turn(text: str) -> None:
    source = "Wins 31% of decided deals, 7 points above the team's 24%."
    assert reworded(text, source).refused in {"turned", "numbers"}
    assert not reworded(text, source)
