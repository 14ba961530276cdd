"""Word lists, and where their phrases stand in a text. The lists are data: rules/vocabulary/."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from apps.analysis.rules.reading.inflection import forms_of
from apps.analysis.rules.reading.tokens import plain

_FOLDER = Path(__file__).resolve().parent.parent / "vocabulary"
_GAP = ".."
_WIDEST_GAP = 4
_LONGEST_BEGINNING = 24
_MOST_REMEMBERED = 50_000
_MOST_FOLLOWING = 2_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A phrase of a list at words[start:end]."""

    tag: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a phrase: any of these words, or anything with one of these beginnings."""

    exact: frozenset[str]
    beginnings: tuple[str, ...]

    def fits(self, word: str) -> bool:
        return word in self.exact or (bool(self.beginnings) and word.startswith(self.beginnings))


@dataclass(frozen=True, slots=True)
class _Phrase:
    """The words after the first one; None is a gap of up to four words."""

    tag: str
    rest: tuple[_Word | None, ...]


@dataclass(frozen=True, slots=True)
class _Starts:
    """What may begin with one word: lists that hold the word alone, and longer phrases by what may come next."""

    alone: tuple[str, ...]
    close: tuple[_Phrase, ...]
    """A word follows at once."""
    gapped: tuple[_Phrase, ...]
    """A word follows after a gap."""
    after: dict[str, tuple[_Phrase, ...]] = field(default_factory=dict)
    """Of the close ones, those that go on with a word; worked out when the word first follows."""
    beyond: dict[str, tuple[_Phrase, ...]] = field(default_factory=dict)
    """Of the gapped ones, those that go on with a word."""

    def going_on(self, word: str) -> tuple[_Phrase, ...]:
        """The close phrases whose second word this may be."""
        found = self.after.get(word)
        if found is None:
            found = tuple(one for one in self.close if one.rest[0] is not None and one.rest[0].fits(word))
            if len(self.after) < _MOST_FOLLOWING:
                self.after[word] = found
        return found

    def going_on_later(self, word: str) -> tuple[_Phrase, ...]:
        """The gapped phrases whose first word after the gap this may be."""
        found = self.beyond.get(word)
        if found is None:
            found = tuple(one for one in self.gapped if one.rest[1] is not None and one.rest[1].fits(word))
            if len(self.beyond) < _MOST_FOLLOWING:
                self.beyond[word] = found
        return found


@dataclass(slots=True)
class Vocabulary:
    """Finds every phrase of every list in one pass over the words."""

    _by_word: dict[str, list[_Phrase]] = field(default_factory=lambda: defaultdict(list))
    _by_beginning: dict[str, list[_Phrase]] = field(default_factory=lambda: defaultdict(list))
    _known: dict[str, _Starts] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)

    def add(self, tag: str, phrase: str) -> None:
        """Learn one phrase under a tag."""
        first, *rest = [None if part == _GAP else _word(part) for part in phrase.split()]
        if first is None:
            message = f"a phrase of [{tag}] begins with a gap: {phrase!r}"
            raise ValueError(message)
        entry = _Phrase(tag, tuple(rest))
        for word in first.exact:
            self._by_word[word].append(entry)
        for beginning in first.beginnings:
            self._by_beginning[beginning].append(entry)
        self.tags.add(tag)
        self._known.clear()

    def marks(self, words: Sequence[str]) -> dict[str, tuple[Mark, ...]]:
        """The phrases in these words by tag, in order."""
        found: dict[str, list[Mark]] = {}
        for start, word in enumerate(words):
            starts = self._known.get(word) or self._starts(word)
            for tag in starts.alone:
                found.setdefault(tag, []).append(Mark(tag, start, start + 1))
            if start + 1 == len(words):
                continue
            if starts.close:
                for phrase in starts.going_on(words[start + 1]):
                    end = _end_of(phrase.rest[1:], words, start + 2)
                    if end:
                        found.setdefault(phrase.tag, []).append(Mark(phrase.tag, start, end))
            if starts.gapped:
                for phrase, end in _over_the_gap(starts, words, start + 1):
                    found.setdefault(phrase.tag, []).append(Mark(phrase.tag, start, end))
        return {tag: tuple(marks) for tag, marks in found.items()}

    def _starts(self, word: str) -> _Starts:
        """Remembered for each different word, so that a long text costs little more than its different words."""
        phrases = list(self._by_word.get(word, ()))
        for length in range(1, min(len(word), _LONGEST_BEGINNING) + 1):
            phrases += self._by_beginning.get(word[:length], ())
        starts = _Starts(
            tuple(dict.fromkeys(one.tag for one in phrases if not one.rest)),
            tuple(one for one in phrases if one.rest and one.rest[0] is not None),
            tuple(one for one in phrases if one.rest and one.rest[0] is None),
        )
        if len(self._known) < _MOST_REMEMBERED:
            self._known[word] = starts
        return starts


def _over_the_gap(starts: _Starts, words: Sequence[str], begin: int) -> Iterator[tuple[_Phrase, int]]:
    """Each gapped phrase with the place where it ends, the shortest gap first."""
    done: set[int] = set()
    for place in range(begin, min(begin + _WIDEST_GAP, len(words) - 1) + 1):
        for phrase in starts.going_on_later(words[place]):
            end = 0 if id(phrase) in done else _end_of(phrase.rest[2:], words, place + 1)
            if end:
                done.add(id(phrase))
                yield phrase, end


def _word(part: str) -> _Word:
    exact: list[str] = []
    beginnings: list[str] = []
    for one in part.split("|"):
        bare = "".join(character for character in plain(one) if character.isalnum())
        if one.endswith("~"):
            exact += forms_of(bare)
        else:
            (beginnings if one.endswith("*") else exact).append(bare)
    return _Word(frozenset(exact), tuple(beginnings))


def _end_of(rest: Sequence[_Word | None], words: Sequence[str], place: int) -> int:
    """One past the phrase's last word, or 0. Gaps are tried shortest first; a phrase has few, so the work is bounded."""
    for index, part in enumerate(rest):
        if part is None:
            after = rest[index + 1 :]
            tries = (
                _end_of(after, words, begin)
                for begin in range(place, min(place + _WIDEST_GAP, len(words) - 1) + 1)
                if begin < len(words)
            )
            return next((end for end in tries if end), 0)
        if place >= len(words) or not part.fits(words[place]):
            return 0
        place += 1
    return place


def read_lists(lines: Iterable[str]) -> list[tuple[str, str]]:
    """Tag and phrase of every entry of a file of lists."""
    entries: list[tuple[str, str]] = []
    tag = ""
    for line in lines:
        bare = line.strip()
        if bare.startswith("[") and bare.endswith("]"):
            tag = bare[1:-1]
        elif bare and not bare.startswith("#"):
            entries += [(tag, phrase.strip()) for phrase in bare.split(",") if phrase.strip()]
    return entries


@cache
def vocabulary() -> Vocabulary:
    """The product's own lists, read once a process."""
    known = Vocabulary()
    for path in sorted((_FOLDER / "phrases").glob("*.txt")):
        for tag, phrase in dict.fromkeys(read_lists(path.read_text(encoding="utf-8").splitlines())):
            known.add(tag, phrase)
    return known


@cache
def word_set(name: str) -> frozenset[str]:
    """One of the sets of single words. KeyError when there is none of this name."""
    return _word_sets()[name]


@cache
def _word_sets() -> dict[str, frozenset[str]]:
    entries = read_lists((_FOLDER / "words" / "sets.txt").read_text(encoding="utf-8").splitlines())
    return {tag: frozenset(word for name, word in entries if name == tag) for tag, _ in entries}
