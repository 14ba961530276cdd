"""Bedrock's error codes as our errors. The code decides, the message only where one code has two meanings."""

import re
from dataclasses import dataclass

from apps.kernel.errors import DomainError
from apps.kernel.llm.errors import (
    InputTooLargeError,
    ModelAccessError,
    ModelRefusedError,
    ModelRequestError,
    ModelThrottledError,
    ModelTimeoutError,
    ModelUnavailableError,
)

# Source: the "Errors" sections of Converse and ConverseStream in the Bedrock Runtime API reference, and the common AWS errors.
MEANING: dict[str, type[DomainError]] = {
    "ThrottlingException": ModelThrottledError,
    "TooManyRequestsException": ModelThrottledError,
    "ServiceQuotaExceededException": ModelThrottledError,
    "ModelTimeoutException": ModelTimeoutError,
    "RequestTimeout": ModelTimeoutError,
    "ModelNotReadyException": ModelUnavailableError,
    "ModelErrorException": ModelUnavailableError,
    "ModelStreamErrorException": ModelUnavailableError,
    "InternalServerException": ModelUnavailableError,
    "InternalFailure": ModelUnavailableError,
    "ServiceUnavailableException": ModelUnavailableError,
    "ServiceUnavailable": ModelUnavailableError,
    "AccessDeniedException": ModelAccessError,
    "UnrecognizedClientException": ModelAccessError,
    "InvalidSignatureException": ModelAccessError,
    "ExpiredTokenException": ModelAccessError,
    "MissingAuthenticationTokenException": ModelAccessError,
    "NotAuthorized": ModelAccessError,
    "OptInRequired": ModelAccessError,
    "ResourceNotFoundException": ModelAccessError,
    "ConflictException": ModelRequestError,
}
_TOO_LARGE = re.compile(
    r"(too long|too large|too many (input )?tokens|context (length|window)|maximum (input|context)|exceeds? the (max|limit))",
    re.IGNORECASE,
)
_WRONG_MODEL = re.compile(
    r"(model identifier|on-demand throughput|inference profile|not supported in (this|the) region)", re.IGNORECASE
)
_FILTERED = re.compile(r"(content (filter|policy)|guardrail|blocked by)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """What the provider said went wrong."""

    code: str
    message: str = ""
    status: int = 0
    retry_after: str = ""
    """The Retry-After header as sent, or ""."""


def error_for(fault: Fault, *, model: str) -> DomainError:
    """Return the error that this fault means. Its fields hold code and status, never the provider's message: that may quote the input."""
    kind = _kind_of(fault)
    if issubclass(kind, ModelUnavailableError):
        return kind(retry_after_s=seconds_of(fault.retry_after), model=model, fault=fault.code, status=fault.status)
    return kind(model=model, fault=fault.code, status=fault.status)


def seconds_of(retry_after: str) -> float | None:
    """Return the seconds a Retry-After header asks for; None when it has none or is a date (Bedrock sends seconds)."""
    try:
        seconds = float(retry_after)
    except ValueError:
        return None
    return seconds if 0 <= seconds < 86_400 else None


def _kind_of(fault: Fault) -> type[DomainError]:
    if fault.code in {"ValidationException", "ValidationError"}:
        return _kind_of_validation(fault.message)
    return MEANING.get(fault.code) or _kind_of_status(fault.status)


def _kind_of_validation(message: str) -> type[DomainError]:
    if _TOO_LARGE.search(message):
        return InputTooLargeError
    if _WRONG_MODEL.search(message):
        return ModelAccessError
    return ModelRefusedError if _FILTERED.search(message) else ModelRequestError


def _kind_of_status(status: int) -> type[DomainError]:
    by_status: dict[int, type[DomainError]] = {
        401: ModelAccessError,
        403: ModelAccessError,
        404: ModelAccessError,
        408: ModelTimeoutError,
        413: InputTooLargeError,
        424: ModelUnavailableError,
        429: ModelThrottledError,
    }
    if status in by_status:
        return by_status[status]
    return ModelRequestError if 400 <= status < 500 else ModelUnavailableError
