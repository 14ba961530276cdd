"""A refusal shown where the person can mend it: in the form they sent."""

from django.forms import Form

from apps.accounts.errors import CodeRefusedError, WeakPasswordError, WrongPasswordError
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import sentence_of

_FIELD_OF: dict[type[DomainError], str] = {
    WeakPasswordError: "password",
    WrongPasswordError: "current",
    CodeRefusedError: "code",
}


def show_refusal(form: Form, error: DomainError) -> None:
    """Put the error's sentence at the field that it is about, else above the form."""
    field = _FIELD_OF.get(type(error))
    form.add_error(field, sentence_of(error))
