"""What goes wrong with an OpenID provider: one refusal for every fault of an answer, and sentences for what a person can act on."""

from apps.kernel.errors import InvalidInputError, NotAllowedError, gettext_noop


class OIDCInvalidError(NotAllowedError):
    """The answer breaks a rule. `reason` is one of a fixed set of words, for the record."""

    code = "oidc_invalid"
    sentence = gettext_noop("The sign-in could not be verified. Please start again from the sign-in page.")

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class OIDCProviderAwayError(OIDCInvalidError):
    """The provider does not answer, or not as the protocol asks."""

    code = "oidc_provider_away"
    sentence = gettext_noop("Your identity provider does not answer as it should just now. Please try again later.")


class OIDCDeniedError(OIDCInvalidError):
    """The provider says that the person may not sign in, or did not want to."""

    code = "oidc_denied"
    sentence = gettext_noop("Your identity provider did not let you in, or you broke off. Please try again.")


class OIDCRefusedError(OIDCInvalidError):
    """The provider refuses what we ask: our registration there and the settings here do not fit together."""

    code = "oidc_refused"
    sentence = gettext_noop(
        "Your identity provider refuses this application. Please tell an administrator to look at its settings."
    )


class OIDCGroupsLeftOutError(OIDCInvalidError):
    """The person is in so many groups that the provider leaves them out, and groups mean something here."""

    code = "oidc_groups_left_out"
    sentence = gettext_noop(
        "You are in too many groups: your identity provider leaves them out. "
        "Please ask an administrator to let it send only the groups that are assigned to this application."
    )


class OIDCProviderError(InvalidInputError):
    """A provider cannot be used. Field `problem`: one of a fixed set of words."""

    code = "oidc_provider"
    sentence = gettext_noop("This provider cannot be used (%(problem)s). Compare its issuer with what you entered.")


class IssuerInUseError(InvalidInputError):
    """People have signed in by this connection: at another provider the same subject is somebody else."""

    code = "issuer_in_use"
    sentence = gettext_noop("People have signed in by this connection already. Make a new one for another provider.")
