"""What people own in this room."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.owned_things import OwnedKind, register_owned
from apps.accounts.selectors import usable_keys_of


def _keys(person: User) -> int:
    return usable_keys_of(person).count()


register_owned(
    OwnedKind(
        "api_keys",
        _("API keys"),
        _("They stop working and nobody can take them over. They would work again if the person came back."),
        30,
        _keys,
    )
)
