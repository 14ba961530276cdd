"""Furnishes an organization with one of everything that has an address, all of it marked with a canary of its own."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from auditlog.models import LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client

from apps.accounts.capabilities import Capability, RoleName
from apps.accounts.models import (
    AnsweredSignIn,
    Invitation,
    JudgedSignIn,
    Passkey,
    SSOConnection,
    Team,
    User,
    VerifiedDomain,
)
from apps.accounts.roster.reading import RosterLine
from apps.accounts.services.invite import invitation_token, invite_person
from apps.accounts.services.invite_many import ask_for_invitations
from apps.accounts.services.issue_api_key import issue_api_key
from apps.accounts.services.plan_invitations import ListWishes
from apps.accounts.services.reset_password import reset_token
from apps.accounts.services.service_accounts import ServiceAccountSaid, make_service_account
from apps.accounts.services.tokens import device_of, issue_tokens
from apps.analysis.models import Reply
from apps.documents.word.builder import Heading, Paragraph, build
from apps.feedback.models import Item
from apps.kernel.clock import now
from apps.kernel.identifiers import new_id
from apps.kernel.storage.sealed_values import seal
from apps.kernel.tenancy.context import TenantRef, inside
from tests.accounts.oidc.conftest import connect as connect_open_id
from tests.accounts.saml.conftest import connect
from tests.conftest import CommittingClient, has_just_signed_in
from tests.doubles.authenticator import b64
from tests.doubles.saml_forge import key_pair

ROLES = ("viewer", "analyst", "team_lead", "org_admin", "system_admin")


@dataclass(frozen=True)
class Furnished:
    """One organization, its canary, its people by role, and what links and keys it has given out."""

    tenant: TenantRef
    canary: str
    people: dict[str, Any]
    api_token: str
    invitation_token: str
    reset_token: str
    document_id: str

    def browser(self, role: str) -> Client:
        """A browser on this organization's host in which this role is signed in, or nobody; nothing runs after commit."""
        return self._signed_in(Client(HTTP_HOST=f"{self.tenant.slug}.localhost"), role)

    def client(self, role: str) -> Client:
        """The same, and what a request does after commit happens."""
        return self._signed_in(CommittingClient(self.tenant), role)

    def _signed_in(self, client: Client, role: str) -> Client:
        if role != "anonymous":
            with inside(self.tenant):
                client.force_login(self.people[role])
                has_just_signed_in(client)
        return client


def write_up(canary: str) -> bytes:
    """A document that holds the canary in its text, and gives the reviewer something to say."""
    return build(
        [
            Heading("Executive Summary"),
            Paragraph(f"Several buyers complained about {canary} and its seller. TBD will follow soon."),
            Heading("Root Cause"),
            Paragraph(f"The analyst of {canary} made a mistake."),
            Heading("Preventative Actions"),
            Paragraph("Training will be improved."),
        ]
    )


def furnish(tenant: TenantRef) -> Furnished:
    """By the deeds of the product itself."""
    canary = f"zq{tenant.slug}canary"
    with inside(tenant):
        User.objects.create_person(f"{canary}@example.com", name="Own", role=RoleName.SYSTEM_ADMIN)
        for person in User.objects.all():
            person.name = f"{canary} {person.role}"
            person.save()
        people = {person.role: person for person in User.objects.all()}
        User.objects.create_person(f"second{canary}@example.com", name=f"Second {canary}", role=RoleName.VIEWER)
        number = sum(tenant.slug.encode())
        Group.objects.create(pk=number, name=canary)
        LogEntry.objects.create(
            pk=number,
            content_type=ContentType.objects.get_for_model(User),
            object_pk=str(people["viewer"].pk),
            object_repr=canary,
            action=LogEntry.Action.UPDATE,
            changes={"name": ["before", canary]},
        )
        team = Team.objects.create(name=f"Team {canary}")
        team.members.add(people["analyst"])
        _connect_provider(canary)
        said = ServiceAccountSaid(f"{canary} program", f"Works for {canary}", RoleName.ANALYST, people["viewer"].pk)
        make_service_account(people["org_admin"], said=said)
        issue_tokens(people["org_admin"], device=device_of(canary, "", program=canary))
        Passkey.objects.create(
            owner=people["org_admin"],
            name=canary,
            host="localhost",
            credential_id=b64(canary.encode()),
            public_part=canary.encode(),
        )
        for person in (people["org_admin"], people["analyst"]):
            _stop_sign_in(person, canary)
    half = Furnished(tenant, canary, people, "", "", "", "")
    document_id = _reviewed_document(half.client("org_admin"), tenant, canary)
    with inside(tenant):
        admin = people["org_admin"]
        invitation = invite_person(admin, email=f"new{canary}@example.com", role=RoleName.VIEWER, name=canary)
        ask_for_invitations(
            admin,
            batch_id=new_id(),
            lines=[RosterLine(1, f"listed{canary}@example.com", canary, "viewer", f"Team {canary}")],
            wishes=ListWishes(),
        )
        key = issue_api_key(admin, name=canary, scopes=[Capability.READ_DOCUMENTS], life_days=1)
        return Furnished(
            tenant,
            canary,
            people,
            api_token=key.token,
            invitation_token=invitation_token(Invitation.objects.get(pk=invitation.pk)),
            reset_token=reset_token(people["viewer"]),
            document_id=document_id,
        )


def _connect_provider(canary: str) -> None:
    """A provider that people can sign in with, a mail domain, and what came back when the connection was tried."""
    own = key_pair().certificate
    provider = connect(f"provider-{canary}", entity_id=f"https://{canary}.example/", own_certificate=own)
    connect_open_id(f"https://open-id-{canary}.example", f"open-id-{canary}", client_id=canary)
    SSOConnection.objects.update(name=canary)
    VerifiedDomain.objects.create(domain=f"{canary}.example", proof=canary)
    said = {"subject": canary, "email": "", "name": canary, "groups": [], "is_email_disowned": False, "attributes": {}}
    AnsweredSignIn.objects.create(
        connection=provider.connection,
        request_id=canary,
        expires_at=now() + timedelta(days=1),
        collected_at=now(),
        claims_sealed=seal(json.dumps(said), purpose="sso_claims"),
    )


def _stop_sign_in(person: User, canary: str) -> None:
    """One that was stopped for its risk, with the organization's own words in what was seen."""
    JudgedSignIn.objects.create(
        person=person,
        at=now(),
        way="password",
        device=canary,
        device_mark=canary,
        score=0.9,
        reasons=[{"signal": "new_device", "weight": 0.25}],
        verdict="deny",
        is_enforced=True,
    )


def _reviewed_document(client: Client, tenant: TenantRef, canary: str) -> str:
    """Uploaded, reviewed, remarked on, decided on, exported."""
    file = SimpleUploadedFile(f"{canary}.docx", write_up(canary))
    answer = client.post("/documents/upload/", {"file": file}, headers={"Accept": "application/json"})
    document_id: str = answer.json()["id"]
    with inside(tenant):
        item = Item.objects.select_related("section", "review__run").filter(is_hidden=False).first()
        assert item is not None
        section = item.section
        Reply.objects.create(
            run=item.review.run, section=section, question_key=canary, model_id="m", source="scripted", text=canary
        )
    said = {
        "section": str(section.id),
        "start": 0,
        "end": 9,
        "description": f"Says {canary}",
        "type": "question",
        "risk": "Low",
    }
    assert client.post(f"/documents/{document_id}/remarks/", said).status_code == 302
    assert client.post(f"/items/{item.id}/decide/", {"verdict": "accepted", "revision": "0"}).status_code == 302
    assert client.post(f"/documents/{document_id}/export/").status_code == 302
    return document_id


def keys_of(model: type[Model], furnished: Furnished) -> set[Any]:
    """The primary keys of this organization's rows."""
    with inside(furnished.tenant):
        return set(model._default_manager.values_list("pk", flat=True))  # type: ignore[attr-defined]
