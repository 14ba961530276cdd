"""What can go wrong between people and their accounts."""

from apps.kernel.errors import (
    ConflictError,
    InvalidInputError,
    LimitReachedError,
    NotAllowedError,
    gettext_noop,
)


class SignInRefusedError(InvalidInputError):
    """Wrong address, wrong password, an account that may not sign in, or a sign-in that was stopped for its risk: never told apart."""

    code = "sign_in_refused"
    sentence = gettext_noop(
        "The e-mail address or the password is wrong. If a sign-in was stopped to protect your account, you have mail about it."
    )


class TooManyAttemptsError(LimitReachedError):
    """Too many attempts for this account or from this network. Field: retry_after_s."""

    code = "too_many_attempts"
    sentence = gettext_noop("Too many attempts. Please wait a quarter of an hour and try again.")


class WeakPasswordError(InvalidInputError):
    """The password breaks a rule. Field `reasons`: the sentences, in the reader's language."""

    code = "weak_password"
    sentence = gettext_noop("%(reasons)s")


class WrongPasswordError(InvalidInputError):
    """The current password given with a change is not the current one."""

    code = "wrong_password"
    sentence = gettext_noop("The current password is wrong.")


class LinkNotValidError(InvalidInputError):
    """An invitation or reset link is changed, too old, used, withdrawn, or of another organization: never told apart."""

    code = "link_not_valid"
    sentence = gettext_noop("This link is not valid any more. Please ask for a new one.")


class InvalidPreferenceError(InvalidInputError):
    """A language, theme or time zone that we do not have. Field: name."""

    code = "invalid_preference"
    sentence = gettext_noop("This is not a possible choice: %(name)s")


class AlreadyAPersonError(ConflictError):
    """The invited address has an account here already."""

    code = "already_a_person"
    sentence = gettext_noop("There is an account with this e-mail address already.")


class RosterUnreadableError(InvalidInputError):
    """A list of people is no table that can be read. Field `problem`: why, in the reader's language."""

    code = "roster_unreadable"
    sentence = gettext_noop("This list cannot be read: %(problem)s")


class RosterTooLongError(LimitReachedError):
    """A list of people has too many lines or bytes. Fields: lines, kib."""

    code = "roster_too_long"
    sentence = gettext_noop("A list has at most %(lines)s people and %(kib)s KiB. Please send it in parts.")
    http_status = 413


class NobodyToInviteError(InvalidInputError):
    """No line of a list of people leads to an invitation."""

    code = "nobody_to_invite"
    sentence = gettext_noop("Nobody in this list can be invited. Each line says why.")


class InvalidTeamNameError(InvalidInputError):
    """A team needs a name that fits."""

    code = "invalid_team_name"
    sentence = gettext_noop("A team needs a name of at most 100 characters.")


class TeamNameTakenError(ConflictError):
    """There is a team of this name, whatever its case."""

    code = "team_name_taken"
    sentence = gettext_noop("There is a team of this name already.")


class InvalidLookError(InvalidInputError):
    """A name, text or address of the organization's look does not fit."""

    code = "invalid_look"
    sentence = gettext_noop(
        "Names have at most 100 characters, the text 500, and the address for replies is an e-mail address."
    )


class ColourRefusedError(InvalidInputError):
    """A colour is none, or cannot be read. Fields: `problem`, the sentence in the reader's language; `scheme`, light or dark."""

    code = "colour_refused"
    sentence = gettext_noop("%(problem)s")


class LogoRefusedError(InvalidInputError):
    """A file cannot be the logo. Field `problem`: the sentence in the reader's language."""

    code = "logo_refused"
    sentence = gettext_noop("%(problem)s")


class InvalidHeirError(InvalidInputError):
    """What a person owned was to go to themselves, or to somebody without access."""

    code = "invalid_heir"
    sentence = gettext_noop("Choose another person who is active here.")


class LastAdministratorError(ConflictError):
    """The deed would leave the organization with nobody to administer it."""

    code = "last_administrator"
    sentence = gettext_noop("This is the last administrator. Make somebody else an administrator first.")


class InvalidKeyError(InvalidInputError):
    """The API key asked for has no scope, no end, or one that is too far away."""

    code = "invalid_key"
    sentence = gettext_noop("An API key needs a name, at least one scope, and an end within one year.")


class ScopeNotYoursError(NotAllowedError):
    """A scope was asked for that the person does not have."""

    code = "scope_not_yours"
    sentence = gettext_noop("An API key cannot do what its owner may not do.")


class NeedsPersonError(NotAllowedError):
    """A deed that a person does in a session, never a program with a key."""

    code = "needs_person"
    sentence = gettext_noop("Please sign in to do this; an API key cannot.")


class NeedsBrowserError(NotAllowedError):
    """The account asks for more than a password, which only a browser can show."""

    code = "needs_browser"
    sentence = gettext_noop(
        "This account asks for a second factor. Please sign in with a browser and ask for tokens there."
    )


class TooManyKeysError(LimitReachedError):
    """The person has as many usable keys as one may have. Field: limit."""

    code = "too_many_keys"
    sentence = gettext_noop("You have %(limit)s API keys already. Revoke one first.")


class InvalidRotationError(InvalidInputError):
    """A new secret was asked for with an overlap or a life that is none."""

    code = "invalid_rotation"
    sentence = gettext_noop("The secret of before may go on for 0 to 7 days, and the new one for 1 to 365.")


class InvalidServiceAccountError(InvalidInputError):
    """A service account without a name, a purpose, a role that a program may have, or somebody responsible who is here."""

    code = "invalid_service_account"
    sentence = gettext_noop(
        "A service account needs a name, a purpose, a role up to team lead, and an active person who is responsible."
    )


class TooManyServiceAccountsError(LimitReachedError):
    """The organization has as many service accounts as one may have. Field: limit."""

    code = "too_many_service_accounts"
    sentence = gettext_noop("There are %(limit)s active service accounts already. Deactivate one first.")


class NotAdmittedError(NotAllowedError):
    """The provider knows this person, the organization does not let them in. Why is in the record, not in the answer."""

    code = "not_admitted"
    sentence = gettext_noop(
        "Your organization's sign-in knows you, but you have no access here. Please ask an administrator for it."
    )


class SignInNotBegunError(NotAllowedError):
    """The answer of a provider is collected by a browser that did not ask for it, twice, or too late: never told apart."""

    code = "sign_in_not_begun"
    sentence = gettext_noop("This sign-in was not begun here, or took too long. Please start again.")


class ProviderMetadataError(InvalidInputError):
    """A provider's metadata cannot be used. Field `problem`: one of a fixed set of words."""

    code = "provider_metadata"
    sentence = gettext_noop(
        "These metadata cannot be used (%(problem)s). Copy the whole document that your provider offers for this application."
    )


class ConnectionNotReadyError(ConflictError):
    """The connection lacks what it needs to sign people in."""

    code = "connection_not_ready"
    sentence = gettext_noop("Say first which provider it is: what step 2 asks for.")


class TwoKeysAlreadyError(ConflictError):
    """A second key of ours is announced already."""

    code = "two_keys_already"
    sentence = gettext_noop("There are two keys already. Remove the one that is not in use first.")


class NoSecondKeyError(ConflictError):
    """There is no second key of ours to change over to, or to remove."""

    code = "no_second_key"
    sentence = gettext_noop("There is no second key. Make one first.")


class LastCertificateError(ConflictError):
    """Without its last certificate nothing that a provider signs could be believed."""

    code = "last_certificate"
    sentence = gettext_noop("This is the provider's only certificate. Add the new one first.")


class DomainNotProvenError(InvalidInputError):
    """The DNS of a mail domain does not hold the record that proves whose it is. Field: domain."""

    code = "domain_not_proven"
    sentence = gettext_noop("The TXT record of %(domain)s was not found. A new record can take an hour to be seen.")


class NotADomainError(InvalidInputError):
    """A mail domain that is none, or one that everybody has addresses in."""

    code = "not_a_domain"
    sentence = gettext_noop("This is not a mail domain of your own, like example.com.")


class EmergencyAccessNeededError(ConflictError):
    """Single sign-on would be the only way in, and nobody who administers could still come in when it fails."""

    code = "emergency_access_needed"
    sentence = gettext_noop(
        "Give an administrator emergency access first: when the provider fails, somebody must get in."
    )


class CodeRefusedError(InvalidInputError):
    """The code is wrong, too old, used already, or none at all: never told apart."""

    code = "code_refused"
    sentence = gettext_noop("This code is wrong or was used already. Wait for the next one and try again.")


class PasskeyRefusedError(InvalidInputError):
    """The passkey is unknown, its answer is not good, or its owner may not sign in: never told apart."""

    code = "passkey_refused"
    sentence = gettext_noop("This passkey was not accepted. Please try again, or sign in another way.")


class ReauthenticationRequiredError(NotAllowedError):
    """The deed is sensitive, and it is more than ten minutes since the person proved who they are."""

    code = "reauth_required"
    sentence = gettext_noop("Please confirm that it is you, and then do this again.")


class HasSecondFactorError(ConflictError):
    """There is an authenticator app already."""

    code = "has_authenticator_app"
    sentence = gettext_noop("You have an authenticator app already. Remove it first.")


class NoSecondFactorError(ConflictError):
    """Recovery codes were asked for by somebody who has no second factor that could get lost."""

    code = "no_second_factor"
    sentence = gettext_noop("Set up an authenticator app or a passkey first.")


class SecondFactorNeededError(ConflictError):
    """The organization's policy asks for a second factor, and this is the last one."""

    code = "second_factor_needed"
    sentence = gettext_noop(
        "Your organization asks for a second factor. Set up another one before you remove this one."
    )


class SecondFactorOwedError(NotAllowedError):
    """The organization has begun to ask this person for a second factor, and the session began without one."""

    code = "second_factor_owed"
    sentence = gettext_noop(
        "Your organization now asks you for a second factor. Set one up in your profile, or sign in again with yours."
    )


class TooManyPasskeysError(LimitReachedError):
    """The person has as many passkeys as one may have. Field: limit."""

    code = "too_many_passkeys"
    sentence = gettext_noop("You have %(limit)s passkeys already. Remove one first.")


class InvalidPolicyError(InvalidInputError):
    """A limit of the sign-in policy is outside what is sensible."""

    code = "invalid_policy"
    sentence = gettext_noop(
        "A session may be idle for 5 minutes to 12 hours. It may last for 7 days at most, and for at least as long as it may be idle."
    )


class InvalidProvisioningTokenError(NotAllowedError):
    """The token of a provider's directory is absent, unknown, expired, revoked, or of another organization: never told apart."""

    code = "invalid_provisioning_token"
    sentence = gettext_noop("This provisioning token is not valid.")
    http_status = 401


class NoMailAddressError(InvalidInputError):
    """A directory sends a person without a mail address."""

    code = "no_mail_address"
    sentence = gettext_noop("A person needs an e-mail address: as primary or work e-mail, or as user name.")


class MailDomainNotProvenError(InvalidInputError):
    """A directory sends an address in a mail domain that the organization has not shown to be its own."""

    code = "mail_domain_not_proven"
    sentence = gettext_noop(
        "The mail domain of this address is not proven. An administrator proves it on the page Single sign-on."
    )


class AlreadyProvisionedError(ConflictError):
    """A directory sends a second person or group of the same name, identifier or address. Field: attribute."""

    code = "already_provisioned"
    sentence = gettext_noop("There is another one with this value already: %(attribute)s")


class UnknownMemberError(InvalidInputError):
    """A directory puts somebody into a group who is none of its people here."""

    code = "unknown_member"
    sentence = gettext_noop("A member of the group is not one of the people that this directory has sent.")


class TooManyMembersError(InvalidInputError):
    """A directory changes more members at once than one request may. Field: limit."""

    code = "too_many_members"
    sentence = gettext_noop("One request changes at most %(limit)s members.")


class DeactivatedHereError(ConflictError):
    """A directory would let in somebody whom an administrator has deactivated here."""

    code = "deactivated_here"
    sentence = gettext_noop("An administrator deactivated this account here; only an administrator can reactivate it.")


class NotForProvisioningError(ConflictError):
    """A directory would change the account of a platform operator."""

    code = "not_for_provisioning"
    sentence = gettext_noop("This account is not managed by an identity provider.")
