"""The forms of a verb, so that a word list names it once: "write~" is write, writes, writing, wrote, written."""

import re
from functools import cache
from pathlib import Path

_IRREGULAR = Path(__file__).resolve().parent.parent / "vocabulary" / "words" / "irregular.txt"
_DOUBLES = re.compile(r"[^aeiou]{0,3}[aeiou][bdgklmnprt]")


def forms_of(verb: str) -> frozenset[str]:
    """The verb with its endings; the irregular ones are listed in vocabulary/words/irregular.txt."""
    stem = verb + verb[-1] if _DOUBLES.fullmatch(verb) or verb in _doubled() else verb
    if verb.endswith("e"):
        endings = {f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"}
    elif verb.endswith("y") and verb[-2] not in "aeiou":
        endings = {f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"}
    elif verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        endings = {f"{verb}es", f"{verb}ed", f"{verb}ing"}
    else:
        endings = {f"{verb}s", f"{stem}ed", f"{stem}ing"}
    past = _irregular().get(verb)
    if past:
        endings = {one for one in endings if not one.endswith(("ed", "ied"))} | past
    return frozenset({verb, *endings})


@cache
def _irregular() -> dict[str, frozenset[str]]:
    """Past and participle by the verb."""
    return {verb: frozenset(past) for verb, *past in _lines() if past}


@cache
def _doubled() -> frozenset[str]:
    """Longer verbs that double their last letter: a line with the verb alone."""
    return frozenset(words[0] for words in _lines() if len(words) == 1)


@cache
def _lines() -> tuple[tuple[str, ...], ...]:
    lines = _IRREGULAR.read_text(encoding="utf-8").splitlines()
    return tuple(tuple(line.split()) for line in lines if line.strip() and not line.startswith("#"))
