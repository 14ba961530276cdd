"""ETag, If-Match and If-None-Match: nobody overwrites what they have not seen, and nobody loads the same twice."""

import hashlib
from datetime import datetime
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.kernel.http.protocol_errors import PreconditionFailedError, PreconditionRequiredError

Version = datetime | int
_DIGEST_LENGTH = 16


def answer_with_tag(request: Request, body: Any, *, version: Version | None = None, status: int = 200) -> Response:
    """The body with its ETag; an empty 304 when a GET's If-None-Match already names it.

    A tag is `"<version>.<digest of the body>"`: the digest, so that a 304 is never wrong about anything shown; the version, so that a
    change is refused for what matters alone. Without `version` it is the digest.
    """
    tag = _tag(body, version)
    given = _listed(request.headers.get("If-None-Match", ""))
    if request.method in {"GET", "HEAD"} and ("*" in given or tag in {one.removeprefix("W/") for one in given}):
        return Response(status=304, headers={"ETag": tag})
    return Response(body, status=status, headers={"ETag": tag})


def refuse_unless_matching(request: Request, version: Version, *, is_required: bool = False) -> None:
    """PreconditionFailedError when If-Match names another version; without the header PreconditionRequiredError where it is required."""
    header = request.headers.get("If-Match")
    if header is None:
        if is_required:
            raise PreconditionRequiredError
        return
    wanted = _listed(header)
    if "*" not in wanted and _version_text(version) not in {_version_in(tag) for tag in wanted}:
        raise PreconditionFailedError


def _tag(body: Any, version: Version | None) -> str:
    digest = hashlib.sha256(JSONRenderer().render(body)).hexdigest()[:_DIGEST_LENGTH]
    return f'"{digest}"' if version is None else f'"{_version_text(version)}.{digest}"'


def _version_text(version: Version) -> str:
    return str(version if isinstance(version, int) else int(version.timestamp() * 1_000_000))


def _version_in(tag: str) -> str:
    """The version that a strong tag names; "" for a weak one, which is no ground for a change."""
    return tag.strip('"').partition(".")[0] if tag.startswith('"') else ""


def _listed(header: str) -> set[str]:
    return {part.strip() for part in header.split(",") if part.strip()}
