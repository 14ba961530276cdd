"""The door of every SCIM address: a connection's token, and nothing else, opens it."""

from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api.rate_limit import count_request
from apps.accounts.api.scim.answers import MEDIA_TYPE, handle
from apps.accounts.api.scim.bodies import SCIMParser
from apps.accounts.call_limits import Allowance, refuse_when_spent
from apps.accounts.capabilities import Door, Whose
from apps.accounts.errors import InvalidProvisioningTokenError
from apps.accounts.models import SCIMAccess
from apps.accounts.services.scim_access import use_scim_token
from apps.kernel.errors import NotAllowedError

_SCHEME = b"bearer"


class SCIMTokenAuthentication(BaseAuthentication):
    """Tokens live in their tenant's schema: on another tenant's host there is no such token."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, SCIMAccess]:
        """Nobody, and the access; InvalidProvisioningTokenError without a good token. Sessions and API keys count for nothing."""
        scheme, _space, credential = get_authorization_header(request).partition(b" ")
        access = use_scim_token(credential.strip().decode("latin-1")) if scheme.lower() == _SCHEME else None
        if access is None:
            raise InvalidProvisioningTokenError
        return AnonymousUser(), access


class HasToken(BasePermission):
    """The caller came with a connection's token."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Asked again here, so that no change of the authentication alone opens the door."""
        del view
        return isinstance(request.auth, SCIMAccess)


class SCIMRenderer(JSONRenderer):
    """JSON by the media type of RFC 7644 section 8.1."""

    media_type = MEDIA_TYPE
    charset = None


class OneForm(BaseContentNegotiation):
    """There is one form of answer; providers differ in what they say they accept."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """The parser reads every JSON; what is none it refuses."""
        del request
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """The only one."""
        del request, format_suffix
        return renderers[0], renderers[0].media_type


class ProvisioningView(APIView):
    """What SCIM addresses share. Every call is counted, refused ones too; `whose` is seen from the token's connection."""

    door: ClassVar[Door] = Door.PROVISIONING
    whose: ClassVar[Whose | None] = None
    authentication_classes = [SCIMTokenAuthentication]
    permission_classes = [HasToken]
    parser_classes = [SCIMParser]
    renderer_classes = [SCIMRenderer]
    content_negotiation_class = OneForm
    # Described by its own /Schemas and /ResourceTypes, not by OpenAPI.
    schema = None
    _allowance: Allowance | None = None

    def get_exception_handler(self) -> Any:
        """Errors have SCIM's own form."""
        return handle

    def perform_authentication(self, request: Request) -> None:
        """Find the connection; a token that is not good counts for the network it came from."""
        try:
            super().perform_authentication(request)
        except InvalidProvisioningTokenError:
            request.user, request.auth = AnonymousUser(), None
            self._count(request)
            raise

    def check_permissions(self, request: Request) -> None:
        """Count the call first: a refused one costs as much."""
        self._count(request)
        super().check_permissions(request)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """The answer with what is left of the caller's calls."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self._allowance is not None:
            for name, value in self._allowance.headers().items():
                answer[name] = value
        return answer

    def _count(self, request: Request) -> None:
        self._allowance = count_request(request)
        refuse_when_spent(self._allowance)


def access_of(request: Request) -> SCIMAccess:
    """The access that the token opened; for views behind this gate, where there is one."""
    if not isinstance(request.auth, SCIMAccess):
        raise NotAllowedError
    return request.auth
