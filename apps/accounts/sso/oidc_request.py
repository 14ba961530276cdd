"""A request to a provider: everything that must come back is derived from one secret, which the asking browser keeps in a signed note.

Nothing is stored. Who does not have the browser's note can neither name the state, nor the nonce, nor the code verifier.
"""

import base64
import hmac
import json
import secrets
from dataclasses import dataclass

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from django.conf import settings
from django.utils.crypto import constant_time_compare

from apps.accounts.choices import ProviderPreset
from apps.accounts.models import OIDCProvider, SSOConnection, VerifiedDomain
from apps.accounts.sso.addresses import oidc_addresses
from apps.accounts.sso.oidc_discovery import Discovered
from apps.accounts.sso.oidc_errors import OIDCInvalidError
from apps.kernel.signing import InvalidSignatureError, sign, verify
from apps.kernel.tenancy.context import current_tenant

_PURPOSE = "oidc_browser"


@dataclass(frozen=True, slots=True)
class AskedSignIn:
    """What one browser asked for."""

    secret: str
    goal: str
    is_test: bool

    @property
    def state(self) -> str:
        """Comes back with the answer."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """Comes back inside the ID token."""
        return self._derived("nonce")

    @property
    def code_verifier(self) -> str:
        """Proves to the provider that who brings the code is who asked for it (PKCE)."""
        return self._derived("code_verifier")

    def _derived(self, use: str) -> str:
        return base64.urlsafe_b64encode(hmac.digest(self.secret.encode(), use.encode(), "sha256")).decode().rstrip("=")


def new_request(*, goal: str, is_test: bool) -> AskedSignIn:
    """One that nobody can guess."""
    return AskedSignIn(secrets.token_urlsafe(32), goal, is_test)


def note_for_browser(connection: SSOConnection, asked: AskedSignIn) -> str:
    """For the browser's cookie: signed for this organization and this connection."""
    value = json.dumps(
        {"connection": connection.pk.hex, "secret": asked.secret, "goal": asked.goal, "is_test": asked.is_test}
    )
    return sign(value, purpose=_PURPOSE, tenant_id=current_tenant().id)


def asked_by_browser(connection: SSOConnection, *, note: str, state: str) -> AskedSignIn:
    """What this browser asked for within ten minutes, if `state` belongs to it; OIDCInvalidError."""
    try:
        value = verify(note, purpose=_PURPOSE, tenant_id=current_tenant().id, max_age_s=settings.SSO_REQUEST_MAX_AGE_S)
    except InvalidSignatureError as error:
        raise OIDCInvalidError("not_begun_here") from error
    kept = json.loads(value)
    if kept["connection"] != connection.pk.hex:
        raise OIDCInvalidError("other_connection")
    asked = AskedSignIn(kept["secret"], kept["goal"], kept["is_test"])
    if not constant_time_compare(state, asked.state):
        raise OIDCInvalidError("state")
    return asked


def request_url(provider: OIDCProvider, facts: Discovered, asked: AskedSignIn) -> str:
    """Where to send the browser: authorization code flow, always with PKCE S256."""
    url: str = prepare_grant_uri(
        facts.authorization_endpoint,
        client_id=provider.client_id,
        response_type="code",
        redirect_uri=oidc_addresses(provider.connection).redirect_uri,
        scope=provider.scopes,
        state=asked.state,
        nonce=asked.nonce,
        code_challenge=create_s256_code_challenge(asked.code_verifier),
        code_challenge_method="S256",
        hd=_hosted_domain(provider.connection),
    )
    return url


def _hosted_domain(connection: SSOConnection) -> str | None:
    """Google then offers accounts of this domain first. A hint: what comes back is judged without it."""
    if connection.preset != ProviderPreset.GOOGLE:
        return None
    domains = VerifiedDomain.objects.filter(verified_at__isnull=False).values_list("domain", flat=True)[:2]
    return domains[0] if len(domains) == 1 else None
