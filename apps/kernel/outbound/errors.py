"""Why a call to an address that somebody entered was not made, or came to nothing."""

from apps.kernel.errors import DomainError, InvalidInputError, UnavailableError, gettext_noop


class OutboundError(DomainError):
    """A call to an address that somebody entered failed; the children say how."""

    code = "outbound_failed"
    sentence = gettext_noop("The other server could not be asked.")


class OutboundAddressError(OutboundError, InvalidInputError):
    """The address is not one of a public server over HTTPS: nothing was sent to it."""

    code = "outbound_address_refused"
    sentence = gettext_noop(
        "This address cannot be used. It must begin with https:// and name a server that is public on the internet."
    )


class OutboundUnreachableError(OutboundError, UnavailableError):
    """There is no such name, nobody answers there, or its certificate is not to be trusted."""

    code = "outbound_unreachable"
    sentence = gettext_noop("The other server cannot be reached, or its certificate is not valid.")


class OutboundTimeoutError(OutboundError, UnavailableError):
    """The whole call took longer than it may."""

    code = "outbound_timeout"
    sentence = gettext_noop("The other server takes too long to answer.")


class OutboundTooLargeError(OutboundError, InvalidInputError):
    """The answer is larger than it may be; it was not read to its end."""

    code = "outbound_too_large"
    sentence = gettext_noop("The answer of the other server is too large.")


class OutboundRedirectError(OutboundError, InvalidInputError):
    """The server sends the caller elsewhere; only the address that was entered is asked."""

    code = "outbound_redirected"
    sentence = gettext_noop("The other server points to another address. Please enter that address itself.")


class OutboundUnreadableError(OutboundError, UnavailableError):
    """What came back is no HTTP, breaks off, or is compressed although that was not asked for."""

    code = "outbound_unreadable"
    sentence = gettext_noop("The answer of the other server cannot be read.")
