"""What a provider says of itself (OpenID Connect Discovery), kept with its row for ten minutes."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from apps.accounts.choices import ProviderPreset
from apps.accounts.models import OIDCProvider
from apps.accounts.sso.oidc_errors import OIDCInvalidError, OIDCProviderAwayError, OIDCProviderError
from apps.accounts.sso.oidc_json import json_object
from apps.kernel.clock import now
from apps.kernel.outbound.addresses import checked_url
from apps.kernel.outbound.client import Bounds, get
from apps.kernel.outbound.errors import OutboundError

KEPT = timedelta(minutes=10)
PAUSE = timedelta(seconds=30)
"""So long nobody asks a provider again that has just failed: its silence must not cost us a worker a request."""
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
DOCUMENT_BOUNDS = Bounds(size_bytes=256 * 1024)
_WELL_KNOWN = "/.well-known/openid-configuration"
_MICROSOFT_HOSTS = frozenset(
    {"login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn", "sts.windows.net"}
)


@dataclass(frozen=True, slots=True)
class Discovered:
    """The provider's addresses and what of the protocol's choices it takes."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    announces_iss: bool = False
    """It names itself in each answer (RFC 9207); one without its name is somebody else's."""
    takes_basic: bool = True
    """Our secret goes into the Authorization header; else into the form."""


def discovered(provider: OIDCProvider) -> Discovered:
    """What the provider says of itself, at most ten minutes old. OIDCInvalidError."""
    at = now()
    if provider.discovered_at is not None and at - provider.discovered_at < KEPT:
        return Discovered(**provider.discovered)
    refuse_while_away(provider)
    try:
        found = read_discovery(provider.issuer, issuer=provider.issuer)
    except OutboundError as error:
        note_failure(provider)
        raise OIDCProviderAwayError("discovery_" + error.code.removeprefix("outbound_")) from error
    except OIDCProviderError as error:
        note_failure(provider)
        raise OIDCInvalidError("discovery_" + str(error.fields["problem"])) from error
    provider.discovered, provider.discovered_at = asdict(found), at
    # Not save(): whatever an administrator enters meanwhile stays.
    OIDCProvider.objects.filter(pk=provider.pk, issuer=provider.issuer).update(
        discovered=provider.discovered, discovered_at=at
    )
    return found


def refuse_while_away(provider: OIDCProvider) -> None:
    """OIDCProviderAwayError within half a minute of a failure."""
    if provider.failed_at is not None and now() - provider.failed_at < PAUSE:
        raise OIDCProviderAwayError("provider_failed_before")


def note_failure(provider: OIDCProvider) -> None:
    """Leave the provider alone for half a minute."""
    provider.failed_at = now()
    OIDCProvider.objects.filter(pk=provider.pk).update(failed_at=provider.failed_at)


def read_discovery(address: str, *, issuer: str = "") -> Discovered:
    """What lies at an issuer's or a discovery document's address. OIDCProviderError, OutboundError.

    Its issuer must be `issuer` to the letter; where none is known yet, the address itself, but for a slash at its end.
    """
    place = address.removesuffix(_WELL_KNOWN).rstrip("/")
    if not place or "?" in place:
        raise OIDCProviderError(problem="issuer")
    reply = get(f"{place}{_WELL_KNOWN}", bounds=DOCUMENT_BOUNDS)
    if reply.status != 200:
        raise OIDCProviderError(problem="not_found")
    try:
        document = json_object(reply.body)
    except ValueError as error:
        raise OIDCProviderError(problem="not_json") from error
    named = _text(document, "issuer")
    if "{tenantid}" in named:
        raise OIDCProviderError(problem="multi_tenant")
    if (named != issuer) if issuer else (named.rstrip("/") != place):
        raise OIDCProviderError(problem="issuer")
    return _read(document, named)


def directory_of(issuer: str, preset: ProviderPreset) -> str:
    """The directory (tenant id) that an Entra issuer stands for, "" for another product's issuer.

    OIDCProviderError for one of Entra that stands for no directory or for many.
    """
    parts = urlsplit(issuer)
    if preset != ProviderPreset.ENTRA and parts.hostname not in _MICROSOFT_HOSTS:
        return ""
    segments = parts.path.strip("/").split("/")
    try:
        return str(UUID(segments[0]))
    except ValueError as error:
        raise OIDCProviderError(problem="multi_tenant") from error


def _read(document: dict[str, Any], issuer: str) -> Discovered:
    if "code" not in _texts(document, "response_types_supported", ("code",)):
        raise OIDCProviderError(problem="response_type")
    # Entra says nothing of PKCE and does it; who names methods must name this one.
    if "S256" not in _texts(document, "code_challenge_methods_supported", ("S256",)):
        raise OIDCProviderError(problem="pkce")
    if not set(ALGORITHMS) & set(_texts(document, "id_token_signing_alg_values_supported", ("RS256",))):
        raise OIDCProviderError(problem="algorithms")
    methods = _texts(document, "token_endpoint_auth_methods_supported", ("client_secret_basic",))
    if not {"client_secret_basic", "client_secret_post"} & set(methods):
        raise OIDCProviderError(problem="client_authentication")
    return Discovered(
        issuer=issuer,
        authorization_endpoint=_endpoint(document, "authorization_endpoint"),
        token_endpoint=_endpoint(document, "token_endpoint"),
        jwks_uri=_endpoint(document, "jwks_uri"),
        userinfo_endpoint=_optional(document, "userinfo_endpoint"),
        end_session_endpoint=_optional(document, "end_session_endpoint"),
        announces_iss=document.get("authorization_response_iss_parameter_supported") is True,
        takes_basic="client_secret_basic" in methods,
    )


def _optional(document: dict[str, Any], name: str) -> str:
    return _endpoint(document, name) if name in document else ""


def _endpoint(document: dict[str, Any], name: str) -> str:
    url = _text(document, name)
    try:
        checked_url(url)
    except OutboundError as error:
        raise OIDCProviderError(problem=name) from error
    return url


def _text(document: dict[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= 1024:
        raise OIDCProviderError(problem=name)
    return value


def _texts(document: dict[str, Any], name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    value = document.get(name, default)
    if not isinstance(value, list | tuple):
        raise OIDCProviderError(problem=name)
    return tuple(entry for entry in value if isinstance(entry, str))
