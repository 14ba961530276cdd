"""What people own in this room."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.owned_things import OwnedKind, register_owned
from apps.accounts.selectors import accounts_in_care_of, usable_keys_of
from apps.accounts.services.service_accounts import take_over_accounts


def _keys(person: User) -> int:
    return usable_keys_of(person).count()


def _accounts(person: User) -> int:
    return accounts_in_care_of(person.pk).count()


def _take_over(user: User, person: User, heir: User) -> int:
    return take_over_accounts(user, person=person, heir=heir)


register_owned(
    OwnedKind(
        "service_accounts",
        _("Service accounts in their care"),
        _("They go on working. A colleague can become responsible; otherwise administrators are told by mail."),
        25,
        _accounts,
        _take_over,
    )
)
register_owned(
    OwnedKind(
        "api_keys",
        _("API keys"),
        _("They stop working and nobody can take them over. They would work again if the person came back."),
        30,
        _keys,
    )
)
