"""What protects a SAML connection beyond TLS: signed requests, encrypted answers, and the key of ours that both need."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from apps.accounts.errors import ConnectionNotReadyError, NoSecondKeyError, TwoKeysAlreadyError
from apps.accounts.models import SAMLProvider, User
from apps.accounts.selectors import connection_for
from apps.accounts.sso.addresses import saml_addresses
from apps.accounts.sso.own_key import new_own_key
from apps.accounts.sso.saml_settings import KEY_PURPOSE
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.storage.sealed_values import seal


@dataclass(frozen=True, slots=True)
class Protection:
    """What is asked for. `allows_cbc` is for providers that cannot encrypt with AES-GCM."""

    signs_requests: bool
    wants_encryption: bool
    allows_cbc: bool = False


@transaction.atomic
def protect_connection(user: User, *, connection_id: UUID, protection: Protection) -> SAMLProvider:
    """Keep what is asked for; what needs a key of ours makes one. NotAllowedError, NotFoundError, ConnectionNotReadyError."""
    provider = lock_provider(user, connection_id)
    if (protection.signs_requests or protection.wants_encryption) and not provider.own_certificate:
        _give_key(provider)
    provider.signs_requests = protection.signs_requests
    provider.wants_encryption = protection.wants_encryption
    provider.allows_cbc = protection.allows_cbc
    provider.save()
    record_change(user, provider, "signatures and encryption")
    return provider


@transaction.atomic
def make_own_key(user: User, *, connection_id: UUID) -> SAMLProvider:
    """The first key of ours; or beside the one in use a second, which is announced and not signed with yet.

    Raises NotAllowedError, NotFoundError, ConnectionNotReadyError, TwoKeysAlreadyError.
    """
    provider = lock_provider(user, connection_id)
    if provider.second_certificate:
        raise TwoKeysAlreadyError
    _give_key(provider)
    provider.save()
    record_change(user, provider, "a new key of ours")
    return provider


@transaction.atomic
def change_own_key_over(user: User, *, connection_id: UUID) -> SAMLProvider:
    """Sign with the second key from now on; the other one stays announced, and opens what is still encrypted for it.

    Raises NotAllowedError, NotFoundError, ConnectionNotReadyError, NoSecondKeyError.
    """
    provider = _with_second_key(user, connection_id)
    first = provider.own_certificate, provider.own_key_sealed
    provider.own_certificate, provider.own_key_sealed = provider.second_certificate, provider.second_key_sealed
    provider.second_certificate, provider.second_key_sealed = first
    provider.save()
    record_change(user, provider, "signs with the other key of ours")
    return provider


@transaction.atomic
def remove_second_key(user: User, *, connection_id: UUID) -> SAMLProvider:
    """Forget the key that we do not sign with; the same errors."""
    provider = _with_second_key(user, connection_id)
    provider.second_certificate = provider.second_key_sealed = ""
    provider.save()
    record_change(user, provider, "the second key of ours is removed")
    return provider


def lock_provider(user: User, connection_id: UUID) -> SAMLProvider:
    """The described provider of a connection, locked; NotAllowedError, NotFoundError, ConnectionNotReadyError while there is none."""
    connection = connection_for(user, connection_id)
    locked = SAMLProvider.objects.select_for_update(of=("self",)).select_related("connection")
    provider = locked.filter(connection_id=connection.pk).first()
    if provider is None:
        raise ConnectionNotReadyError
    return provider


def record_change(user: User | None, provider: SAMLProvider, what: str) -> None:
    """Keep who changed what of a connection; nobody for what a task does."""
    detail = {"connection": provider.connection.name, "what": what}
    record(
        "sso.connection_changed" if user else "sso.connection_refreshed",
        actor=user,
        target=provider.connection_id,
        detail=detail,
    )


def _with_second_key(user: User, connection_id: UUID) -> SAMLProvider:
    provider = lock_provider(user, connection_id)
    if not provider.second_certificate:
        raise NoSecondKeyError
    return provider


def _give_key(provider: SAMLProvider) -> None:
    key = new_own_key(_name_of(provider), at=now())
    sealed = seal(key.private, purpose=KEY_PURPOSE)
    if provider.own_certificate:
        provider.second_certificate, provider.second_key_sealed = key.certificate, sealed
    else:
        provider.own_certificate, provider.own_key_sealed = key.certificate, sealed


def _name_of(provider: SAMLProvider) -> str:
    """Host and slug of our entity id: what the provider's administrators know us by."""
    return saml_addresses(provider.connection).entity_id.split("//", 1)[-1].removesuffix("/metadata/")
