"""One refusal for every fault of a SAML message: the sender learns nothing, the record says which rule it broke."""

from apps.kernel.errors import NotAllowedError, gettext_noop


class SAMLInvalidError(NotAllowedError):
    """The message breaks a rule. `reason` is one of a fixed set of words, for the record and the connection's test."""

    code = "saml_invalid"
    sentence = gettext_noop("The sign-in could not be verified. Please start again from the sign-in page.")

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason
