"""Personal data written out in full, in the writer's own text and in what is quoted."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from apps.analysis.rules.defects import pii_checks
from apps.analysis.rules.defects.mark import Mark, mark_of
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.document import DocumentReading

_NEAR_CHARS = 40
_PHONE_WORD = re.compile(
    r"\b(?:phone|telephone|tel|mobile|cell|call|called|ring|rang|number|fax|whatsapp|sms|text(?:ed)?|phoned|telephoned|reach(?:ed)?"
    r"|landline|handy|contact)\b",
    re.IGNORECASE,
)
# Addresses of desks, by any word of the part before the @.
_DESK_WORDS = """
    info support help helpdesk noreply no reply donotreply contact sales service office postmaster abuse legal press privacy team
    hello admin billing orders order returns appeals appeal brand protection quality risk trust safety compliance complaints care
    customer customers seller sellers payments finance desk security notifications alerts news marketing webmaster jobs hr
    integrity feedback feedbacks mailer daemon invoices accounts claims enquiries inquiries recall recalls
"""
_DESK = frozenset(_DESK_WORDS.split())


def _is_mail_of_a_person(text: str) -> bool:
    return not _DESK & set(re.split(r"[._+-]{1,30}", text.partition("@")[0].lower()))


def _has_phone_length(text: str) -> bool:
    return 9 <= len(pii_checks.digits_of(text)) <= 15


@dataclass(frozen=True, slots=True)
class _Datum:
    """A kind of personal data: its shape, and the test that tells it from other numbers."""

    name: str
    pattern: re.Pattern[str]
    is_meant: Callable[[str], bool]
    needs_word: re.Pattern[str] | None = None
    """Must stand close by, for shapes that order numbers have too."""


_DATA = (
    _Datum(
        "e-mail address",
        re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"),
        _is_mail_of_a_person,
    ),
    _Datum(
        "bank account number",
        re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"),
        pii_checks.is_iban,
    ),
    _Datum(
        "card number",
        re.compile(r"(?<![\d-])\d{4}[ -]?\d{4,6}[ -]?\d{4,5}(?:[ -]?\d{1,4}){0,2}(?![\d-])"),
        pii_checks.is_card,
    ),
    # Groups of four beside the word "card" are meant as one, although a digit was mistyped.
    _Datum(
        "card number",
        re.compile(r"(?<![\d-])\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?![\d-])"),
        bool,
        re.compile(r"\b(?:card|visa|mastercard|maestro|amex)\b", re.IGNORECASE),
    ),
    _Datum("social security number", re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])"), pii_checks.is_us_ssn),
    _Datum(
        "national insurance number",
        re.compile(r"\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"),
        bool,
    ),
    _Datum("national id number", re.compile(r"\b(?:\d{8}|[XYZ]-?\d{7})-?[A-Z]\b"), pii_checks.is_spanish_id),
    _Datum("tax code", re.compile(r"\b[A-Z]{6}\d{2}[ABCDEHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b"), bool),
    _Datum(
        "social security number",
        re.compile(r"(?<!\d)[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?!\d)"),
        pii_checks.is_french_insee,
    ),
    _Datum(
        "personal number",
        re.compile(r"(?<![\d-])\d{6}[-+]\d{4}(?![\d-])"),
        lambda text: pii_checks.passes_luhn(pii_checks.digits_of(text)),
    ),
    _Datum(
        "personal number",
        re.compile(r"(?<!\d)\d{11}(?!\d)"),
        pii_checks.is_polish_pesel,
        re.compile(r"\b(?:PESEL|personal (?:id|number)|national id)\b", re.IGNORECASE),
    ),
    _Datum("national id number", re.compile(r"(?<!\d)\d{4} \d{4} \d{4}(?! ?\d)"), pii_checks.is_aadhaar),
    _Datum("telephone number", re.compile(r"(?<!\w)\+\d{1,3}(?:[ ().-]{0,2}\d){7,12}(?!\d)"), _has_phone_length),
    _Datum(
        "telephone number",
        re.compile(r"(?<![\w-])\(?0(?!00)\d{2,4}\)?(?:[ /-]\d{2,7}){1,4}(?![\d-])"),
        _has_phone_length,
    ),
    _Datum(
        "telephone number",
        re.compile(r"(?<![\w-])(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\d-])"),
        _has_phone_length,
        _PHONE_WORD,
    ),
    _Datum("telephone number", re.compile(r"(?<![\w-])0\d{9,10}(?![\d-])"), _has_phone_length, _PHONE_WORD),
)


def personal_data(reading: DocumentReading) -> Iterator[Mark]:
    """Each datum at its first place, with a count of the others; the reason names its kind and never repeats it."""
    found = [(sentence, name, span) for sentence in reading.sentences for name, span in _found(sentence.text)]
    times = Counter(_squeezed(sentence.text[slice(*span)]) for sentence, _, span in found)
    seen: set[str] = set()
    for sentence, name, span in found:
        datum = _squeezed(sentence.text[slice(*span)])
        if datum in seen:
            continue
        seen.add(datum)
        where = "quoted correspondence" if sentence.is_quoted else "text"
        again = f" It stands in {times[datum]} places." if times[datum] > 1 else ""
        reason = f"A full {name} is written out in the {where}, for every reader of this report.{again}"
        yield mark_of(sentence, DefectKind.PII_EXPOSED, span=span, reason=reason)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s()./-]", "", text).lower()


def masked(text: str) -> str:
    """The text with each datum replaced by a blank that names its kind."""
    for name, (start, end) in sorted(_found(text), key=lambda one: one[1], reverse=True):
        text = f"{text[:start]}\u27e8{name}\u27e9{text[end:]}"
    return text


def _found(text: str) -> list[tuple[str, tuple[int, int]]]:
    """Name and span of each datum; what two shapes claim belongs to the first."""
    found: list[tuple[str, tuple[int, int]]] = []
    for datum in _DATA:
        for match in datum.pattern.finditer(text):
            start, end = match.span()
            if any(start < last and first < end for _, (first, last) in found) or not datum.is_meant(match.group()):
                continue
            around = text[max(0, start - _NEAR_CHARS) : end + _NEAR_CHARS]
            if datum.needs_word is None or datum.needs_word.search(around):
                found.append((datum.name, (start, end)))
    return found
