"""Metadata by address: look at them, take them, and keep in step with them as long as that is safe."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from apps.accounts.errors import ProviderMetadataError
from apps.accounts.events import MetadataNotTaken
from apps.accounts.models import SAMLProvider, SSOConnection, User
from apps.accounts.selectors import connection_for
from apps.accounts.services.connect_sso import describe_provider
from apps.accounts.services.saml_keys import lock_provider, record_change
from apps.accounts.sso.metadata_changes import MetadataChanges, changes_of, objection_to_changes
from apps.accounts.sso.metadata_source import fetch_provider_metadata
from apps.accounts.sso.saml_metadata import ProviderFacts
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.events.bus import publish
from apps.kernel.outbound.errors import OutboundError
from apps.kernel.signing import sign, verify
from apps.kernel.tenancy.context import current_tenant

REFRESH_EVERY = timedelta(hours=23)
_TOKEN_AGE_S = 15 * 60
_PURPOSE = "saml_metadata"


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What an address says now, what that would change, and a token with which exactly this is taken."""

    facts: ProviderFacts
    changes: MetadataChanges
    token: str


def look_at_metadata(user: User, *, connection_id: UUID, url: str) -> LookedAt:
    """Ask the address; nothing is kept. NotAllowedError, NotFoundError, OutboundError, ProviderMetadataError."""
    connection = connection_for(user, connection_id)
    facts = fetch_provider_metadata(url)
    provider = SAMLProvider.objects.filter(connection=connection).first()
    said = json.dumps({"connection": str(connection.pk), "person": str(user.pk), "url": url, "facts": asdict(facts)})
    packed = urlsafe_b64encode(said.encode()).decode("ascii")
    token = sign(packed, purpose=_PURPOSE, tenant_id=current_tenant().id)
    return LookedAt(facts, changes_of(provider, facts), token)


@transaction.atomic
def take_metadata(user: User, *, connection_id: UUID, token: str) -> SSOConnection:
    """Keep what this person has looked at within a quarter of an hour, and the address.

    Raises InvalidSignatureError, ProviderMetadataError for another person's or connection's, NotAllowedError, NotFoundError.
    """
    packed = verify(token, purpose=_PURPOSE, tenant_id=current_tenant().id, max_age_s=_TOKEN_AGE_S)
    said = json.loads(urlsafe_b64decode(packed))
    if (said["connection"], said["person"]) != (str(connection_id), str(user.pk)):
        raise ProviderMetadataError(problem="not_looked_at")
    facts = ProviderFacts(**{**said["facts"], "certificates": tuple(said["facts"]["certificates"])})
    connection = describe_provider(user, connection_id=connection_id, facts=facts)
    SAMLProvider.objects.filter(connection=connection).update(
        metadata_url=said["url"], metadata_checked_at=now(), metadata_trouble=""
    )
    return connection


@transaction.atomic
def forget_metadata_address(user: User, *, connection_id: UUID) -> SAMLProvider:
    """Ask the address no more; what it said stays. NotAllowedError, NotFoundError, ConnectionNotReadyError."""
    provider = lock_provider(user, connection_id)
    provider.metadata_url = provider.metadata_trouble = ""
    provider.metadata_checked_at = None
    provider.save()
    record_change(user, provider, "the address of its metadata is forgotten")
    return provider


def refresh_due_metadata() -> int:
    """Bring every connection with an address in step that was not looked at for a day; returns how many were asked."""
    before = now() - REFRESH_EVERY
    is_due = Q(metadata_checked_at__lte=before) | Q(metadata_checked_at=None)
    due = list(SAMLProvider.objects.exclude(metadata_url="").filter(is_due).order_by("pk"))
    for provider in due:
        refresh_metadata(provider)
    return len(due)


def refresh_metadata(provider: SAMLProvider) -> None:
    """Ask its address. What is safe is taken, anything else is told to the administrators; a fault is shown on the page."""
    try:
        facts = fetch_provider_metadata(provider.metadata_url)
    except (OutboundError, ProviderMetadataError) as error:
        _keep_trouble(provider, error.code)
        return
    _keep_in_step(provider, facts)


@transaction.atomic
def _keep_trouble(provider: SAMLProvider, trouble: str) -> None:
    SAMLProvider.objects.filter(pk=provider.pk, metadata_url=provider.metadata_url).update(
        metadata_trouble=trouble[:40], metadata_checked_at=now()
    )


@transaction.atomic
def _keep_in_step(asked: SAMLProvider, facts: ProviderFacts) -> None:
    locked = SAMLProvider.objects.select_for_update(of=("self",)).select_related("connection")
    provider = locked.filter(pk=asked.pk, metadata_url=asked.metadata_url).first()
    if provider is None:
        return
    changes = changes_of(provider, facts)
    objection = "" if changes.are_none else objection_to_changes(provider, changes, at=now())
    if objection and objection != provider.metadata_trouble:
        _tell(provider, objection)
    if not objection and not changes.are_none:
        provider.sso_url, provider.certificates = facts.sso_url, list(facts.certificates)
        provider.logout_url, provider.logout_answer_url = facts.logout_url, facts.logout_answer_url
        record_change(None, provider, _summary(changes))
    provider.metadata_trouble, provider.metadata_checked_at = objection, now()
    provider.save()


def _tell(provider: SAMLProvider, objection: str) -> None:
    detail = {"connection": provider.connection.name, "reason": objection}
    record("sso.metadata_not_taken", actor=None, target=provider.connection_id, detail=detail)
    publish(MetadataNotTaken(connection_id=provider.connection_id))


def _summary(changes: MetadataChanges) -> str:
    parts = [name for name, _before, _after in changes.values]
    parts += [f"certificate added: {one.fingerprint}" for one in changes.added]
    parts += [f"certificate removed: {one.fingerprint}" for one in changes.removed]
    return ", ".join(parts)
