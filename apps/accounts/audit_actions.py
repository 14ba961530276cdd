"""The deeds of this room as the record tells them."""

from apps.kernel.audit.actions import register_actions
from apps.kernel.errors import gettext_noop

register_actions(
    {
        "person.invited": gettext_noop("%(actor)s invited a person as %(role)s"),
        "person.invitation_withdrawn": gettext_noop("%(actor)s withdrew an invitation"),
        "person.joined": gettext_noop("%(actor)s accepted an invitation as %(role)s"),
        "person.role_changed": gettext_noop("%(actor)s changed a role from %(before)s to %(after)s"),
        "person.deactivated": gettext_noop("%(actor)s deactivated a person"),
        "person.reactivated": gettext_noop("%(actor)s reactivated a person"),
        "person.signed_in": gettext_noop("%(actor)s signed in"),
        "person.signed_out": gettext_noop("%(actor)s signed out"),
        "person.sign_in_failed": gettext_noop("A sign-in failed: %(reason)s"),
        "person.password_reset_asked": gettext_noop("A new password was asked for"),
        "person.password_reset": gettext_noop("%(actor)s set a new password by mail"),
        "person.password_changed": gettext_noop("%(actor)s changed the password"),
        "person.profile_changed": gettext_noop("%(actor)s changed the own profile"),
        "api_key.issued": gettext_noop("%(actor)s made the API key %(prefix)s"),
        "api_key.revoked": gettext_noop("%(actor)s revoked the API key %(prefix)s"),
    }
)
