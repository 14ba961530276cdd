"""What one sentence holds: its words, the phrases of the word lists, and everything that can be counted or looked up."""

from dataclasses import dataclass

from apps.analysis.rules.reading.dates import DateMention, dates_in, times_in
from apps.analysis.rules.reading.denial import is_denied
from apps.analysis.rules.reading.numbers import (
    Count,
    Figure,
    amounts_in,
    counts_in,
    durations_in,
    figures_in,
    percents_in,
)
from apps.analysis.rules.reading.people import Person, people_in
from apps.analysis.rules.reading.quoted import quoted_spans
from apps.analysis.rules.reading.references import Reference, clauses_in, policies_in, procedures_in, references_in
from apps.analysis.rules.reading.tokens import Tokens, tokens_of
from apps.analysis.rules.reading.vocabulary import Mark, vocabulary


@dataclass(frozen=True, slots=True)
class Facts:
    """The reading of one text. Places are characters of the text; marks and counts are places of words."""

    tokens: Tokens
    marks: dict[str, tuple[Mark, ...]]
    dates: tuple[DateMention, ...]
    times: tuple[tuple[int, int], ...]
    amounts: tuple[Figure, ...]
    percents: tuple[Figure, ...]
    figures: tuple[Figure, ...]
    counts: tuple[Count, ...]
    durations: tuple[Count, ...]
    references: tuple[Reference, ...]
    clauses: tuple[Reference, ...]
    procedures: tuple[Reference, ...]
    policies: tuple[Reference, ...]
    people: tuple[Person, ...]
    quoted: tuple[tuple[int, int], ...]

    def has(self, *tags: str) -> bool:
        """Every list has a phrase here, denied or not."""
        return all(tag in self.marks for tag in tags)

    def has_any(self, *tags: str) -> bool:
        """Any of the lists has a phrase here."""
        return any(tag in self.marks for tag in tags)

    def affirmed(self, tag: str) -> tuple[Mark, ...]:
        """The phrases of the list that no negation reaches."""
        return tuple(one for one in self.marks.get(tag, ()) if not is_denied(self.tokens, one.start, one.end))

    def says(self, *tags: str) -> bool:
        """Every list has a phrase here that is not denied."""
        return all(
            any(not is_denied(self.tokens, one.start, one.end) for one in self.marks.get(tag, ())) for tag in tags
        )

    def denies(self, tag: str) -> bool:
        """The list has phrases here, and each one is denied."""
        return tag in self.marks and not self.says(tag)

    def own(self, tag: str) -> tuple[Mark, ...]:
        """The phrases that stand outside quotation marks."""
        return tuple(one for one in self.marks.get(tag, ()) if not self.is_in_quotes(one))

    def is_in_quotes(self, mark: Mark) -> bool:
        """The words stand between quotation marks."""
        start, end = self.span(mark)
        return any(a <= start and end <= b for a, b in self.quoted)

    def span(self, mark: Mark | Count) -> tuple[int, int]:
        """Characters of a mark or a count."""
        return self.tokens.starts[mark.start], self.tokens.ends[mark.end - 1]

    @property
    def has_specifics(self) -> bool:
        """A figure, a date or something to look up."""
        return bool(
            self.dates or self.references or self.amounts or self.percents or any(one.is_precise for one in self.counts)
        )


def facts_of(text: str, names: frozenset[str]) -> Facts:
    """Read one text. `names` are the parts of names by which people of the document are called."""
    tokens = tokens_of(text)
    has_digit = any(character.isdigit() for character in text)
    counts = counts_in(tokens, text)
    dates = dates_in(text) if has_digit else ()
    references = references_in(text) if has_digit else ()
    clauses = clauses_in(text)
    cited = tuple(sorted([*references, *clauses], key=lambda one: one.start))
    return Facts(
        tokens=tokens,
        marks=vocabulary().marks(tokens.words),
        dates=dates,
        times=times_in(text) if has_digit else (),
        amounts=amounts_in(text) if has_digit else (),
        percents=percents_in(text) if has_digit else (),
        figures=tuple(one for one in figures_in(text) if not any(day.start <= one.start < day.end for day in dates))
        if has_digit
        else (),
        counts=counts,
        durations=durations_in(counts),
        references=references,
        clauses=clauses,
        procedures=procedures_in(text, cited),
        policies=policies_in(text, cited),
        people=people_in(text, names),
        quoted=quoted_spans(text),
    )
