"""Teams: by the word lists, or because a person's name stands with them in brackets or with "of" or "from"."""

import re
from dataclasses import dataclass

_NAME = r"[A-ZÀ-ÖØ-Þ][\wÀ-ÿ'’-]{1,24}(?: (?:and|of|&) [A-Z][\w-]{1,24}| [A-ZÀ-ÖØ-Þ][\w'’-]{1,24}){0,3}"
_PERSON_TEAM = re.compile(rf"(?P<person>{_NAME}) ?\((?:the )?(?P<team>{_NAME}(?: desk| team| office| group)?)[,)]")
_IN_BRACKETS = re.compile(rf"\((?P<person>{_NAME}), (?P<team>{_NAME})\)")
_OF_TEAM = re.compile(
    rf"(?P<person>{_NAME}),? (?:of|from|at|in) (?:the |our )?"
    rf"(?P<team>{_NAME}(?: desk| team| office| group)?|[a-z]+ (?:desk|team|office|group|unit)"
    r"|warehouse|depot|legal|payments|finance|support|logistics|engineering|compliance|quality)(?=[\s,.;:)])"
)


_BEFORE_COLON = re.compile(rf"^(?P<team>{_NAME}(?: desk| team| office| group)?): (?P<person>{_NAME})")
_FROM_TEAM = re.compile(rf"\b[Ff]rom (?P<team>{_NAME}), (?P<person>{_NAME})")
_IN_COMMAS = re.compile(rf"(?P<person>{_NAME}), (?P<team>{_NAME}),")


@dataclass(frozen=True, slots=True)
class TeamMention:
    """A team at text[start:end] with the person who stands for it there."""

    start: int
    end: int
    name: str


def teams_with_people(text: str, people: tuple[str, ...]) -> tuple[TeamMention, ...]:
    """Teams that stand directly with one of these names: "Iva Maric (Payouts)", "Payouts (Iva Maric)", "Iva Maric of Payouts"."""
    found = []
    for pattern in (_PERSON_TEAM, _IN_BRACKETS, _OF_TEAM, _BEFORE_COLON, _IN_COMMAS, _FROM_TEAM):
        for match in pattern.finditer(text):
            first, second = match.group("person"), match.group("team")
            if first.endswith(people) and second not in people:
                found.append(TeamMention(match.start("team"), match.end("team"), second))
            elif second in people and pattern is _PERSON_TEAM:
                found.append(TeamMention(match.start("person"), match.end("person"), first))
    return tuple(sorted(found, key=lambda one: one.start))
