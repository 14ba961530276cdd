"""What a stored error code means, as a sentence for people: jobs and runs keep codes, pages show sentences."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext

from apps.kernel.errors import DomainError, gettext_noop

# Endings that no error class stands for: the runner found them.
_FAULTS = {
    "fault": gettext_noop("Something went wrong on our side. Your file is kept; please try again."),
    "worker_lost": gettext_noop("The work was interrupted several times. Your file is kept; please try again."),
    "stage_too_slow": gettext_noop("The work took too long and was stopped. Your file is kept; please try again."),
    "database_unavailable": gettext_noop("The database is not available just now. Please try again."),
}


def sentence_of_code(code: str, fields: Mapping[str, object] | None = None) -> str:
    """The sentence of this code in the reader's language; a general one for a code that no loaded class has, "" for ""."""
    if not code:
        return ""
    template = _FAULTS.get(code) or next(
        (kind.sentence for kind in _kinds(DomainError) if kind.code == code), DomainError.sentence
    )
    translated = gettext(template)
    try:
        return translated % fields if fields else translated
    except (KeyError, ValueError, TypeError):
        # The fields were stored by another version of the code.
        return gettext(DomainError.sentence)


def _kinds(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    """Parents before children, so that a code that is inherited is told by the class that defines it."""
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)
