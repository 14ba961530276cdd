"""Invitations: sent by those who may, good once, for one address, in one organization."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.db import connection

from apps.accounts.capabilities import RoleName
from apps.accounts.errors import AlreadyAPersonError, LinkNotValidError
from apps.accounts.models import Invitation, User
from apps.accounts.services.accept_invitation import accept_invitation
from apps.accounts.services.invite import invitation_token, invite_person
from apps.kernel.clock import now
from apps.kernel.errors import DomainError, NotAllowedError
from apps.kernel.tenancy.context import inside
from apps.tenants.services.suspend import resume_tenant, suspend_tenant
from tests.accounts.conftest import actions, mailed_path

NEW = "New.Person@example.com"
PASSWORD = "nine quiet lanterns at dusk"
JOIN = {"name": "New Person", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def admin(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.org_admin, tenant_a)


@pytest.fixture
def guest(anonymous_client: Any, tenant_a: Any) -> Any:
    return anonymous_client(tenant_a)


def _invite(client: Any, **changes: str) -> Any:
    return client.post("/people/", {"email": NEW, "role": "analyst", "name": "", **changes})


def test_an_invited_person_joins_with_the_invited_address_and_role(admin: Any, guest: Any) -> None:
    assert _invite(admin).status_code == 302
    path = mailed_path(NEW)
    page = guest.get(path)
    assert page.status_code == 200
    assert NEW in page.content.decode()
    assert guest.post(path, JOIN)["Location"] == "/"
    person = User.objects.get(email=NEW)
    assert (person.role, person.name, person.email_key) == ("analyst", "New Person", NEW.lower())
    assert guest.session[SESSION_KEY] == str(person.pk)
    assert actions() == ["person.invited", "person.joined"]


def test_the_mail_comes_as_text_and_html_and_leads_to_the_organizations_own_host(admin: Any) -> None:
    admin.post("/people/", {"email": NEW, "role": "viewer", "name": "Ann"}, HTTP_X_FORWARDED_HOST="evil.example")
    (message,) = mail.outbox
    assert message.subject == "Your invitation to Alpha Investigations"
    assert "http://alpha.localhost:8000/invitation/" in message.body
    assert "evil.example" not in message.body
    assert "Hello Ann," in message.body
    assert [kind for _content, kind in message.alternatives] == ["text/html"]


def test_what_an_inviter_is_called_cannot_write_html_or_headers(admin: Any, cast_a: Any) -> None:
    cast_a.org_admin.name = "<b>Eve</b>\r\nBcc: x@example.com"
    cast_a.org_admin.save()
    _invite(admin)
    (message,) = mail.outbox
    assert "<b>Eve" not in message.alternatives[0][0]
    assert message.recipients() == [NEW]


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead"])
def test_only_an_administrator_invites(client_for: Any, cast_a: Any, tenant_a: Any, role: str) -> None:
    client = client_for(getattr(cast_a, role), tenant_a)
    assert _invite(client).status_code == 403
    assert client.get("/people/").status_code == 403
    assert not mail.outbox
    assert not Invitation.objects.exists()


def test_an_administrator_cannot_make_an_operator(admin: Any, cast_a: Any) -> None:
    assert _invite(admin, role="system_admin").status_code == 400
    with pytest.raises(NotAllowedError):
        invite_person(cast_a.org_admin, email=NEW, role=RoleName.SYSTEM_ADMIN)
    assert not Invitation.objects.exists()


def test_the_command_line_makes_operators_in_the_platform_alone(platform_tenant: Any, settings: Any) -> None:
    assert invite_person(None, email=NEW, role=RoleName.SYSTEM_ADMIN).invited_by is None
    settings.PLATFORM_TENANT_SLUG = "platform"
    with pytest.raises(NotAllowedError):
        invite_person(None, email=NEW, role=RoleName.SYSTEM_ADMIN)
    assert invite_person(None, email=NEW, role=RoleName.ORG_ADMIN).role == "org_admin"


@pytest.mark.parametrize("email", ["", "no address", "a@b@c", "x" * 250 + "@example.com"])
def test_what_is_no_address_is_refused_with_the_form(admin: Any, email: str) -> None:
    answer = _invite(admin, email=email)
    assert answer.status_code == 400
    assert not mail.outbox


def test_a_person_who_is_here_cannot_be_invited(admin: Any) -> None:
    answer = _invite(admin, email="ANALYST@example.com")
    assert answer.status_code == 409
    assert "There is an account with this e-mail address already." in answer.content.decode()
    assert not mail.outbox


def test_a_link_works_once(admin: Any, guest: Any, anonymous_client: Any, tenant_a: Any) -> None:
    _invite(admin)
    path = mailed_path(NEW)
    guest.post(path, JOIN)
    other = anonymous_client(tenant_a)
    assert other.get(path).status_code == 400
    assert other.post(path, JOIN).status_code == 400
    assert SESSION_KEY not in other.session


def test_a_link_dies_after_seven_days(admin: Any, guest: Any) -> None:
    _invite(admin)
    path = mailed_path(NEW)
    with time_machine.travel(now() + timedelta(days=7, seconds=-60), tick=False):
        assert guest.get(path).status_code == 200
    with time_machine.travel(now() + timedelta(days=7, seconds=60), tick=False):
        assert guest.get(path).status_code == 400
        assert guest.post(path, JOIN).status_code == 400


def test_a_new_invitation_replaces_the_old_one(admin: Any, guest: Any) -> None:
    _invite(admin)
    old = mailed_path(NEW)
    _invite(admin, role="team_lead")
    new = mailed_path(NEW)
    assert guest.post(old, JOIN).status_code == 400
    assert guest.post(new, JOIN).status_code == 302
    assert User.objects.get(email=NEW).role == "team_lead"


def test_a_withdrawn_link_is_dead(admin: Any, guest: Any) -> None:
    _invite(admin)
    invitation = Invitation.objects.get()
    assert admin.post(f"/people/invitations/{invitation.pk}/withdraw/").status_code == 302
    assert guest.get(mailed_path(NEW)).status_code == 400
    assert actions() == ["person.invited", "person.invitation_withdrawn"]
    assert admin.post(f"/people/invitations/{invitation.pk}/withdraw/").status_code == 404


def test_a_changed_link_is_dead(admin: Any, guest: Any) -> None:
    _invite(admin)
    path = mailed_path(NEW)
    assert guest.get(path[:-2] + ("A" if path[-2] != "A" else "B") + "/").status_code == 400
    assert guest.get("/invitation/x/").status_code == 400


def test_a_link_of_one_organization_is_useless_in_another(
    admin: Any, anonymous_client: Any, tenant_a: Any, tenant_b: Any, cast_b: Any
) -> None:
    _invite(admin)
    path = mailed_path(NEW)
    row = Invitation.objects.get()
    with inside(tenant_b):
        # Even a row with the same id does not help: the signature names the organization.
        Invitation.objects.create(
            pk=row.pk, email=NEW, email_key=NEW.lower(), role="org_admin", expires_at=row.expires_at
        )
    abroad = anonymous_client(tenant_b)
    assert abroad.get(path).status_code == 400
    assert abroad.post(path, JOIN).status_code == 400
    with inside(tenant_b):
        assert not User.objects.filter(email=NEW).exists()


def test_a_link_for_a_password_is_no_invitation(admin: Any, guest: Any) -> None:
    _invite(admin)
    token = invitation_token(Invitation.objects.get())
    assert guest.get(f"/password/reset/{token}/").status_code == 400


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "too short"),
        ("password1234", "too common"),
        ("New.Person@example.com", "too similar to the email"),
        ("alpha investigations", "too similar to the name of the organization"),
        ("x" * 257, ""),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(admin: Any, guest: Any, password: str, reason: str) -> None:
    _invite(admin)
    path = mailed_path(NEW)
    answer = guest.post(path, {"name": "N", "password": password, "again": password})
    assert answer.status_code == 400
    assert reason in answer.content.decode().replace("e-mail address", "email")
    assert not User.objects.filter(email=NEW).exists()
    assert guest.post(path, JOIN).status_code == 302


@pytest.mark.parametrize(
    "password",
    ["all lower case words", "0123 4567 8901 2345!", "ü" * 3 + "berlange Wörter", " spaces kept at both ends "],
)
def test_a_long_password_needs_no_kinds_of_letters(admin: Any, guest: Any, password: str) -> None:
    _invite(admin)
    assert guest.post(mailed_path(NEW), {"name": "N", "password": password, "again": password}).status_code == 302
    assert User.objects.get(email=NEW).check_password(password)


def test_two_different_passwords_are_refused(admin: Any, guest: Any) -> None:
    _invite(admin)
    answer = guest.post(mailed_path(NEW), {**JOIN, "again": "another"})
    assert "The two passwords differ." in answer.content.decode()


def test_an_address_that_joined_meanwhile_cannot_join_again(cast_a: Any) -> None:
    invitation = invite_person(cast_a.org_admin, email=NEW, role=RoleName.VIEWER)
    User.objects.create_person(NEW, name="Other way", role=RoleName.VIEWER)
    with pytest.raises(AlreadyAPersonError):
        accept_invitation(invitation_token(invitation), name="N", password=PASSWORD)


def test_accepting_twice_makes_one_person(cast_a: Any) -> None:
    token = invitation_token(invite_person(cast_a.org_admin, email=NEW, role=RoleName.VIEWER))
    accept_invitation(token, name="N", password=PASSWORD)
    with pytest.raises(LinkNotValidError):
        accept_invitation(token, name="N", password=PASSWORD)
    assert User.objects.filter(email=NEW).count() == 1
    assert str(Invitation.objects.get()) == NEW


def test_a_link_opens_nothing_while_the_organization_is_suspended(admin: Any, guest: Any) -> None:
    _invite(admin)
    path = mailed_path(NEW)
    suspend_tenant("alpha")
    for answer in (guest.get(path), guest.post(path, JOIN)):
        assert answer.status_code == 403
    assert not User.objects.filter(email=NEW).exists()
    resume_tenant("alpha")
    assert guest.post(path, JOIN).status_code == 302, "it was not used up meanwhile"


def test_of_two_who_accept_at_once_one_gets_the_account(committed_tenants: Any) -> None:
    alpha = committed_tenants[0]
    with inside(alpha):
        invitation = invite_person(User.objects.get(role="org_admin"), email=NEW, role=RoleName.ANALYST)
        token = invitation_token(invitation)
    together = Barrier(2)

    def accept(name: str) -> str:
        try:
            with inside(alpha):
                together.wait(timeout=10)
                accept_invitation(token, name=name, password=PASSWORD)
                return "done"
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(accept, ("One", "Other")))
    assert outcomes == ["done", "link_not_valid"]
    with inside(alpha):
        assert User.objects.filter(email=NEW).count() == 1
