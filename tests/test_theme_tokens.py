"""Every theme keeps its text and its marks readable on every ground they stand on."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parent.parent / "static/app/tokens.css").read_text()
GROUNDS = ("bg", "surface", "raised")
TEXTS = ("text", "muted", "link", "good", "bad", "warn")
CONTROLS = ("control", "focus", "accent")
SERIES = ("c1", "c2", "c3", "c4", "c5", "c6", "other")

Theme = dict[str, str]


def _themes() -> dict[str, Theme]:
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\);", TOKENS)
    neon = TOKENS[TOKENS.index('[data-theme="neon"] {') :]
    return {
        "luma": {name: light for name, light, _ in pairs},
        "midnight": {name: dark for name, _, dark in pairs},
        "neon": dict(re.findall(r"--([\w-]+): (#\w+);", neon[: neon.index("}")])),
    }


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    shares = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


THEMES = _themes()


def test_each_theme_names_the_same_colours() -> None:
    assert THEMES["luma"].keys() == THEMES["midnight"].keys() == THEMES["neon"].keys()


@pytest.mark.parametrize("theme", THEMES)
def test_text_stands_out_from_every_ground(theme: str) -> None:
    colours = THEMES[theme]
    for text in TEXTS:
        for ground in GROUNDS:
            assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    assert _contrast(colours["on-accent"], colours["accent"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_controls_stand_out_from_every_ground(theme: str) -> None:
    colours = THEMES[theme]
    for control in CONTROLS:
        for ground in GROUNDS:
            assert _contrast(colours[control], colours[ground]) >= 3, (control, ground)


@pytest.mark.parametrize("theme", THEMES)
def test_series_stand_out_from_the_cards_they_are_drawn_on(theme: str) -> None:
    colours = THEMES[theme]
    for series in SERIES:
        for ground in ("surface", "raised"):
            assert _contrast(colours[series], colours[ground]) >= 3, (series, ground)
