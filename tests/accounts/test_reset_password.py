"""A forgotten password: a link that says nothing about who is here, and works once."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.core import mail

from apps.accounts.limits import ATTEMPTS_AN_ACCOUNT
from apps.accounts.models import User
from apps.accounts.services.reset_password import reset_token
from apps.kernel.clock import now
from apps.kernel.tenancy.context import inside
from tests.accounts.conftest import actions, mailed_path
from tests.conftest import PASSWORD

ASK = "/password/forgotten/"
NEW = "nine quiet lanterns at dusk"
BOTH = {"password": NEW, "again": NEW}
ANALYST = "analyst@example.com"


@pytest.fixture
def client(anonymous_client: Any, cast_a: Any, tenant_a: Any) -> Any:
    return anonymous_client(tenant_a)


def test_the_link_sets_a_new_password_and_ends_every_session_without_starting_one(
    client: Any, client_for: Any, cast_a: Any, tenant_a: Any
) -> None:
    theirs = client_for(cast_a.analyst, tenant_a)
    client.post(ASK, {"email": "Analyst@Example.com"})
    path = mailed_path(ANALYST)
    assert client.get(path).status_code == 200
    assert client.post(path, BOTH)["Location"] == "/sign-in/"
    assert SESSION_KEY not in client.session
    assert theirs.get("/profile/").status_code == 302
    assert client.post("/sign-in/", {"email": ANALYST, "password": PASSWORD}).status_code == 400
    assert client.post("/sign-in/", {"email": ANALYST, "password": NEW}).status_code == 302
    assert actions()[:2] == ["person.password_reset_asked", "person.password_reset"]


def test_the_answer_is_the_same_for_known_unknown_and_deactivated_addresses(client: Any, cast_a: Any) -> None:
    cast_a.viewer.is_active = False
    cast_a.viewer.save()
    answers = [client.post(ASK, {"email": email}) for email in (ANALYST, "nobody@example.com", "viewer@example.com")]
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    assert [message.to for message in mail.outbox] == [[ANALYST]]
    assert actions() == ["person.password_reset_asked"] * 3


def test_too_many_requests_end_in_silence(client: Any) -> None:
    answers = {client.post(ASK, {"email": ANALYST}).status_code for _ in range(ATTEMPTS_AN_ACCOUNT + 3)}
    assert answers == {200}
    assert len(mail.outbox) == ATTEMPTS_AN_ACCOUNT


def test_what_is_no_address_is_refused_with_the_form(client: Any) -> None:
    assert client.get(ASK).status_code == 200
    assert client.post(ASK, {"email": "no address"}).status_code == 400


def test_a_used_link_is_dead(client: Any) -> None:
    client.post(ASK, {"email": ANALYST})
    path = mailed_path(ANALYST)
    client.post(path, BOTH)
    assert client.get(path).status_code == 400
    assert (
        client.post(path, {"password": "another long pass phrase", "again": "another long pass phrase"}).status_code
        == 400
    )
    assert User.objects.get(email=ANALYST).check_password(NEW)


def test_of_two_links_only_the_newer_works(client: Any) -> None:
    client.post(ASK, {"email": ANALYST})
    older = mailed_path(ANALYST)
    client.post(ASK, {"email": ANALYST})
    newer = mailed_path(ANALYST)
    assert client.post(older, BOTH).status_code == 400
    assert client.post(newer, BOTH).status_code == 302


def test_a_link_dies_after_an_hour(client: Any) -> None:
    client.post(ASK, {"email": ANALYST})
    path = mailed_path(ANALYST)
    with time_machine.travel(now() + timedelta(minutes=59), tick=False):
        assert client.get(path).status_code == 200
    with time_machine.travel(now() + timedelta(minutes=61), tick=False):
        assert client.post(path, BOTH).status_code == 400


def test_a_link_dies_when_the_password_is_changed_meanwhile(client: Any, cast_a: Any) -> None:
    client.post(ASK, {"email": ANALYST})
    cast_a.analyst.refresh_from_db()
    cast_a.analyst.set_password("something else entirely")
    cast_a.analyst.save()
    assert client.post(mailed_path(ANALYST), BOTH).status_code == 400


def test_a_link_of_a_deactivated_person_is_dead(client: Any, cast_a: Any) -> None:
    client.post(ASK, {"email": ANALYST})
    User.objects.filter(pk=cast_a.analyst.pk).update(is_active=False)
    assert client.post(mailed_path(ANALYST), BOTH).status_code == 400


def test_a_link_of_one_organization_is_useless_in_another(
    client: Any, anonymous_client: Any, cast_a: Any, tenant_b: Any
) -> None:
    client.post(ASK, {"email": ANALYST})
    with inside(tenant_b):
        # Same id, same password hash, same state: only the signature's organization differs.
        User.objects.filter(pk=cast_a.analyst.pk).update(password=cast_a.analyst.password, resets_asked=1)
    path = mailed_path(ANALYST)
    assert anonymous_client(tenant_b).post(path, BOTH).status_code == 400
    assert client.post(path, BOTH).status_code == 302


def test_a_weak_password_is_refused_and_the_link_still_works(client: Any, cast_a: Any) -> None:
    path = f"/password/reset/{reset_token(cast_a.analyst)}/"
    answer = client.post(path, {"password": "short", "again": "short"})
    assert answer.status_code == 400
    assert "too short" in answer.content.decode()
    assert client.post(path, BOTH).status_code == 302


def test_a_link_cannot_be_made_up(client: Any) -> None:
    assert client.get("/password/reset/0190c000-0000-7000-8000-000000000002.0-aa:x:y/").status_code == 400


def test_a_link_dies_when_the_address_changes(client: Any, cast_a: Any) -> None:
    """It lies in a mailbox that is somebody else's now."""
    client.post(ASK, {"email": ANALYST})
    path = mailed_path(ANALYST)
    User.objects.filter(pk=cast_a.analyst.pk).update(email="new@example.com", email_key="new@example.com")
    assert client.post(path, BOTH).status_code == 400
    User.objects.filter(pk=cast_a.analyst.pk).update(email=ANALYST, email_key=ANALYST)
    assert client.post(path, BOTH).status_code == 302


def test_the_link_leads_to_the_organizations_own_host_whatever_host_was_asked(tenant_a: Any, cast_a: Any) -> None:
    from tests.conftest import CommittingClient

    asked = CommittingClient(tenant_a)
    asked.post(ASK, {"email": ANALYST}, headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"})
    assert "http://alpha.localhost:8000/" in str(mail.outbox[0].body)
    assert "evil.example" not in str(mail.outbox[0].message())
    asked.post(ASK, {"email": ANALYST}, HTTP_HOST="evil.example")
    assert len(mail.outbox) == 1, "a host that belongs to nobody sends nothing"


def test_a_link_leaks_to_no_other_site_and_is_not_kept_by_the_browser(client: Any) -> None:
    client.post(ASK, {"email": ANALYST})
    answer = client.get(mailed_path(ANALYST))
    assert answer["Referrer-Policy"] in {"same-origin", "no-referrer", "strict-origin"}
    assert "no-store" in answer["Cache-Control"]
