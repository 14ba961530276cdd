"""The menu entries of this room."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.capabilities import Capability
from apps.accounts.policies import may
from apps.kernel.navigation import NavEntry, register

register(NavEntry(_("People"), "accounts:people", "users", 80, lambda user: may(user, Capability.MANAGE_ORGANIZATION)))
register(
    NavEntry(
        _("Sign-in"), "accounts:sign_in_policy", "keys", 86, lambda user: may(user, Capability.MANAGE_ORGANIZATION)
    )
)
register(
    NavEntry(
        _("Single sign-on"), "accounts:connections", "key", 85, lambda user: may(user, Capability.MANAGE_ORGANIZATION)
    )
)
register(NavEntry(_("Look"), "accounts:look", "pen", 87, lambda user: may(user, Capability.MANAGE_ORGANIZATION)))
register(
    NavEntry(
        _("Programs"), "accounts:service_accounts", "keys", 87, lambda user: may(user, Capability.MANAGE_ORGANIZATION)
    )
)
register(
    NavEntry(
        _("Organizations"),
        "admin:tenants_tenant_changelist",
        "buildings",
        90,
        lambda user: may(user, Capability.MANAGE_PLATFORM),
    )
)
