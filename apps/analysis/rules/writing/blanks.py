"""Blanks in example rewrites, and sentences with some of their words replaced."""

import re

from apps.analysis.rules.defects.pii_exposed import masked
from apps.analysis.rules.port import Defect

_LONGEST_CHARS = 280
_KEEPS_CAPITAL = re.compile(r"^(?:I\b|[A-Z]{2,30}|[A-Z][a-z]{1,30} [A-Z]|[A-Z]\w{0,30}[-\d])")
_LOWERED_WORDS = """
    the a an this that these those it its they their he his she her we our some many most several all every each no nobody somebody
    someone everybody everyone there because if when after before in on at for from to by with more better similar sellers reviewers
    buyers customers people extensions weekly new maybe also
"""
_LOWERED = frozenset(_LOWERED_WORDS.split())


def blank(words: str) -> str:
    """A blank for the writer to fill in: facts are never invented."""
    return f"\u27e8{words}\u27e9"


def replaced(defect: Defect, new: str) -> str:
    """The defect's sentence with the quoted words replaced, shortened around them where it is long, personal data masked."""
    start = defect.quote.start - defect.sentence.start
    before, after = defect.sentence.text[:start], defect.sentence.text[start + len(defect.quote.text) :]
    room = max(60, (_LONGEST_CHARS - len(new)) // 2)
    if len(before) > room:
        before = "\u2026" + before[-room:].partition(" ")[2]
    if len(after) > room:
        after = after[:room].rpartition(" ")[0] + "\u2026"
    text = masked(before) + new + masked(after)
    return tidy(text)


def tidy(text: str) -> str:
    """One line, one space between words, a capital at the start."""
    flat = re.sub(r"\s{1,9}", " ", text).strip().replace(" ,", ",").replace(" .", ".")
    opening = 2 if flat.startswith("\u27e8") else 1
    return flat[:opening].upper() + flat[opening:]


def as_clause(text: str) -> str:
    """The sentence as part of another: without its stop, small at the start unless a name begins it."""
    flat = masked(" ".join(text.split())).strip(" .!;:-\u2022*")
    if len(flat) > _LONGEST_CHARS // 2:
        flat = flat[: _LONGEST_CHARS // 2].rpartition(" ")[0].rstrip(",;") + "\u2026"
    first = flat.split(" ")[0].lower()
    return flat[:1].lower() + flat[1:] if first in _LOWERED and not _KEEPS_CAPITAL.match(flat) else flat
