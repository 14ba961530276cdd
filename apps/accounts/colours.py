"""Colours of an organization and whether they can be read (pure: no Django). Contrast as WCAG 2.2 defines it."""

import re
from dataclasses import dataclass
from enum import StrEnum

LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3 (AA) for text of usual size."""

_HEX = re.compile(r"#[0-9a-f]{6}\Z")
_SOFT = 0.1
_STRONG = 0.2


class Scheme(StrEnum):
    """The two looks of the portal."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Ground:
    """What stands behind and upon the accent in one scheme; the values of static/css/tokens.css."""

    usual: str
    behind: tuple[str, ...]
    upon: str
    extreme: str


GROUNDS = {
    Scheme.LIGHT: Ground("#2d55c9", ("#f6f7f9", "#ffffff", "#eff1f5"), "#ffffff", "#000000"),
    Scheme.DARK: Ground("#8fb0ff", ("#0f131b", "#171d28", "#212936"), "#0d1526", "#ffffff"),
}


@dataclass(frozen=True, slots=True)
class Palette:
    """An accent with the colours that follow from it."""

    accent: str
    strong: str
    soft: str
    upon: str


def is_colour(text: str) -> bool:
    """Is this `#rrggbb`, in small letters?"""
    return bool(_HEX.match(text))


def palette(accent: str, scheme: Scheme) -> Palette:
    """The accent, a stronger one for what is touched, a soft ground, and the colour of letters upon it."""
    ground = GROUNDS[scheme]
    return Palette(
        accent=accent,
        strong=_mixed(accent, ground.extreme, _STRONG),
        soft=_mixed(ground.behind[1], accent, _SOFT),
        upon=ground.upon,
    )


def lowest_contrast(accent: str, scheme: Scheme) -> float:
    """The worst ratio in which the accent meets anything that it is read against."""
    drawn, ground = palette(accent, scheme), GROUNDS[scheme]
    pairs = [(accent, behind) for behind in (*ground.behind, drawn.soft)]
    pairs += [(drawn.upon, accent), (drawn.upon, drawn.strong)]
    return min(contrast(one, other) for one, other in pairs)


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _mixed(colour: str, other: str, share: float) -> str:
    mixed = (round(one + (two - one) * share) for one, two in zip(_channels(colour), _channels(other), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)
