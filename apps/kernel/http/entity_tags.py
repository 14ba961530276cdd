"""ETag and If-Match: nobody overwrites what they have not seen."""

from datetime import datetime

from rest_framework.request import Request

from apps.kernel.errors import ConflictError, gettext_noop


class PreconditionFailedError(ConflictError):
    """The thing has changed since it was read."""

    code = "precondition_failed"
    sentence = gettext_noop("This has changed since you read it. Read it again and repeat your change.")
    http_status = 412


def entity_tag(version: datetime | int) -> str:
    """A strong tag from a row's own version: its time of change, or its revision."""
    return f'"{version if isinstance(version, int) else int(version.timestamp() * 1_000_000)}"'


def refuse_unless_matching(request: Request, tag: str) -> None:
    """PreconditionFailedError when the request's If-Match names another version; no header is no condition."""
    wanted = request.headers.get("If-Match")
    if wanted is not None and wanted != "*" and tag not in {part.strip() for part in wanted.split(",")}:
        raise PreconditionFailedError
