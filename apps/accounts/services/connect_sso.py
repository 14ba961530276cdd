"""Connect an identity provider: make the connection, describe the provider, say who comes in, switch it on and off."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from apps.accounts.capabilities import Capability, RoleName
from apps.accounts.choices import ConnectionKind, ProviderPreset
from apps.accounts.errors import ConnectionNotReadyError, EmergencyAccessNeededError
from apps.accounts.models import GroupRule, SAMLProvider, SignInPolicy, SSOConnection, Team, User
from apps.accounts.policies import require
from apps.accounts.selectors import connection_for, is_described
from apps.accounts.sso.ldap_errors import DirectoryNotDescribedError
from apps.accounts.sso.saml_metadata import ProviderFacts
from apps.kernel.audit.record import record
from apps.kernel.errors import InvalidInputError, NotFoundError


@dataclass(frozen=True, slots=True)
class AdmissionRules:
    """Who may come by a connection, and as what."""

    admits_new_people: bool
    default_role: str
    follows_groups: bool
    email_attribute: str = ""
    name_attribute: str = ""
    groups_attribute: str = ""


@transaction.atomic
def make_connection(
    user: User, *, preset: ProviderPreset, name: str, kind: ConnectionKind = ConnectionKind.SAML
) -> SSOConnection:
    """A connection that is switched off; NotAllowedError, InvalidInputError without a name."""
    require(user, Capability.MANAGE_ORGANIZATION)
    name = name.strip()[:100]
    if not name:
        raise InvalidInputError
    connection = SSOConnection.objects.create(
        kind=kind, preset=preset, name=name, slug=_free_slug(name), default_role=RoleName.VIEWER
    )
    record("sso.connection_made", actor=user, target=connection.pk, detail={"connection": connection.name})
    return connection


@transaction.atomic
def describe_provider(
    user: User, *, connection_id: UUID, facts: ProviderFacts, accepts_unasked: bool | None = None
) -> SSOConnection:
    """Keep what the provider's metadata say; `accepts_unasked` None leaves that as it is. NotAllowedError, NotFoundError.

    Other certificates than before are recorded as such. An address of metadata is forgotten: what was given last counts.
    """
    connection = _locked(user, connection_id)
    if connection.kind != ConnectionKind.SAML:
        raise NotFoundError
    provider = SAMLProvider.objects.filter(connection=connection).first() or SAMLProvider(connection=connection)
    is_new_key = set(provider.certificates or ()) != set(facts.certificates)
    provider.entity_id, provider.sso_url = facts.entity_id, facts.sso_url
    provider.certificates = list(facts.certificates)
    provider.logout_url, provider.logout_answer_url = facts.logout_url, facts.logout_answer_url
    provider.wants_signed_requests = facts.wants_signed_requests
    provider.metadata_url, provider.metadata_trouble, provider.metadata_checked_at = "", "", None
    if accepts_unasked is not None:
        provider.accepts_unasked = accepts_unasked
    provider.save()
    _record_change(user, connection, "the provider and its certificates" if is_new_key else "the provider")
    return connection


@transaction.atomic
def change_admission(user: User, *, connection_id: UUID, rules: AdmissionRules) -> SSOConnection:
    """Keep who may come and as what; NotAllowedError, NotFoundError."""
    connection = _locked(user, connection_id)
    for rule in fields(rules):
        setattr(connection, rule.name, getattr(rules, rule.name))
    connection.save()
    _record_change(user, connection, "who may come")
    return connection


@transaction.atomic
def set_group_rules(user: User, *, connection_id: UUID, rules: Sequence[tuple[str, str, Team | None]]) -> SSOConnection:
    """Replace what groups mean by these (group, role or "", team or None); NotAllowedError, NotFoundError."""
    connection = _locked(user, connection_id)
    connection.rules.all().delete()
    for group, role, team in rules:
        GroupRule.objects.create(connection=connection, group=group, role=role, team=team)
    _record_change(user, connection, "what groups mean")
    return connection


@transaction.atomic
def switch_connection(user: User, *, connection_id: UUID, is_enabled: bool) -> SSOConnection:
    """On: people can sign in with it; ConnectionNotReadyError while its provider is not described. NotAllowedError, NotFoundError."""
    connection = _locked(user, connection_id)
    if is_enabled and not is_described(connection):
        raise DirectoryNotDescribedError if connection.kind == ConnectionKind.LDAP else ConnectionNotReadyError
    if connection.is_enabled != is_enabled:
        connection.is_enabled = is_enabled
        connection.save(update_fields=["is_enabled", "updated_at"])
        _record_change(user, connection, "switched on" if is_enabled else "switched off")
    return connection


@transaction.atomic
def remove_connection(user: User, *, connection_id: UUID) -> None:
    """Remove it with what is known of people's identities there; the people stay. NotAllowedError, NotFoundError."""
    connection = _locked(user, connection_id)
    record("sso.connection_removed", actor=user, target=connection.pk, detail={"connection": connection.name})
    connection.delete()


@transaction.atomic
def require_sso(user: User, *, is_required: bool) -> SignInPolicy:
    """Make single sign-on the only way in, but for those with emergency access.

    Raises NotAllowedError, ConnectionNotReadyError without a connection that is on, EmergencyAccessNeededError.
    """
    require(user, Capability.MANAGE_ORGANIZATION)
    policy = SignInPolicy.objects.select_for_update().first() or SignInPolicy()
    if is_required:
        if not SSOConnection.objects.filter(is_enabled=True).exists():
            raise ConnectionNotReadyError
        if not User.objects.filter(role=RoleName.ORG_ADMIN, is_active=True, has_emergency_access=True).exists():
            raise EmergencyAccessNeededError
    policy.requires_sso = is_required
    policy.save()
    detail = {"connection": "", "what": "required of everyone" if is_required else "not required any more"}
    record("sso.connection_changed", actor=user, target=policy.pk, detail=detail)
    return policy


def _locked(user: User, connection_id: UUID) -> SSOConnection:
    return SSOConnection.objects.select_for_update().get(pk=connection_for(user, connection_id).pk)


def _record_change(user: User, connection: SSOConnection, what: str) -> None:
    detail = {"connection": connection.name, "what": what}
    record("sso.connection_changed", actor=user, target=connection.pk, detail=detail)


def _free_slug(name: str) -> str:
    wanted = slugify(name)[:30] or "provider"
    taken = set(SSOConnection.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    candidates = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(taken) + 2))
    return next(candidate for candidate in candidates if candidate not in taken)
