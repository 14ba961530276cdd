"""What a stored error code means, as a sentence for people: jobs and runs keep codes, pages and the API show sentences."""

from collections.abc import Mapping

from django.utils.translation import gettext

from apps.kernel.errors import DomainError, error_of_code, gettext_noop

# Endings that no error class stands for: the runner found them.
_FAULTS = {
    "fault": gettext_noop("Something went wrong on our side. Your file is kept; please try again."),
    "worker_lost": gettext_noop("The work was interrupted several times. Your file is kept; please try again."),
    "stage_too_slow": gettext_noop("The work took too long and was stopped. Your file is kept; please try again."),
    "database_unavailable": gettext_noop("The database is not available just now. Please try again."),
}


def sentence_for_people(code: str, fields: Mapping[str, object] | None = None) -> str:
    """The sentence of this code in the reader's language; a general one for a code that nobody has any more, "" for ""."""
    if not code:
        return ""
    translated = gettext(_FAULTS.get(code) or error_of_code(code).sentence)
    try:
        return translated % fields if fields else translated
    except (KeyError, ValueError, TypeError):
        # The fields were stored by another version of the code.
        return gettext(DomainError.sentence)
