"""What every operation of the OpenAPI description shares: errors, headers, sign-in, and a list's parameters from its own filters."""

from typing import Any, Literal

import django_filters
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_doc
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from apps.accounts.api.listing import CapabilityListView, IntegerFilter, TrueFalseFilter
from apps.kernel.http.problem_details import MEDIA_TYPE

_WRITES = frozenset({"POST", "PATCH", "PUT", "DELETE"})
_EVERY_OPERATION = {
    "400": "The request cannot be used; `errors` names each fault.",
    "401": "Nobody is signed in, or the API key is not valid.",
    "403": "The caller may not do this.",
    "429": "Too many calls; see Retry-After.",
    "500": "A fault of ours; quote the request id.",
    "503": "Something is not available just now; see Retry-After.",
}


class FaultSerializer(serializers.Serializer[Any]):
    """One fault of a request's body."""

    pointer = serializers.CharField(allow_blank=True, help_text="JSON pointer to the field; empty for the whole.")
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """An error (RFC 9457). `code` is stable and listed in error-codes.md; `detail` is for people. Some codes add members of their own."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    request_id = serializers.CharField(help_text="As in X-Request-ID.")
    # The standard's own word.
    errors = FaultSerializer(many=True, required=False)  # type: ignore[assignment]


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The description of API keys."""

    target_class = "apps.accounts.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """A Bearer token."""
        del auto_schema
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "aip_…",
            "description": "An API key of a person: it may do what its scopes name and its owner still may.",
        }


class AccessTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The description of access tokens."""

    target_class = "apps.accounts.api.authentication.AccessTokenAuthentication"
    name = "accessToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """A Bearer token."""
        del auto_schema
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An access token from /api/v2/tokens/: for a quarter of an hour it may do what its person may, "
            "but for what only a person does (keys, passwords, sessions).",
        }


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The description of the portal's session."""

    target_class = "apps.accounts.api.authentication.CsrfSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """A cookie."""
        del auto_schema
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The portal's session (in production the cookie is called __Host-session). "
            "A write needs the CSRF cookie's value as X-CSRFToken.",
        }


class OperationSchema(AutoSchema):
    """One operation. A view says what is its own with @extend_schema; this adds what follows from its kind."""

    def get_summary(self) -> str | None:
        """The first line of the method's docstring, without its full stop and, as a summary is plain text, without marks of code."""
        return self._doc()[0].rstrip(".").replace("`", "") or None

    def get_description(self) -> str:  # type: ignore[override]
        """The whole docstring."""
        return "\n".join(self._doc())

    def get_tags(self) -> list[str]:
        """The operation's own word: `feedback_list` belongs to feedback."""
        name: str = self.get_operation_id()
        return [getattr(self.view, "tag", name.partition("_")[0])]

    def get_override_parameters(self) -> list[OpenApiParameter]:  # type: ignore[override]
        """The headers that follow from the method, and a list's paging, ordering and filters."""
        found = [_REQUEST_ID, _RATE_LIMIT, _RATE_LIMIT_POLICY]
        if self.method == "POST":
            # What must not be kept, a token, cannot be answered twice.
            found += [_IDEMPOTENCY_KEY, _LOCATION] if getattr(self.view, "keeps_answers", True) else []
        if getattr(self.view, "is_versioned", False) and self.method in {"PATCH", "POST"}:
            found.append(_if_match(is_required=self.method == "PATCH"))
        if getattr(self.view, "is_tagged", False):
            found.append(_ETAG)
            if self.method == "GET":
                found.append(_IF_NONE_MATCH)
        if isinstance(self.view, CapabilityListView) and self.method == "GET":
            found += _list_parameters(self.view)
        return found

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        problem = self.resolve_serializer(ProblemSerializer, "response").ref
        for status, meaning in self._refusals().items():
            bodies.setdefault(
                status, {"description": meaning, "content": {MEDIA_TYPE: {"schema": problem}}} | _headers_of(status)
            )
        if getattr(self.view, "is_tagged", False) and self.method == "GET":
            bodies["304"] = {"description": "Not changed since the ETag of If-None-Match."}
        return dict(sorted(bodies.items()))

    def _refusals(self) -> dict[str, str]:
        found = dict(_EVERY_OPERATION)
        if "{" in self.path:
            found["404"] = "It does not exist, or you have no access to it: never told apart."
        if self.method in _WRITES or "{" in self.path:
            found["409"] = "Its state forbids this now; `code` says why."
        if self.method in {"POST", "PATCH"}:
            found["413"] = "The body is too large."
            found["415"] = "The body comes in a form that is not read here."
        if self.method == "POST":
            found["422"] = "The Idempotency-Key was used for a different request."
        if getattr(self.view, "is_versioned", False) and self.method in _WRITES:
            found["412"] = "It has changed since the ETag of If-Match."
            found["428"] = "If-Match is required."
        return found

    def _doc(self) -> list[str]:
        action = getattr(self.view, self.method.lower(), None)
        return [line.strip() for line in (get_doc(action) or get_doc(self.view.__class__)).splitlines()] or [""]


def _headers_of(status: str) -> dict[str, Any]:
    names = {"401": "WWW-Authenticate", "429": "Retry-After", "503": "Retry-After"}
    return {"headers": {names[status]: {"schema": {"type": "string"}}}} if status in names else {}


def _list_parameters(view: CapabilityListView) -> list[OpenApiParameter]:
    return [
        OpenApiParameter("cursor", OpenApiTypes.STR, description="Where the page begins: from `next` or `previous`."),
        OpenApiParameter(
            "limit",
            {"type": "integer", "minimum": 1, "default": 20},
            description="Rows a page; more than 100 count as 100.",
        ),
        OpenApiParameter("ordering", OpenApiTypes.STR, enum=list(view.orderings), default=next(iter(view.orderings))),
        *(_filter_parameter(name, known) for name, known in view.filters().items()),
    ]


def _filter_parameter(name: str, known: django_filters.Filter) -> OpenApiParameter:
    described = known.extra.get("help_text", "")
    schema: Any = {"type": "string"}
    if isinstance(known, TrueFalseFilter):
        schema = {"type": "boolean"}
    elif isinstance(known, IntegerFilter):
        bounds = {"minimum": known.extra.get("min_value"), "maximum": known.extra.get("max_value")}
        schema = {"type": "integer"} | {word: bound for word, bound in bounds.items() if bound is not None}
    elif isinstance(known, django_filters.UUIDFilter):
        schema = {"type": "string", "format": "uuid"}
    elif isinstance(known, django_filters.IsoDateTimeFilter):
        schema = {"type": "string", "format": "date-time"}
    elif isinstance(known, django_filters.ChoiceFilter):
        schema = {"type": "string", "enum": [value for value, _word in known.extra["choices"]]}
    elif most := known.extra.get("max_length"):
        schema = {"type": "string", "maxLength": most}
    return OpenApiParameter(name, schema, description=described)


def _if_match(*, is_required: bool) -> OpenApiParameter:
    return OpenApiParameter(
        "If-Match",
        OpenApiTypes.STR,
        OpenApiParameter.HEADER,
        required=is_required,
        description="The ETag that the change is based on.",
    )


_IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description="The same request with the same key has one effect, and within 24 hours the same answer.",
)
_IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="An ETag: 304 when nothing has changed."
)


def _answer_header(name: str, description: str, statuses: list[int]) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER, description=description, response=statuses)


_SUCCESSES = [200, 201, 202, 204]
_LOCATION = _answer_header("Location", "Where the new thing is.", [201, 202])
_ETAG = _answer_header("ETag", "The version of what was answered.", [200, 201])
_REQUEST_ID = _answer_header("X-Request-ID", "Your X-Request-ID, or one of ours.", _SUCCESSES)
_RATE_LIMIT = _answer_header("RateLimit", "What is left: r calls in the next t seconds.", _SUCCESSES)
_RATE_LIMIT_POLICY = _answer_header("RateLimit-Policy", "What is allowed: q calls in w seconds.", _SUCCESSES)
