"""Automatic list numbers as Word shows them."""

import re
from typing import NamedTuple

from lxml import etree

from apps.documents.word.names import W_STRICT, W, attribute, child

_PLACE = re.compile(r"%([1-9])")
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_LEVELS = 9


class Level(NamedTuple):
    """How one level of a list counts and looks."""

    start: int = 1
    format: str = "decimal"
    pattern: str = ""


class Numbering:
    """Counts through the lists of a document; ask once a paragraph, in reading order."""

    def __init__(self, root: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._list_of: dict[str, str] = {}
        self._overrides: dict[str, dict[int, int]] = {}
        self._restarted: set[tuple[str, int]] = set()
        self._counts: dict[str, list[int | None]] = {}
        if root is not None:
            self._read(root)

    def label(self, number_id: str, level: int) -> str:
        """The number of the next paragraph of this list and level ("2.1", "a)"), "" for a bullet or an unknown list."""
        abstract = self._list_of.get(number_id)
        if abstract is None or not 0 <= level < _LEVELS:
            return ""
        levels = self._levels.get(abstract, {})
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        own = levels.get(level, Level())
        override = self._overrides.get(number_id, {}).get(level)
        if override is not None and (number_id, level) not in self._restarted:
            self._restarted.add((number_id, level))
            counts[level] = override
        else:
            current = counts[level]
            counts[level] = own.start if current is None else current + 1
        counts[level + 1 :] = [None] * (_LEVELS - level - 1)
        if own.format in {"bullet", "none"}:
            return ""
        return _PLACE.sub(lambda match: self._shown(int(match.group(1)) - 1, levels, counts), own.pattern).strip()

    @staticmethod
    def _shown(level: int, levels: dict[int, Level], counts: list[int | None]) -> str:
        described = levels.get(level, Level())
        count = counts[level]
        return _formatted(described.start if count is None else count, described.format)

    def _read(self, root: etree._Element) -> None:
        for abstract in root.iter(f"{{{W}}}abstractNum", f"{{{W_STRICT}}}abstractNum"):
            levels = {}
            for element in abstract.iter(f"{{{W}}}lvl", f"{{{W_STRICT}}}lvl"):
                levels[_integer(attribute(element, "ilvl"), 0)] = _level(element)
            self._levels[attribute(abstract, "abstractNumId") or ""] = levels
        for number in root.iter(f"{{{W}}}num", f"{{{W_STRICT}}}num"):
            number_id = attribute(number, "numId") or ""
            link = child(number, "abstractNumId")
            if link is not None:
                self._list_of[number_id] = attribute(link, "val") or ""
            for override in number.iter(f"{{{W}}}lvlOverride", f"{{{W_STRICT}}}lvlOverride"):
                start = child(override, "startOverride")
                if start is not None:
                    place = self._overrides.setdefault(number_id, {})
                    place[_integer(attribute(override, "ilvl"), 0)] = _integer(attribute(start, "val"), 1)


def _level(element: etree._Element) -> Level:
    def value(name: str) -> str | None:
        found = child(element, name)
        return attribute(found, "val") if found is not None else None

    return Level(start=_integer(value("start"), 1), format=value("numFmt") or "decimal", pattern=value("lvlText") or "")


def _integer(value: str | None, default: int) -> int:
    try:
        return int(value) if value is not None else default
    except ValueError:
        return default


def _formatted(count: int, shape: str) -> str:
    if shape in {"lowerLetter", "upperLetter"} and count > 0:
        # After z Word doubles: aa, bb.
        letters = chr(ord("a") + (count - 1) % 26) * min((count - 1) // 26 + 1, 20)
        return letters.upper() if shape == "upperLetter" else letters
    if shape in {"lowerRoman", "upperRoman"} and 0 < count < 4000:
        roman = _roman(count)
        return roman.upper() if shape == "upperRoman" else roman
    if shape == "decimalZero":
        return f"{count:02d}"
    return "" if shape in {"bullet", "none"} else str(count)


def _roman(count: int) -> str:
    parts = []
    for value, letters in _ROMAN:
        times, count = divmod(count, value)
        parts.append(letters * times)
    return "".join(parts)
