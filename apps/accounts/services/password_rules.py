"""The rules of a new password: length, not common, not like the person's or the organization's name. No composition rules."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.accounts.errors import WeakPasswordError
from apps.accounts.known_passwords import is_breached_password
from apps.accounts.models import User
from apps.accounts.models.user import LONGEST_PASSWORD, normal_password
from apps.kernel.tenancy.context import current_tenant

_SHORTEST_NAME = 4


def refuse_weak_password(password: str, person: User) -> None:
    """WeakPasswordError with every rule that is broken, as sentences in the reader's language."""
    password = normal_password(password)
    if len(password) > LONGEST_PASSWORD:
        raise WeakPasswordError(
            reasons=_("This password is longer than %(most)s characters.") % {"most": LONGEST_PASSWORD}
        )
    reasons: list[str] = []
    try:
        validate_password(password, person)
    except ValidationError as error:
        reasons += error.messages
    if is_breached_password(password):
        reasons.append(_("This password is on a list of passwords that others know."))
    if _leans_on(password, current_tenant().name) or _leans_on(password, current_tenant().slug):
        reasons.append(_("The password is too similar to the name of the organization."))
    if reasons:
        raise WeakPasswordError(reasons=" ".join(reasons))


def _leans_on(password: str, name: str) -> bool:
    """Is the name most of the password?"""
    plain, name = password.casefold(), name.casefold()
    return len(name) >= _SHORTEST_NAME and name in plain and len(name) * 2 > len(plain)
