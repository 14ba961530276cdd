"""`Authorization: Bearer aip_…`: a program acts for a person, within the key's scopes."""

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts.models import ApiKey, User
from apps.accounts.models.api_key import MARK
from apps.accounts.services.use_api_key import use_api_key

_SCHEME = b"bearer"


class ApiKeyAuthentication(BaseAuthentication):
    """Signs in the owner of the key. Keys live in their tenant's schema: on another tenant's host there is no such key."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """The owner and the key; None when the header holds no key of ours; AuthenticationFailed (401) for a key that is not good."""
        scheme, _space, credential = get_authorization_header(request).partition(b" ")
        if scheme.lower() != _SCHEME or not credential.startswith(MARK.encode()):
            return None
        key = use_api_key(credential.decode("latin-1"))
        if key is None:
            raise AuthenticationFailed(_("This API key is not valid."), code="invalid_api_key")
        return key.owner, key

    def authenticate_header(self, request: Request) -> str:
        """What a 401 says to do."""
        del request
        return 'Bearer realm="api"'
