"""The deeds of this room as the record tells them."""

from django.utils.translation import gettext

from apps.accounts.choices import shown_device, shown_signals
from apps.kernel.audit.actions import register_actions, register_words
from apps.kernel.errors import gettext_noop

register_actions(
    {
        "person.invited": gettext_noop("%(actor)s invited a person as %(role)s"),
        "invitations.asked": gettext_noop("%(actor)s asked for %(count)s invitations with a list of %(lines)s lines"),
        "invitations.sent": gettext_noop("%(invited)s people of a list of %(lines)s were invited"),
        "look.changed": gettext_noop("%(actor)s changed how the organization looks: %(what)s"),
        "look.reset": gettext_noop("%(actor)s gave the organization the look of the beginning"),
        "team.made": gettext_noop("%(actor)s made the team %(team)s"),
        "team.renamed": gettext_noop("%(actor)s renamed the team %(before)s to %(after)s"),
        "team.removed": gettext_noop("%(actor)s removed the team %(team)s"),
        "team.member_added": gettext_noop("%(actor)s put a person into the team %(team)s"),
        "team.member_removed": gettext_noop("%(actor)s took a person out of the team %(team)s"),
        "person.invitation_withdrawn": gettext_noop("%(actor)s withdrew an invitation"),
        "person.joined": gettext_noop("%(actor)s accepted an invitation as %(role)s"),
        "person.role_changed": gettext_noop("%(actor)s changed a role from %(before)s to %(after)s"),
        "person.deactivated": gettext_noop("%(actor)s deactivated a person"),
        "person.reactivated": gettext_noop("%(actor)s reactivated a person"),
        "person.handed_over": gettext_noop("%(actor)s gave %(count)s things of a person to a colleague"),
        "person.emergency_access_given": gettext_noop("%(actor)s gave a person emergency access by password"),
        "person.emergency_access_taken": gettext_noop("%(actor)s took a person's emergency access by password away"),
        "person.signed_in": gettext_noop("%(actor)s signed in"),
        "person.joined_by_sso": gettext_noop("%(actor)s came by %(connection)s for the first time, as %(role)s"),
        "person.linked_to_sso": gettext_noop("%(actor)s came by %(connection)s for the first time"),
        "person.signed_in_by_sso": gettext_noop("%(actor)s signed in by %(connection)s"),
        "sso.connection_made": gettext_noop("%(actor)s made the single sign-on connection %(connection)s"),
        "sso.connection_changed": gettext_noop(
            "%(actor)s changed the single sign-on connection %(connection)s: %(what)s"
        ),
        "sso.connection_refreshed": gettext_noop("%(connection)s was brought in step with its metadata: %(what)s"),
        "sso.certificate_ending": gettext_noop("A certificate of %(connection)s ends on %(date)s"),
        "sso.metadata_not_taken": gettext_noop("Changed metadata of %(connection)s were not taken: %(reason)s"),
        "sso.connection_removed": gettext_noop("%(actor)s removed the single sign-on connection %(connection)s"),
        "sso.domain_added": gettext_noop("%(actor)s named the mail domain %(domain)s"),
        "sso.domain_verified": gettext_noop("%(actor)s proved the mail domain %(domain)s"),
        "sso.domain_removed": gettext_noop("%(actor)s removed the mail domain %(domain)s"),
        "sso.answer_refused": gettext_noop("An answer in the name of %(connection)s was refused: %(reason)s"),
        "sso.logout_refused": gettext_noop("A sign-out in the name of %(connection)s was refused: %(reason)s"),
        "sso.directory_asked": gettext_noop("%(connection)s can be asked again who is still there"),
        "sso.directory_failed": gettext_noop("%(connection)s could not be asked: %(reason)s"),
        "sso.directory_refused": gettext_noop("%(connection)s refused a sign-in: %(reason)s"),
        "person.directory_password_accepted": gettext_noop(
            "%(actor)s gave the right password of %(connection)s; a second factor was asked for"
        ),
        "person.sessions_ended_by_directory": gettext_noop(
            "%(connection)s does not know the last administrator any more: all their sessions were ended"
        ),
        "person.not_admitted": gettext_noop("%(connection)s sent somebody who was not admitted: %(reason)s"),
        "person.provisioned": gettext_noop("%(connection)s provisioned a new person as %(role)s"),
        "person.provisioning_begun": gettext_noop("%(connection)s now manages an account"),
        "person.provisioning_changed": gettext_noop("%(connection)s changed a person: %(what)s"),
        "person.provisioning_ended": gettext_noop("%(connection)s removed a person"),
        "person.deprovisioned": gettext_noop("%(connection)s deactivated a person"),
        "person.reprovisioned": gettext_noop("%(connection)s reactivated a person"),
        "person.teams_provisioned": gettext_noop("A person's teams follow the groups of %(connection)s"),
        "person.role_provisioned": gettext_noop("A person's role follows the groups of %(connection)s: %(role)s"),
        "scim.group_made": gettext_noop("%(connection)s made the group %(group)s"),
        "scim.group_changed": gettext_noop("%(connection)s changed the group %(group)s: %(what)s"),
        "scim.group_removed": gettext_noop("%(connection)s removed the group %(group)s"),
        "scim.token_made": gettext_noop("%(actor)s made the provisioning token %(prefix)s of %(connection)s"),
        "scim.token_revoked": gettext_noop("%(actor)s revoked the provisioning token %(prefix)s of %(connection)s"),
        "scim.subject_changed": gettext_noop(
            "%(actor)s said that %(connection)s names people at sign-in by %(attribute)s"
        ),
        "person.teams_followed": gettext_noop("The teams of %(actor)s follow the groups at %(connection)s"),
        "person.role_followed": gettext_noop("The role of %(actor)s follows the groups at %(connection)s: %(role)s"),
        "person.password_accepted": gettext_noop("%(actor)s gave the right password; a second factor was asked for"),
        "person.reauthenticated": gettext_noop("%(actor)s confirmed who they are: %(by)s"),
        "person.reauthentication_failed": gettext_noop("%(actor)s could not confirm who they are"),
        "person.second_factor_failed": gettext_noop("A second factor was refused: %(reason)s"),
        "person.second_factors_removed": gettext_noop("%(actor)s took away a person's second factors"),
        "authenticator_app.set_up": gettext_noop("%(actor)s set up an authenticator app"),
        "authenticator_app.removed": gettext_noop("%(actor)s removed the authenticator app"),
        "passkey.registered": gettext_noop("%(actor)s registered the passkey %(name)s"),
        "passkey.removed": gettext_noop("%(actor)s removed the passkey %(name)s"),
        "passkey.counter_went_back": gettext_noop("A passkey's counter went back, as a copy's would; it was refused"),
        "recovery_codes.renewed": gettext_noop("%(actor)s made new recovery codes"),
        "recovery_code.used": gettext_noop("%(actor)s used a recovery code; %(left)s are left"),
        "sign_in_policy.changed": gettext_noop("%(actor)s changed how people sign in"),
        "person.signed_out": gettext_noop("%(actor)s signed out"),
        "person.sign_in_stopped": gettext_noop("A sign-in was stopped for its risk of %(risk)s: %(signals)s"),
        "person.let_in_once": gettext_noop("%(actor)s let a person in once: %(device)s"),
        "person.sign_in_disowned": gettext_noop("%(actor)s said that a sign-in was somebody else's: %(device)s"),
        "person.asked_again": gettext_noop("%(actor)s was asked to confirm who they are: %(changed)s changed"),
        "mailed_code.sent": gettext_noop("A code was mailed for a risky sign-in"),
        "person.sign_in_failed": gettext_noop("A sign-in failed: %(reason)s"),
        "person.password_reset_asked": gettext_noop("A new password was asked for"),
        "person.password_reset": gettext_noop("%(actor)s set a new password by mail"),
        "person.password_changed": gettext_noop("%(actor)s changed the password"),
        "person.profile_changed": gettext_noop("%(actor)s changed the own profile"),
        "session.ended": gettext_noop("%(actor)s ended an own session: %(device)s"),
        "session.ended_by_provider": gettext_noop("%(connection)s ended a person's sessions"),
        "session.others_ended": gettext_noop("%(actor)s ended all other own sessions: %(count)s"),
        "session.all_ended": gettext_noop("%(actor)s signed a person out everywhere"),
        "token.issued": gettext_noop("%(actor)s signed a program in"),
        "token.revoked": gettext_noop("%(actor)s ended the tokens of a program"),
        "token.all_revoked": gettext_noop("%(actor)s ended the tokens of all own programs: %(count)s"),
        "token.all_revoked_by_admin": gettext_noop("%(actor)s ended the tokens of a person's programs: %(count)s"),
        "token.reused": gettext_noop("A used token came back: the tokens of this sign-in were ended"),
        "api_key.issued": gettext_noop("%(actor)s made the API key %(prefix)s"),
        "api_key.issued_for_program": gettext_noop("%(actor)s made the API key %(prefix)s for the program %(account)s"),
        "api_key.renewed": gettext_noop(
            "%(actor)s renewed an API key, now %(prefix)s; the secret of before goes on for days: %(overlap_days)s"
        ),
        "api_key.end_announced": gettext_noop("It was announced that the API key %(prefix)s ends soon"),
        "service_account.made": gettext_noop(
            "%(actor)s made the service account %(account)s as %(role)s; %(to)s is responsible"
        ),
        "service_account.changed": gettext_noop(
            "%(actor)s changed the service account %(account)s: %(before)s, %(after)s"
        ),
        "service_account.handed_over": gettext_noop(
            "%(actor)s made %(to)s responsible for the service account %(account)s"
        ),
        "service_account.deactivated": gettext_noop("%(actor)s deactivated the service account %(account)s"),
        "service_account.reactivated": gettext_noop("%(actor)s reactivated the service account %(account)s"),
        "api_key.revoked": gettext_noop("%(actor)s revoked the API key %(prefix)s"),
    }
)

register_words({"by": gettext, "reason": gettext, "changed": gettext, "device": shown_device, "signals": shown_signals})
