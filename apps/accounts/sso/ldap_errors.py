"""What can go wrong between us and a directory: one word each for the record and for administrators, one of four sentences for people."""

from apps.accounts.errors import ConnectionNotReadyError
from apps.kernel.errors import InvalidInputError, UnavailableError, gettext_noop


class LDAPFaultError(Exception):
    """The directory gave no answer that can be used. `reason` is one of a fixed set of words; it names nobody."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class DirectoryNotDescribedError(ConnectionNotReadyError):
    """The connection's directory is not described yet."""

    code = "directory_not_described"
    sentence = gettext_noop("Describe the directory first.")


class DirectoryPasswordNeededError(InvalidInputError):
    """The service account's password is not known, or would now go to another server or in another name."""

    code = "directory_password_needed"
    sentence = gettext_noop(
        "Type the service account's password: it is needed whenever servers, encryption, certificates or the account change."
    )


class DirectoryRefusedError(InvalidInputError):
    """Unknown name, wrong password, or somebody whom the directory has shut out: never told apart."""

    code = "directory_refused"
    sentence = gettext_noop("The user name or the password is wrong.")


class DirectoryUnavailableError(UnavailableError):
    """The organization's directory gave no usable answer. Field `reason`: one of a fixed set of words, for administrators alone."""

    code = "directory_unavailable"
    sentence = gettext_noop(
        "Your organization's directory cannot be asked just now. This says nothing about your password; please try again in a few minutes."
    )
