"""What can go wrong with a model. One meaning a class, so that a throttle is never taken for a long input or a bad key.

| class | family | same model again | next model | the runner retries the stage |
|---|---|---|---|---|
| ModelThrottledError | unavailable | after its wait | yes | yes |
| ModelTimeoutError | unavailable | yes | yes | yes |
| ModelUnavailableError | unavailable | yes | yes | yes |
| ModelPausedError | unavailable | when the breaker lets one through | yes | yes |
| ModelAccessError | conflict | no | yes | no |
| ModelRefusedError | invalid input | no | no | no |
| ModelRequestError | invalid input | no | no | no |
| InputTooLargeError | limit | no | no | no |
| ReplyTooLongError | limit | no | no | no |
| ModelNotAllowedError | not allowed | no | no | no |
| NoModelError | conflict | no | no | no |

Fields that a call was billed for are `tokens_read` and `tokens_written`; `tokens_of()` gives them.
"""

from apps.kernel.errors import (
    ConflictError,
    DomainError,
    InvalidInputError,
    LimitReachedError,
    NotAllowedError,
    UnavailableError,
    gettext_noop,
)
from apps.kernel.llm.port import TokenCount


class ModelUnavailableError(UnavailableError):
    """The model answered with a fault of its own, or could not be reached."""

    code = "model_unavailable"
    sentence = gettext_noop("The language model is not available just now.")

    def __init__(self, *, retry_after_s: float | None = None, **fields: object) -> None:
        super().__init__(**fields)
        self.retry_after_s = retry_after_s


class ModelThrottledError(ModelUnavailableError):
    """Too many requests or tokens in a short time; says nothing about the size of this one."""

    code = "model_throttled"
    sentence = gettext_noop("The language model is busy. It will be tried again later.")


class ModelTimeoutError(ModelUnavailableError):
    """No complete answer within the deadline."""

    code = "model_timeout"
    sentence = gettext_noop("The language model took too long to answer.")


class ModelPausedError(ModelUnavailableError):
    """The model failed so often that it is left alone for a while; no call was made."""

    code = "model_paused"
    sentence = gettext_noop("The language model failed repeatedly and is left alone for a while.")


class ModelAccessError(ConflictError):
    """Credentials, permission, region or model id are wrong: only an operator can mend it."""

    code = "model_access"
    sentence = gettext_noop("The language model cannot be used with the present settings. Ask your administrator.")


class NoModelError(ConflictError):
    """No model is configured."""

    code = "no_model"
    sentence = gettext_noop("No language model is set up; the built-in reviewer works without one.")


class ModelNotAllowedError(NotAllowedError):
    """A model was asked for that is not among the configured ones."""

    code = "model_not_allowed"
    sentence = gettext_noop("This language model may not be used here.")


class ModelRefusedError(InvalidInputError):
    """A content filter or guardrail stopped the question or the answer."""

    code = "model_refused"
    sentence = gettext_noop("The language model refused to answer about this text.")


class ModelRequestError(InvalidInputError):
    """The provider says that the request itself is wrong."""

    code = "model_request"
    sentence = gettext_noop("The language model did not accept the request.")


class InputTooLargeError(LimitReachedError):
    """The request is larger than the cap, or than the model's context."""

    code = "input_too_large"
    sentence = gettext_noop("The text is too large for the language model.")


class ReplyTooLongError(LimitReachedError):
    """The answer hit the output limit and would be incomplete."""

    code = "reply_too_long"
    sentence = gettext_noop("The answer of the language model was too long and was not used.")


def tokens_of(error: DomainError) -> TokenCount:
    """What the failed call was billed for, as far as the provider said; zero otherwise."""
    read, written = error.fields.get("tokens_read", 0), error.fields.get("tokens_written", 0)
    return TokenCount(read=read if isinstance(read, int) else 0, written=written if isinstance(written, int) else 0)
