"""Made-up write-ups with sentences as investigators write them; the same ones every time."""

import random

from apps.documents.word.builder import Content, Heading, Paragraph, build

_HEADINGS = (
    "Executive Summary",
    "Background",
    "Timeline",
    "Resolving Actions",
    "Root Cause",
    "Preventative Actions",
    "Impact",
    "Appendix",
)
_WHO = ("The seller", "The desk", "The analyst", "A buyer", "The second team", "The investigator", "The system")
_DID = (
    "shipped {n} units to buyers in {place} on {day} March 2025",
    "opened ticket T-{n} after {m} complaints about listing B0{n}",
    "suspended the account on {day} March and reinstated it {m} days later",
    "found that the control had not run since {day} January because its schedule was changed",
    "sent a warning that nobody read, as the mailbox belonged to a former colleague",
    "compared {n} invoices with the stock ledger and found {m} that do not match",
    "decided to wait for the supplier's answer before any refund was paid",
    "mentioned that the process may be improved in the near future",
)
_TAIL = (
    ", which the log of the same day shows.",
    " and informed the regional lead.",
    "; the amount at risk was {n} euros.",
    ", although the standard procedure asks for two signatures.",
    ".",
    " TBD.",
)
_PLACES = ("Hamburg", "Leeds", "Lyon", "Turin", "Gdansk")


def write_up(word_count: int) -> bytes:
    """A Word file of about this many words in eight sections."""
    return build(_contents(word_count))


def paragraphs(word_count: int) -> list[str]:
    """Its paragraphs alone."""
    return [one.text for one in _contents(word_count) if isinstance(one, Paragraph)]


def _contents(word_count: int) -> list[Content]:
    chance = random.Random(17)  # noqa: S311 - a text, not a secret
    contents: list[Content] = []
    for heading in _HEADINGS:
        contents.append(Heading(heading))
        words = 0
        while words < word_count / len(_HEADINGS):
            text = " ".join(_sentence(chance) for _ in range(chance.randint(2, 6)))
            contents.append(Paragraph(text))
            words += len(text.split())
    return contents


def _sentence(chance: random.Random) -> str:
    shape = f"{chance.choice(_WHO)} {chance.choice(_DID)}{chance.choice(_TAIL)}"
    return shape.format(
        n=chance.randint(2, 9000), m=chance.randint(2, 40), day=chance.randint(1, 28), place=chance.choice(_PLACES)
    )
