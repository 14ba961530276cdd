"""A sentence as words: lower case, hyphens and apostrophes dropped, with the places where a clause ends."""

import re
from dataclasses import dataclass

_WORD = re.compile(r"\d{1,15}(?:[.,]\d{1,9}){1,6}(?![^\W_])|[^\W_]{1,60}(?:[-'’‑][^\W_]{1,60}){0,6}")
_JOINTS = str.maketrans("", "", "-'’‑")
_CLAUSE_ENDS = frozenset(",;:.!?()|—–\n")
_CLAUSE_WORDS = frozenset({"but", "because", "although", "though", "since", "while", "whereas", "so"})


@dataclass(frozen=True, slots=True)
class Tokens:
    """Words with their characters' places; breaks[i] is true where a clause begins at word i."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    breaks: tuple[bool, ...]

    def clause_of(self, index: int) -> tuple[int, int]:
        """First and one-past-last word of the clause that holds the word."""
        first = index
        while first > 0 and not self.breaks[first]:
            first -= 1
        last = index + 1
        while last < len(self.words) and not self.breaks[last]:
            last += 1
        return first, last


def plain(word: str) -> str:
    """A word as it is compared: "Seller's" is "seller", "re-read" is "reread"."""
    return word.lower().removesuffix("'s").removesuffix("’s").translate(_JOINTS)


def tokens_of(text: str) -> Tokens:
    """The words of a text in order; linear in its length."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    breaks: list[bool] = []
    before = 0
    for match in _WORD.finditer(text):
        word = plain(match.group())
        between = text[before : match.start()]
        breaks.append(word in _CLAUSE_WORDS or any(character in _CLAUSE_ENDS for character in between))
        words.append(word)
        starts.append(match.start())
        ends.append(match.end())
        before = match.end()
    return Tokens(tuple(words), tuple(starts), tuple(ends), tuple(breaks))
