"""Describe an OpenID provider: who it is, and what it knows us as."""

from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.accounts.choices import ConnectionKind, ProviderPreset
from apps.accounts.models import ExternalIdentity, OIDCProvider, SSOConnection, User
from apps.accounts.selectors import connection_for
from apps.accounts.sso.oidc_discovery import Discovered, directory_of, read_discovery
from apps.accounts.sso.oidc_errors import IssuerInUseError, OIDCProviderError
from apps.accounts.sso.oidc_keys import read_keys
from apps.accounts.sso.oidc_token_call import SECRET_PURPOSE
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.errors import NotFoundError
from apps.kernel.storage.sealed_values import seal


@dataclass(frozen=True, slots=True)
class Registration:
    """Our registration at the provider. An empty secret keeps the one that is known."""

    address: str
    client_id: str
    scopes: str
    client_secret: str = field(default="", repr=False)


def describe_open_id_provider(user: User, *, connection_id: UUID, given: Registration) -> OIDCProvider:
    """Ask the provider what it says of itself, and keep it with our registration there.

    Raises NotAllowedError, NotFoundError, OutboundError, OIDCProviderError, IssuerInUseError.
    """
    connection = connection_for(user, connection_id)
    if connection.kind != ConnectionKind.OIDC:
        raise NotFoundError
    facts = read_discovery(given.address)
    directory_of(facts.issuer, ProviderPreset(connection.preset))
    try:
        keys = read_keys(facts.jwks_uri)
    except ValueError as error:
        raise OIDCProviderError(problem="keys") from error
    return _keep(user, connection, given, facts=facts, keys=keys)


@transaction.atomic
def _keep(
    user: User, connection: SSOConnection, given: Registration, *, facts: Discovered, keys: list[dict[str, Any]]
) -> OIDCProvider:
    connection = SSOConnection.objects.select_for_update().get(pk=connection.pk)
    provider = OIDCProvider.objects.filter(connection=connection).first() or OIDCProvider(connection=connection)
    if provider.issuer not in {"", facts.issuer}:
        _refuse_in_use(connection)
    if given.client_secret:
        provider.client_secret_sealed = seal(given.client_secret, purpose=SECRET_PURPOSE)
    if not provider.client_secret_sealed:
        raise OIDCProviderError(problem="client_secret")
    provider.issuer, provider.client_id, provider.scopes = facts.issuer, given.client_id, given.scopes
    provider.discovered, provider.published_keys, provider.missed_key_ids = asdict(facts), keys, []
    provider.discovered_at = provider.keys_read_at = now()
    provider.failed_at = None
    provider.save()
    what = "the provider and its secret" if given.client_secret else "the provider"
    detail = {"connection": connection.name, "what": what}
    record("sso.connection_changed", actor=user, target=connection.pk, detail=detail)
    return provider


def _refuse_in_use(connection: SSOConnection) -> None:
    if ExternalIdentity.objects.filter(connection=connection).exists():
        raise IssuerInUseError
