"""The menu entry of this room."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.capabilities import Capability
from apps.accounts.policies import may
from apps.kernel.navigation import NavEntry, register

register(
    NavEntry(_("Framework"), "analysis:framework", "list-check", 30, lambda user: may(user, Capability.READ_DOCUMENTS))
)
