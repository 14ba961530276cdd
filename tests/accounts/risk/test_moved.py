"""Before exports and what administrators do: a session that seems to have moved is asked who sits there."""

from typing import Any

import pytest
from django.test import Client

from apps.accounts.choices import RiskMode
from apps.accounts.models import User
from apps.kernel.audit.models import AuditEntry
from apps.kernel.audit.selectors import described
from tests.accounts.conftest import actions
from tests.accounts.risk.conftest import BERLIN, EDGE, MUNICH, PARIS, browser_at, set_risk, sign_in
from tests.conftest import PASSWORD

INVITE = {"email": "new@example.com", "name": "New", "role": "viewer"}
POLICY = {"second_factor": "nobody", "idle_minutes": "30", "longest_hours": "12"}


@pytest.fixture
def admin(clock: Any, cast_a: Any, tenant_a: Any) -> Client:
    client = browser_at(tenant_a, BERLIN)
    assert sign_in(client, "org_admin")["Location"] == "/"
    set_risk(RiskMode.ENFORCE)
    return client


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"REMOTE_ADDR": MUNICH}, "network"),
        ({"REMOTE_ADDR": PARIS}, "country"),
        ({"HTTP_USER_AGENT": EDGE}, "device"),
    ],
)
def test_a_session_that_moved_confirms_before_it_changes_anything_and_then_is_at_home_there(
    admin: Client, change: dict[str, str], said: str
) -> None:
    admin.defaults.update(change)
    assert admin.get("/people/").status_code == 200, "reading needs no proof"
    answer = admin.post("/people/", INVITE)
    assert answer["Location"] == "/confirm/?next=%2Fprofile%2F"
    assert "person.invited" not in actions()
    entry = AuditEntry.objects.get(action="person.asked_again")
    assert entry.detail == {"changed": said}
    assert said in described(entry)
    assert admin.post("/confirm/", {"current": PASSWORD, "next": "/people/"})["Location"] == "/people/"
    assert admin.post("/people/", INVITE)["Location"] == "/people/"


def test_one_that_stayed_is_asked_nothing(admin: Client) -> None:
    admin.defaults["REMOTE_ADDR"] = "203.0.113.200"
    assert admin.post("/people/", INVITE)["Location"] == "/people/"
    assert "person.asked_again" not in actions()


@pytest.mark.parametrize("mode", [RiskMode.OFF, RiskMode.OBSERVE])
def test_nobody_is_asked_where_risk_is_not_enforced(admin: Client, mode: RiskMode) -> None:
    set_risk(mode)
    admin.defaults["REMOTE_ADDR"] = PARIS
    assert admin.post("/people/", INVITE)["Location"] == "/people/"


def test_a_deed_that_wants_a_fresh_proof_wants_one_from_here(admin: Client) -> None:
    assert admin.post("/organization/sign-in/", POLICY).status_code == 302
    admin.defaults["REMOTE_ADDR"] = PARIS
    assert admin.post("/organization/sign-in/", POLICY)["Location"].startswith("/confirm/")


def test_the_api_says_that_a_new_proof_is_needed(admin: Client) -> None:
    key = {"name": "x", "scopes": ["read_documents"], "life_days": 30}
    admin.defaults["REMOTE_ADDR"] = PARIS
    for url, body in (("/api/v2/people/", INVITE), ("/api/v2/api-keys/", key)):
        answer = admin.post(url, body, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "reauth_required"), url
    assert admin.get("/api/v2/people/").status_code == 200
    admin.post("/confirm/", {"current": PASSWORD})
    for url, body in (("/api/v2/people/", INVITE), ("/api/v2/api-keys/", key)):
        assert admin.post(url, body, content_type="application/json").status_code == 201, url


def test_a_key_is_not_a_session_and_moves_as_it_likes(admin: Client, cast_a: Any, tenant_a: Any) -> None:
    from apps.accounts.capabilities import Capability
    from tests.accounts.risk.conftest import program_of

    program = program_of(cast_a.org_admin, tenant_a, [Capability.MANAGE_ORGANIZATION])
    assert program.post("/api/v2/people/", INVITE, content_type="application/json").status_code == 201


def test_the_administration_asks_too(admin: Client, cast_a: Any) -> None:
    url = f"/admin/accounts/user/{cast_a.viewer.pk}/change/"
    said = {"role": "analyst", "is_active": "on"}
    admin.defaults["REMOTE_ADDR"] = PARIS
    assert admin.get(url).status_code == 200
    assert admin.post(url, said)["Location"] == "/confirm/?next=%2Fadmin%2F"
    assert User.objects.get(pk=cast_a.viewer.pk).role == "viewer"
    admin.post("/confirm/", {"current": PASSWORD})
    assert admin.post(url, said).status_code == 302
    assert User.objects.get(pk=cast_a.viewer.pk).role == "analyst"


def test_exports_ask_too(admin: Client) -> None:
    from apps.kernel.identifiers import new_id

    url, api = f"/documents/{new_id()}/export/", f"/api/v2/documents/{new_id()}/exports/"
    assert admin.post(url).status_code == 404
    admin.defaults["REMOTE_ADDR"] = PARIS
    assert admin.post(url)["Location"].startswith("/confirm/")
    assert admin.post(api).json()["code"] == "reauth_required"
    assert admin.get(api).json()["code"] == "reauth_required"
