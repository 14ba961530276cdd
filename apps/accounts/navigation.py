"""The menu entry of this room."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.policies import may_manage_people
from apps.kernel.navigation import NavEntry, register

register(NavEntry(_("People"), "accounts:people", "users", 80, may_manage_people))
