"""Refusals that come from HTTP itself rather than from a room: each has its code and its sentence like every other."""

from apps.kernel.errors import (
    ConflictError,
    DomainError,
    InvalidInputError,
    LimitReachedError,
    NotAllowedError,
    UnavailableError,
    gettext_noop,
)


class NotSignedInError(NotAllowedError):
    """The call names nobody: it has neither a session nor an API key."""

    code = "not_authenticated"
    sentence = gettext_noop("Please sign in, or send an API key as a Bearer token.")
    http_status = 401


class InvalidApiKeyError(NotAllowedError):
    """The API key is unknown, expired, revoked, or of another organization: never told apart."""

    code = "invalid_api_key"
    sentence = gettext_noop("This API key is not valid.")
    http_status = 401


class InvalidTokenError(InvalidApiKeyError):
    """The token is forged, expired, used before, revoked, or of another organization: never told apart."""

    code = "invalid_token"
    sentence = gettext_noop("This token is not valid. Please sign in again.")


class CsrfFailedError(NotAllowedError):
    """A session's write came without the CSRF token of its own page."""

    code = "csrf_failed"
    sentence = gettext_noop("This form is too old or came from another site. Go back, reload the page and try again.")


class BadRequestError(InvalidInputError):
    """The request breaks HTTP's own rules."""

    code = "bad_request"
    sentence = gettext_noop("This request could not be understood.")


class UnreadableBodyError(InvalidInputError):
    """The body is not what its Content-Type says, for example no JSON."""

    code = "parse_error"
    sentence = gettext_noop("The body of this request could not be read.")


class UnknownParameterError(InvalidInputError):
    """The address has a query parameter that this endpoint does not know. Field: names."""

    code = "unknown_parameter"
    sentence = gettext_noop("This address does not take: %(names)s")


class InvalidCursorError(InvalidInputError):
    """The cursor is not one that this list gave out."""

    code = "invalid_cursor"
    sentence = gettext_noop("This cursor is not valid. Start again without one.")


class MethodNotAllowedError(InvalidInputError):
    """The address exists, but not for this method."""

    code = "method_not_allowed"
    sentence = gettext_noop("This address does not answer to this method.")
    http_status = 405


class NotAcceptableError(InvalidInputError):
    """The Accept header allows nothing that this address can answer with."""

    code = "not_acceptable"
    sentence = gettext_noop("This address cannot answer in a form that your Accept header allows.")
    http_status = 406


class UnsupportedMediaTypeError(InvalidInputError):
    """The body comes in a form that this address does not read."""

    code = "unsupported_media_type"
    sentence = gettext_noop("This address does not read bodies of this Content-Type.")
    http_status = 415


class BodyTooLargeError(LimitReachedError):
    """The body is longer than any that this address has use for. Field: limit_bytes."""

    code = "body_too_large"
    sentence = gettext_noop("The body of this request is too large.")
    http_status = 413


class TooManyCallsError(LimitReachedError):
    """More calls than one caller may make in this time. Field: retry_after_s."""

    code = "too_many_calls"
    sentence = gettext_noop("Too many calls. Please wait %(retry_after_s)s seconds.")


class PreconditionFailedError(ConflictError):
    """The thing has changed since it was read."""

    code = "precondition_failed"
    sentence = gettext_noop("This has changed since you read it. Read it again and repeat your change.")
    http_status = 412


class PreconditionRequiredError(ConflictError):
    """A change that could overwrite somebody else's came without saying what it is based on."""

    code = "precondition_required"
    sentence = gettext_noop("Send the ETag that you have read as If-Match, so that nothing unseen is overwritten.")
    http_status = 428


class DatabaseUnavailableError(UnavailableError):
    """The database does not answer, or not in time. Field: retry_after_s."""

    code = "database_unavailable"
    sentence = gettext_noop("The service is busy or being maintained. Please try again in a moment.")


class ServerFaultError(DomainError):
    """A fault of ours; the request id finds it in the log."""

    code = "server_error"
    sentence = gettext_noop("Something went wrong on our side. Nothing was lost; please try again.")
    http_status = 500


class UnknownHostError(DomainError):
    """Nobody lives at this host name."""

    code = "unknown_host"
    sentence = gettext_noop("There is nothing at this address.")
    http_status = 404


class OrganizationSuspendedError(NotAllowedError):
    """The organization of this host may not work now; its data is kept."""

    code = "organization_suspended"
    sentence = gettext_noop("This organization is suspended. Its data is kept. Please contact your administrator.")


class NoRoomError(UnavailableError):
    """A disk was full while the request was being taken in."""

    code = "no_room"
    sentence = gettext_noop("There is no room to store this just now. Nothing was saved; please try again later.")
    http_status = 507
