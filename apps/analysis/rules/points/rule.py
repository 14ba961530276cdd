"""A declarative rule for one point, and how a document is judged by it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from apps.analysis.rules.port import Quote, Status, Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence


def words(pattern: str) -> re.Pattern[str]:
    """A pattern without regard to case."""
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Need:
    """Something that must be stated: every pattern matches in one and the same sentence."""

    label: str
    """In words, for the reason: "no <label> is stated"."""
    all_of: tuple[re.Pattern[str], ...]
    none_of: tuple[re.Pattern[str], ...] = ()

    def found_in(self, sentences: Sequence[Sentence]) -> Sentence | None:
        """The first sentence that states it."""
        for one in sentences:
            if all(pattern.search(one.text) for pattern in self.all_of) and not any(
                pattern.search(one.text) for pattern in self.none_of
            ):
                return one
        return None


@dataclass(frozen=True, slots=True)
class PointRule:
    """When a point applies, what it needs, and where one looks when that is missing."""

    number: int
    needs: tuple[Need, ...]
    look_in: tuple[str, ...]
    trigger: re.Pattern[str] | None = None
    """None: judged in every document."""
    trigger_in_quotes_only: bool = False
    spoiled_by: re.Pattern[str] | None = None
    """Words of the writer that make it a gap whatever else is stated."""
    satisfied_reason: str = ""

    def judge(self, reading: DocumentReading) -> Verdict:
        """The verdict; risk is settled by the caller."""
        trigger = self._trigger(reading)
        if self.trigger is not None and trigger is None:
            return Verdict(self.number, Status.NOT_APPLICABLE, None, 0.85, None, "Nothing in the case calls for it.")
        missing = [need for need in self.needs if need.found_in(reading.narrative) is None]
        spoiled = next((one for one in reading.narrative if self.spoiled_by and self.spoiled_by.search(one.text)), None)
        if not missing and spoiled is None:
            evidence = self.needs[0].found_in(reading.narrative) if self.needs else None
            quote = evidence.quote() if evidence else reading.place_for(self.look_in)
            return Verdict(
                self.number,
                Status.SATISFIED,
                None,
                0.82,
                quote,
                self.satisfied_reason or "What the point asks for is stated.",
            )
        if spoiled is not None:
            return Verdict(
                self.number,
                Status.GAP,
                None,
                0.84,
                spoiled.quote(),
                "These words stand where the point asks for a fact.",
            )
        labels = ", ".join(need.label for need in missing)
        return Verdict(
            self.number,
            Status.GAP,
            None,
            0.83 if len(missing) > 1 else 0.81,
            self._place(reading, trigger),
            f"Not stated: {labels}.",
        )

    def _trigger(self, reading: DocumentReading) -> Sentence | None:
        if self.trigger is None:
            return None
        pool = reading.quoted if self.trigger_in_quotes_only else reading.sentences
        return next((one for one in pool if self.trigger.search(one.text)), None)

    def _place(self, reading: DocumentReading, trigger: Sentence | None) -> Quote:
        """A trigger is what a reviewer would mark; without one, the section where it belongs."""
        place = reading.place_for(self.look_in)
        return trigger.quote() if trigger is not None and self.number in {7, 10} else place
