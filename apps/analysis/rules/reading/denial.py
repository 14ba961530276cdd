"""Whether words are denied: "was not checked", "no second reader", "nobody approved", "approval is missing"."""

from apps.analysis.rules.reading.tokens import Tokens
from apps.analysis.rules.reading.vocabulary import word_set

_NEGATORS = word_set("negator")
_AFTER = word_set("negator_after")
_LINKS = word_set("linking_verb")
_REACH_BACK = 5
_REACH_ON = 3


def is_denied(tokens: Tokens, start: int, end: int) -> bool:
    """True when a negation reaches words[start:end] within its clause."""
    words = tokens.words
    at = start
    while at > 0 and start - at < _REACH_BACK and not tokens.breaks[at]:
        at -= 1
        if words[at] in _NEGATORS and not _is_only(words, at):
            return True
    return _is_denied_after(tokens, end)


def _is_only(words: tuple[str, ...], at: int) -> bool:
    """ "not only" and "no longer than" affirm."""
    return words[at] in {"not", "no"} and at + 1 < len(words) and words[at + 1] in {"only", "just", "longer", "later"}


def _is_denied_after(tokens: Tokens, end: int) -> bool:
    has_link = False
    for at in range(end, min(end + _REACH_ON, len(tokens.words))):
        if tokens.breaks[at]:
            return False
        if tokens.words[at] in _AFTER:
            return has_link or tokens.words[at] in {"missing", "absent", "unknown"}
        has_link = has_link or tokens.words[at] in _LINKS
    return False
