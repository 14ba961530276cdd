"""What can go wrong where risk is judged."""

from apps.kernel.errors import InvalidInputError, NotAllowedError, gettext_noop


class SignInStoppedError(NotAllowedError):
    """A provider's word was good, and the sign-in was refused for its risk. Why is in the record, not in the answer."""

    code = "sign_in_stopped"
    sentence = gettext_noop(
        "This sign-in was stopped to protect the account. Its owner has mail about it, and an administrator can let them in."
    )


class InvalidThresholdsError(InvalidInputError):
    """The risks from which something is done are outside of what is sensible, or in the wrong order."""

    code = "invalid_thresholds"
    sentence = gettext_noop(
        "The risk of asking for more lies between 0.05 and the risk of stopping, which is 1 at most."
    )
