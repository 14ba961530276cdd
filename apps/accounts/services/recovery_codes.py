"""Make a person's ten recovery codes. They are returned once; older ones are dead."""

from django.db import transaction

from apps.accounts.errors import NeedsPersonError, NoSecondFactorError
from apps.accounts.events import FactorChange, SecondFactorChanged
from apps.accounts.models import RecoveryCode, User
from apps.accounts.second_factor.recovery_codes import digest_of_code, new_codes
from apps.accounts.selectors import second_factors_of
from apps.kernel.audit.record import record
from apps.kernel.events.bus import publish


@transaction.atomic
def renew_recovery_codes(user: User) -> list[str]:
    """The new codes. NeedsPersonError for an API key, NoSecondFactorError when there is nothing that could get lost."""
    if user.key_scopes is not None:
        raise NeedsPersonError
    owner = User.objects.select_for_update().get(pk=user.pk)
    if not second_factors_of(owner).are_there:
        raise NoSecondFactorError
    publish(SecondFactorChanged(person_id=owner.pk, change=FactorChange.CODES_RENEWED))
    return _renewed(owner)


def first_recovery_codes(owner: User) -> list[str]:
    """Codes for somebody who has just set up their first factor, whose row is locked; none for somebody who has some left."""
    return [] if second_factors_of(owner).codes_left else _renewed(owner)


def _renewed(owner: User) -> list[str]:
    codes = new_codes()
    RecoveryCode.objects.filter(owner=owner).delete()
    RecoveryCode.objects.bulk_create([RecoveryCode(owner=owner, digest=digest_of_code(code)) for code in codes])
    record("recovery_codes.renewed", actor=owner, target=owner.pk)
    return codes
