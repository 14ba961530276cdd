"""Persons by name: two capitalised words that are no organization, and later the first or last name alone."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from apps.analysis.rules.reading.vocabulary import word_set

_NAME_PART = r"[A-ZÀ-ÖØ-ÞĀ-Ž][a-zß-öø-ÿā-ž]{1,24}(?:['’-][A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]{1,24}){0,2}"
_FULL = re.compile(
    rf"(?<![\w'’-])(?:(?P<title>Mr|Mrs|Ms|Dr|Prof)\.?\s(?P<after>{_NAME_PART})|(?P<first>{_NAME_PART}|[A-Z]\.)\s(?:(?:de|van|von|der|den|al"
    rf"|el|da|di|del|la|le|O['’])\s){{0,2}}"
    rf"(?:[A-Z]\.\s)?(?P<last>{_NAME_PART})(?:\s(?P<third>{_NAME_PART}))?)(?![\w’-])"
)
_SINGLE = re.compile(rf"(?<![\w'’-]){_NAME_PART}(?![\w-])")
_NOT_NAMES = word_set("not_a_name")


@dataclass(frozen=True, slots=True)
class Person:
    """A name at text[start:end]."""

    start: int
    end: int
    name: str


def full_names_in(text: str) -> tuple[Person, ...]:
    """First name and surname, or a title and surname."""
    found = []
    for match in _FULL.finditer(text):
        first, last, third = match.group("first"), match.group("last"), match.group("third")
        if first is None:
            found.append(Person(*match.span(), match.group()))
            continue
        end = match.end()
        parts = [first, last, *([third] if third else [])]
        while parts and parts[0].lower() in _NOT_NAMES and len(parts) > 2:
            parts = parts[1:]
        if len(parts) > 2 and parts[-1].lower() in _NOT_NAMES:
            continue
        if any(part.lower() in _NOT_NAMES or _is_plural_goods(part) for part in parts):
            continue
        start = text.index(parts[0], match.start())
        found.append(Person(start, end, text[start:end]))
    return tuple(found)


def known_parts(people: Iterable[Person]) -> frozenset[str]:
    """First names and surnames by which these people may be called later."""
    return frozenset(
        part
        for one in people
        for part in re.split(r"[\s.]+", one.name)
        if len(part) > 2 and part[0].isupper() and part not in {"Mrs"}
    )


def people_in(text: str, known: frozenset[str]) -> tuple[Person, ...]:
    """Full names, and single names of people who are introduced somewhere in the document."""
    full = full_names_in(text)
    covered = [(one.start, one.end) for one in full]
    single = [
        Person(*match.span(), match.group())
        for match in _SINGLE.finditer(text)
        if match.group() in known and not any(a <= match.start() < b for a, b in covered)
    ]
    return tuple(sorted([*full, *single], key=lambda one: one.start))


def _is_plural_goods(part: str) -> bool:
    """Shop names end in what they sell."""
    return part.endswith(("ings", "ries", "tics", "ware", "wear", "craft"))
