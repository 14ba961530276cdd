"""Who calls: `Authorization: Bearer aip_…` for a program within its key's scopes, or the session of a signed-in person."""

from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from apps.accounts.models import ApiKey, TokenFamily, User
from apps.accounts.models.api_key import MARK
from apps.accounts.services.tokens import use_access_token
from apps.accounts.services.use_api_key import use_api_key
from apps.kernel.audit.request_context import request_context
from apps.kernel.http.protocol_errors import CsrfFailedError, InvalidApiKeyError, InvalidTokenError

_SCHEME = b"bearer"
_DOTS = 2


class ApiKeyAuthentication(BaseAuthentication):
    """Signs in the owner of the key, and says in a 401 how. Keys live in their tenant's schema: another tenant's host knows none of them."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """The owner and the key; None when the header holds no key of ours; InvalidApiKeyError for a key that is not good."""
        scheme, _space, credential = get_authorization_header(request).partition(b" ")
        if scheme.lower() != _SCHEME or not credential.startswith(MARK.encode()):
            return None
        key = use_api_key(credential.decode("latin-1"), address=request_context().ip or "")
        if key is None:
            raise InvalidApiKeyError
        return key.owner, key

    def authenticate_header(self, request: Request) -> str:
        """What a 401 says to do."""
        del request
        return 'Bearer realm="api"'


class AccessTokenAuthentication(BaseAuthentication):
    """Signs in the person of an access token. Its key is its organization's: on another host it has a wrong signature."""

    def authenticate(self, request: Request) -> tuple[User, TokenFamily] | None:
        """The person and the token's family; None when the header holds no token; InvalidTokenError for one that is not good."""
        scheme, _space, credential = get_authorization_header(request).partition(b" ")
        if scheme.lower() != _SCHEME or credential.count(b".") != _DOTS:
            return None
        family = use_access_token(credential.decode("latin-1"), address=request_context().ip or "")
        if family is None:
            raise InvalidTokenError
        return family.person, family


class CsrfSessionAuthentication(SessionAuthentication):
    """The session of the portal; a write needs the CSRF token of its page."""

    def enforce_csrf(self, request: Request) -> None:
        """Raises CsrfFailedError."""
        try:
            super().enforce_csrf(request)
        except PermissionDenied as error:
            raise CsrfFailedError from error
