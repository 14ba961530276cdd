"""Point 7: a sign of a takeover calls for both: the holder authenticated, and the other users of the account checked."""

from apps.analysis.rules.points.verdict import gap, not_applicable, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.vocabulary import word_set

POINT = 7
_NOT = frozenset({"not", "never", "didnt", "havent"})
_OBJECT_WORDS = 5
# What a holder denies to have done: a buyer who "did not open the parcel" denies nothing.
_OF_THE_ACCOUNT = word_set("of_the_account")
_SAYING = frozenset(
    {
        "says",
        "said",
        "claims",
        "claimed",
        "states",
        "stated",
        "wrote",
        "writes",
        "denies",
        "denied",
        "insists",
        "insisted",
        "told",
    }
)


def judge(reading: DocumentReading) -> Verdict:
    """The sign may stand in a quoted mail or a log only; the examination is told by the writer."""
    signs = takeover_signs(reading)
    if not signs:
        return not_applicable(POINT, "No unusual sign-in, changed detail, unknown user or denied conduct is told.")
    holder = next((one for one in reading.narrative if _is_authentication(one)), None)
    users = next((one for one in reading.narrative if _is_users_check(reading, one)), None)
    if holder is not None and users is not None:
        return satisfied(
            POINT, holder, f"The holder was authenticated and the other users were checked: {snippet(holder)}."
        )
    lacking = (
        "the other users of the account were not checked" if holder is not None else "the holder was not authenticated"
    )
    if holder is None and users is None:
        lacking = "neither was the holder authenticated nor were other users checked"
    marked = _strongest(signs)
    return gap(POINT, marked, f"{snippet(marked)} is a sign of a takeover, and {lacking}.", 0.84)


def takeover_signs(reading: DocumentReading) -> list[Sentence]:
    """Sentences that point to somebody else in the account."""
    return [one for one in reading.sentences if reading.role(one) != "prevention" and _is_sign(one)]


def _is_sign(sentence: Sentence) -> bool:
    """A phrase of takeovers, or a party that denies the deed: in its own mail, or as the writer tells it."""
    facts = sentence.facts
    if facts.says("takeover") or (facts.has("takeover") and sentence.is_quoted):
        return True
    subjects = (
        {"we", "i", "nobody"}
        if sentence.kind == "email" or facts.quoted
        else {"he", "she", "they", "seller", "holder", "owner", "shop"}
    )
    words = facts.tokens.words
    is_told = sentence.kind == "email" or bool(facts.quoted) or bool(_SAYING & set(words))
    if not is_told:
        return False
    if facts.has("denial"):
        return True
    return any(
        words[mark.start - 1] in _NOT
        and subjects & set(words[max(0, mark.start - 4) : mark.start])
        and _OF_THE_ACCOUNT & set(words[mark.end : mark.end + _OBJECT_WORDS])
        for mark in facts.marks.get("deed", ())
        if mark.start > 0
    )


def _is_authentication(sentence: Sentence) -> bool:
    facts = sentence.facts
    return (
        facts.says("authenticated")
        and not facts.has_any("unsure")
        and (facts.has_any("outside_party", "seller", "party") or bool(facts.people) or facts.has_specifics)
    )


def _is_users_check(reading: DocumentReading, sentence: Sentence) -> bool:
    if not sentence.facts.has("other_users"):
        return False
    return any(one.facts.says("users_checked") for one in reading.around(sentence, 0, 1)) and not sentence.facts.denies(
        "users_checked"
    )


def _strongest(signs: list[Sentence]) -> Sentence:
    """The writer's dismissal of a sign before the sign itself; mails before logs."""
    order = {"narrative": 1, "email": 0, "log": 2, "appendix": 3}
    return min(signs, key=lambda one: (order.get(one.kind, 3), one.place))
