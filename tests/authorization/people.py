"""Who asks: nobody in every form in which one can be nobody, the five roles, and the programs that act for them."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client

from apps.accounts.capabilities import Capability, RoleName
from apps.accounts.choices import SecondFactorRule
from apps.accounts.models import ApiKey, BrowserSession, SignInPolicy, TokenFamily, User
from apps.accounts.second_factor.session_notes import PROVED_AT_S
from apps.accounts.services.deactivate import deactivate_person
from apps.accounts.services.issue_api_key import issue_api_key
from apps.accounts.services.sign_in import NextStep
from apps.accounts.services.tokens import device_of, issue_tokens
from apps.kernel.clock import now
from apps.kernel.tenancy.context import inside
from tests.conftest import PASSWORD
from tests.isolation.stage import ROLES, Furnished

ALL_SCOPES = frozenset(Capability)


@dataclass
class Asker:
    """Somebody, or nobody: `role` is None for whom no door may open. A program comes with a header instead of a session."""

    name: str
    client: Client
    person: User | None = None
    role: RoleName | None = None
    headers: dict[str, str] = field(default_factory=dict)
    scopes: frozenset[Capability] = ALL_SCOPES
    is_stale: bool = False
    step: NextStep | None = None

    @property
    def is_key(self) -> bool:
        """Whether it is an API key."""
        return "aip_" in self.headers.get("Authorization", "")

    @property
    def is_program(self) -> bool:
        """Whether what it shows is read by endpoints alone: for pages it is nobody."""
        return bool(self.headers)


def askers(home: Furnished, neighbour: Furnished) -> list[Asker]:
    """Everybody who asks at the host of `home`."""
    return [*_signed_in(home), *_nobodies(home, neighbour), *_programs(home), *_useless_programs(home, neighbour)]


def _browser(home: Furnished, role: str) -> Client:
    return home.browser(role)


def _signed_in(home: Furnished) -> list[Asker]:
    found = [Asker(role, _browser(home, role), home.people[role], RoleName(role)) for role in ROLES]
    stale = _browser(home, "org_admin")
    with inside(home.tenant):
        session = stale.session
        session[PROVED_AT_S] = 0
        session.save()
    return [*found, Asker("org_admin, not fresh", stale, home.people["org_admin"], RoleName.ORG_ADMIN, is_stale=True)]


def _nobodies(home: Furnished, neighbour: Furnished) -> list[Asker]:
    """Each has, or had, something; the administrators among them would be let in everywhere."""
    anonymous = _browser(home, "anonymous")
    abroad = neighbour.browser("org_admin")
    here = Client(HTTP_HOST=f"{home.tenant.slug}.localhost")
    here.cookies = abroad.cookies
    expired, ended, left = (_browser(home, "org_admin") for _ in range(3))
    with inside(home.tenant):
        sessions = BrowserSession.objects
        sessions.filter(pk=_id_of(expired)).update(last_seen_at=now() - timedelta(days=2))
        sessions.filter(pk=_id_of(ended)).delete()
        gone = User.objects.create_person("gone@example.com", name="Gone", role=RoleName.ORG_ADMIN)
        left.force_login(gone)
        deactivate_person(home.people["org_admin"], person_id=gone.pk)
    return [
        Asker("anonymous", anonymous),
        Asker("neighbour's administrator", here),
        Asker("administrator with an idle session", expired),
        Asker("administrator with an ended session", ended),
        Asker("deactivated administrator", left),
        _half(home, "org_admin@example.com", NextStep.SHOW_SECOND_FACTOR),
        _half(home, "bare@example.com", NextStep.SET_UP_SECOND_FACTOR),
    ]


def _half(home: Furnished, email: str, step: NextStep) -> Asker:
    """Somebody whose password was right; what the organization asks for besides is still to be shown, or to be set up."""
    client = _browser(home, "anonymous")
    with inside(home.tenant):
        SignInPolicy.objects.update_or_create(is_only=True, defaults={"second_factor": SecondFactorRule.ADMINS})
        if step == NextStep.SET_UP_SECOND_FACTOR:
            User.objects.create_person(email, name="Bare", role=RoleName.ORG_ADMIN, password=PASSWORD)
    answer = client.post("/sign-in/", {"email": email, "password": PASSWORD})
    assert "/second-factor/" in answer["Location"], answer["Location"]
    return Asker(f"administrator before {step.value}", client, step=step)


def _programs(home: Furnished) -> list[Asker]:
    """A key that may all its owner may, one that may read alone, and a token."""
    admin, analyst = home.people["org_admin"], home.people["analyst"]
    with inside(home.tenant):
        whole = issue_api_key(admin, name="whole", scopes=list(admin.grants()), life_days=1).token
        reading = issue_api_key(admin, name="reading", scopes=[Capability.READ_DOCUMENTS], life_days=1).token
        access = issue_tokens(analyst, device=device_of("", "127.0.0.1")).access
    reads = frozenset({Capability.READ_DOCUMENTS})
    return [
        _program(home, "key of an administrator", whole, admin),
        _program(home, "reading key of an administrator", reading, admin, scopes=reads),
        _program(home, "token of an analyst", access, analyst),
    ]


def _useless_programs(home: Furnished, neighbour: Furnished) -> list[Asker]:
    admin = home.people["org_admin"]
    with inside(home.tenant):
        kept = {
            name: issue_api_key(admin, name=name, scopes=list(admin.grants()), life_days=1)
            for name in ("expired", "revoked")
        }
        ApiKey.objects.filter(pk=kept["expired"].key.pk).update(
            created_at=now() - timedelta(days=2), expires_at=now() - timedelta(seconds=1)
        )
        ApiKey.objects.filter(pk=kept["revoked"].key.pk).update(revoked_at=now())
        owner = User.objects.create_person("owner@example.com", name="Owner", role=RoleName.ORG_ADMIN)
        orphan = issue_api_key(owner, name="orphan", scopes=list(owner.grants()), life_days=1)
        deactivate_person(admin, person_id=owner.pk)
        family = issue_tokens(admin, device=device_of("", "127.0.0.1"))
        TokenFamily.objects.filter(person=admin).update(revoked_at=now())
    return [
        _program(home, "expired key", kept["expired"].token),
        _program(home, "revoked key", kept["revoked"].token),
        _program(home, "key of somebody deactivated", orphan.token),
        _program(home, "neighbour's key", neighbour.api_token),
        _program(home, "revoked token", family.access),
    ]


def _program(home: Furnished, name: str, credential: str, person: User | None = None, **more: Any) -> Asker:
    headers = {"Authorization": f"Bearer {credential}"}
    role = RoleName(person.role) if person else None
    return Asker(name, _browser(home, "anonymous"), person, role, headers, **more)


def _id_of(client: Client) -> Any:
    from django.conf import settings

    from apps.accounts.models.browser_session import session_id_of

    return session_id_of(client.cookies[settings.SESSION_COOKIE_NAME].value)
