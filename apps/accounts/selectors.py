"""The questions about people and keys; the only door to their rows."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.capabilities import Capability, RoleName, grants_for
from apps.accounts.choices import ConnectionKind
from apps.accounts.models import (
    AnsweredSignIn,
    ApiKey,
    AuthenticatorApp,
    BrowserSession,
    Invitation,
    InvitationBatch,
    LDAPDirectory,
    OIDCProvider,
    Passkey,
    RecoveryCode,
    SAMLProvider,
    SCIMAccess,
    SCIMGroup,
    SCIMPerson,
    ServiceAccount,
    SignInPolicy,
    SSOConnection,
    TokenFamily,
    User,
    VerifiedDomain,
    normal_email,
)
from apps.accounts.models.browser_session import within_limits
from apps.accounts.owned_things import OwnedKind, owned_kinds
from apps.accounts.policies import (
    may,
    may_manage_people,
    require,
    require_people_manager,
    require_person,
)
from apps.kernel.clock import now
from apps.kernel.errors import NotFoundError

_PROVIDERS: dict[ConnectionKind, type[LDAPDirectory] | type[OIDCProvider] | type[SAMLProvider]] = {
    ConnectionKind.LDAP: LDAPDirectory,
    ConnectionKind.OIDC: OIDCProvider,
    ConnectionKind.SAML: SAMLProvider,
}


def people_visible_to(user: User) -> QuerySet[User]:
    """Everyone for those who manage people, newest first; only themselves for others."""
    people = User.objects.people().order_by("-id")
    return people if may_manage_people(user) else people.filter(pk=user.pk)


def active_people() -> QuerySet[User]:
    """Everyone who may sign in, by name, for questions about access; whom of them somebody may see is the caller's business."""
    return User.objects.filter(is_active=True).order_by("name", "pk")


def person_for(user: User, person_id: UUID) -> User:
    """One person that `user` may see; NotFoundError else."""
    person = people_visible_to(user).filter(pk=person_id).first()
    if person is None:
        raise NotFoundError
    return person


def person_by_email(email: str) -> User | None:
    """The person with this address whatever its case and state, for sign-in, reset and commands."""
    return User.objects.people().filter(email_key=normal_email(email)).first()


def person_id_by_email(email: str) -> UUID | None:
    """The id alone: where an answer must not tell whether there is somebody, nobody's row is loaded."""
    return User.objects.people().filter(email_key=normal_email(email)).values_list("pk", flat=True).first()


def open_invitations(user: User) -> QuerySet[Invitation]:
    """Invitations that can still be accepted, newest first; NotAllowedError for those who do not manage people."""
    require_people_manager(user)
    return Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=now()).order_by("-id")


def waiting_invitations(user: User) -> QuerySet[Invitation]:
    """Those that were neither accepted nor withdrawn, also when their link has ended, newest first, with their team; NotAllowedError."""
    require_people_manager(user)
    return Invitation.objects.select_related("team").filter(accepted_at=None, revoked_at=None).order_by("-id")


def invitation_for(user: User, invitation_id: UUID) -> Invitation:
    """One open invitation; NotFoundError, NotAllowedError."""
    invitation = open_invitations(user).filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFoundError
    return invitation


def batch_for(user: User, batch_id: UUID) -> InvitationBatch:
    """One list of invitations that an administrator asked for; NotAllowedError, NotFoundError."""
    require_people_manager(user)
    batch = InvitationBatch.objects.filter(pk=batch_id).first()
    if batch is None:
        raise NotFoundError
    return batch


def api_keys_of(user: User) -> QuerySet[ApiKey]:
    """The person's own keys that are not revoked, newest first; expired ones are shown as such."""
    return ApiKey.objects.filter(owner_id=user.pk, revoked_at=None).order_by("-id")


def usable_keys_of(person: User) -> QuerySet[ApiKey]:
    """Keys that work, or would if the person were active."""
    return ApiKey.objects.filter(owner_id=person.pk, revoked_at=None, expires_at__gt=now())


@dataclass(frozen=True, slots=True)
class Owned:
    """How many things of one kind a person owns."""

    kind: OwnedKind
    count: int


def owned_by(user: User, person: User) -> list[Owned]:
    """What the person owns, by kind; those of which there are none are left out. NotAllowedError."""
    require_people_manager(user)
    found = [Owned(kind, kind.count(person)) for kind in owned_kinds()]
    return [owned for owned in found if owned.count]


def possible_heirs(user: User, person: User) -> QuerySet[User]:
    """Active colleagues who may work on documents, by name."""
    active = people_visible_to(user).filter(is_active=True).exclude(pk=person.pk)
    roles = [role.value for role in RoleName if Capability.UPLOAD_DOCUMENTS in grants_for(role)]
    return active.filter(role__in=roles).order_by("name", "pk")


def keys_in_care_of(user: User) -> QuerySet[ApiKey]:
    """The keys that one may look at and renew, not revoked: one's own, and for administrators those of service accounts."""
    cared_for = Q(owner_id=user.pk)
    if may(user, Capability.MANAGE_ORGANIZATION):
        cared_for |= Q(owner__is_program=True)
    return ApiKey.objects.select_related("owner").filter(cared_for, revoked_at=None).order_by("-id")


def key_in_care_of(user: User, key_id: UUID) -> ApiKey:
    """One of them; NotFoundError else."""
    key = keys_in_care_of(user).filter(pk=key_id).first()
    if key is None:
        raise NotFoundError
    return key


def every_api_key(user: User) -> QuerySet[ApiKey]:
    """All keys of the organization that are not revoked, with their owners, newest first; NotAllowedError."""
    require(user, Capability.MANAGE_ORGANIZATION)
    return ApiKey.objects.select_related("owner").filter(revoked_at=None).order_by("-id")


def service_accounts_for(user: User) -> QuerySet[ServiceAccount]:
    """All service accounts with the person responsible, newest first; NotAllowedError."""
    require(user, Capability.MANAGE_ORGANIZATION)
    return ServiceAccount.objects.select_related("account", "responsible").order_by("-id")


def service_account_for(user: User, account_id: UUID) -> ServiceAccount:
    """One of them; NotAllowedError, NotFoundError."""
    account = service_accounts_for(user).filter(pk=account_id).first()
    if account is None:
        raise NotFoundError
    return account


def keys_of_service_account(user: User, account_id: UUID) -> QuerySet[ApiKey]:
    """Its keys that are not revoked, newest first; NotAllowedError, NotFoundError."""
    account = service_account_for(user, account_id)
    return ApiKey.objects.filter(owner_id=account.pk, revoked_at=None).order_by("-id")


def accounts_in_care_of(person_id: UUID) -> QuerySet[ServiceAccount]:
    """The active service accounts of which this person is the responsible one, by name."""
    rows = ServiceAccount.objects.select_related("account").filter(responsible_id=person_id, account__is_active=True)
    return rows.order_by("account__name", "pk")


def active_administrators() -> QuerySet[User]:
    """Who administers the organization now."""
    return User.objects.people().filter(role=RoleName.ORG_ADMIN, is_active=True).order_by("pk")


def told_of_key(key: ApiKey) -> list[User]:
    """Who is told what happens to a key: its owner; for a service account who is responsible, or else the administrators."""
    if not key.owner.is_program:
        return [key.owner] if key.owner.is_active else []
    account = ServiceAccount.objects.select_related("responsible").get(pk=key.owner_id)
    responsible = account.responsible
    if responsible is None or not responsible.is_active:
        return list(active_administrators())
    return [responsible]


def token_families_of(user: User) -> QuerySet[TokenFamily]:
    """The sign-ins of the person's programs that still hold, last used first; NeedsPersonError for a program."""
    require_person(user)
    own = TokenFamily.objects.filter(person_id=user.pk, epoch=user.session_epoch, revoked_at=None, expires_at__gt=now())
    return own.order_by("-last_used_at", "-pk")


def sessions_of(user: User) -> QuerySet[BrowserSession]:
    """Where the person is signed in now, last used first; NeedsPersonError for an API key."""
    require_person(user)
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    own = BrowserSession.objects.filter(within_limits(sign_in_policy(), now()), person_id=user.pk, auth_hash__in=hashes)
    return own.order_by("-last_seen_at", "-pk")


def sign_in_policy() -> SignInPolicy:
    """How strictly this organization lets its people in; the defaults, unsaved, while it has decided nothing."""
    return SignInPolicy.objects.first() or SignInPolicy()


def sign_in_connections() -> QuerySet[SSOConnection]:
    """What the sign-in page offers, by name."""
    return SSOConnection.objects.filter(is_enabled=True).order_by("name", "pk")


def enabled_connection(slug: str, *, kind: str) -> SSOConnection:
    """A connection that people can sign in with; NotFoundError else."""
    connection = sign_in_connections().filter(slug=slug, kind=kind).first()
    if connection is None:
        raise NotFoundError
    return connection


def saml_connection(slug: str, *, is_described: bool = False) -> SSOConnection:
    """A SAML connection, also while it is set up; `is_described` asks for one whose provider is known. NotFoundError else."""
    found = SSOConnection.objects.select_related("saml_provider").filter(slug=slug, kind=ConnectionKind.SAML)
    connection = found.exclude(saml_provider=None).first() if is_described else found.first()
    if connection is None:
        raise NotFoundError
    return connection


def oidc_provider(slug: str) -> OIDCProvider:
    """The described provider of an OpenID Connect connection, also while that is switched off; NotFoundError."""
    found = OIDCProvider.objects.select_related("connection")
    provider = found.filter(connection__slug=slug, connection__kind=ConnectionKind.OIDC).first()
    if provider is None:
        raise NotFoundError
    return provider


def connections_for(user: User) -> QuerySet[SSOConnection]:
    """Every connection for those who manage the organization, by name; NotAllowedError."""
    require(user, Capability.MANAGE_ORGANIZATION)
    return SSOConnection.objects.select_related("saml_provider").order_by("name", "pk")


def connection_for(user: User, connection_id: UUID) -> SSOConnection:
    """One connection; NotAllowedError, NotFoundError."""
    connection = connections_for(user).filter(pk=connection_id).first()
    if connection is None:
        raise NotFoundError
    return connection


def is_described(connection: SSOConnection) -> bool:
    """Is its provider known, so that it can be tried and switched on?"""
    return _PROVIDERS[ConnectionKind(connection.kind)].objects.filter(connection=connection).exists()


def mail_domains_for(user: User) -> QuerySet[VerifiedDomain]:
    """The organization's mail domains, proven or not; NotAllowedError."""
    require(user, Capability.MANAGE_ORGANIZATION)
    return VerifiedDomain.objects.order_by("domain")


def collected_test(user: User, answer_id: UUID) -> AnsweredSignIn:
    """The answer to a test of a connection, for as long as answers are kept; NotAllowedError, NotFoundError."""
    require(user, Capability.MANAGE_ORGANIZATION)
    collected = AnsweredSignIn.objects.select_related("connection").filter(collected_at__isnull=False)
    answered = collected.filter(pk=answer_id, expires_at__gt=now()).first()
    if answered is None:
        raise NotFoundError
    return answered


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """What a person can show besides a password."""

    has_app: bool
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def are_there(self) -> bool:
        """Recovery codes stand in for a factor; they are none."""
        return self.has_app or bool(self.passkeys)


def second_factors_of(person: User) -> SecondFactors:
    """The person's own, passkeys oldest first."""
    return SecondFactors(
        has_app=AuthenticatorApp.objects.filter(owner_id=person.pk).exists(),
        passkeys=tuple(Passkey.objects.filter(owner_id=person.pk)),
        codes_left=RecoveryCode.objects.filter(owner_id=person.pk, used_at=None).count(),
    )


def passkey_for(user: User, passkey_id: UUID) -> Passkey:
    """One of the person's own passkeys; NotFoundError else."""
    passkey = Passkey.objects.filter(owner_id=user.pk, pk=passkey_id).first()
    if passkey is None:
        raise NotFoundError
    return passkey


def with_second_factors(people: QuerySet[User]) -> QuerySet[User]:
    """The same people, each with `has_app` and `has_passkey`, in the same query."""
    return people.annotate(
        has_app=Exists(AuthenticatorApp.objects.filter(owner_id=OuterRef("pk"))),
        has_passkey=Exists(Passkey.objects.filter(owner_id=OuterRef("pk"))),
    )


def scim_access_for(user: User, connection_id: UUID) -> SCIMAccess | None:
    """The provisioning token of a connection, None when it never had one; NotAllowedError, NotFoundError."""
    return SCIMAccess.objects.filter(connection=connection_for(user, connection_id)).first()


def scim_people(access: SCIMAccess) -> QuerySet[SCIMPerson]:
    """The people whom this connection's directory has sent and not removed, oldest first; those of another are not there."""
    rows = SCIMPerson.objects.filter(connection_id=access.connection_id, removed_at=None)
    return rows.select_related("person").order_by("created_at", "pk")


def scim_person_for(access: SCIMAccess, person_id: UUID) -> SCIMPerson:
    """One of them, by the person's id; NotFoundError."""
    row = scim_people(access).filter(person_id=person_id).first()
    if row is None:
        raise NotFoundError
    return row


def scim_groups(access: SCIMAccess) -> QuerySet[SCIMGroup]:
    """The groups of this connection's directory, oldest first."""
    return SCIMGroup.objects.filter(connection_id=access.connection_id).order_by("created_at", "pk")


def scim_group_for(access: SCIMAccess, group_id: UUID) -> SCIMGroup:
    """One of them; NotFoundError."""
    group = scim_groups(access).filter(pk=group_id).first()
    if group is None:
        raise NotFoundError
    return group
