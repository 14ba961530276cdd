"""Tokens with which programs act for a person: forged, replayed, renewed, stolen, and after their person has left."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.capabilities import Capability, RoleName
from apps.accounts.choices import SecondFactorRule
from apps.accounts.models import SignInPolicy, TokenFamily
from apps.accounts.services.change_role import change_role
from apps.accounts.services.deactivate import deactivate_person
from apps.accounts.services.issue_api_key import issue_api_key
from apps.accounts.services.remove_expired import remove_expired
from apps.kernel.clock import now
from apps.kernel.tenancy.context import inside
from apps.tenants.services.suspend import resume_tenant, suspend_tenant
from tests.accounts.conftest import actions
from tests.accounts.token_calls import AGENT, ME, REFRESH, TOKENS, claims_in, issue, me, program, renew
from tests.conftest import PASSWORD, CommittingClient


def test_a_program_signs_in_by_password_and_acts_for_the_person(tenant_a: Any, cast_a: Any) -> None:
    pair = issue(tenant_a)
    answer = me(tenant_a, pair["access"])
    assert (answer.status_code, answer.json()["email"]) == (200, "analyst@example.com")
    assert answer.json()["capabilities"] == sorted(cast_a.analyst.grants())
    assert actions() == ["person.signed_in", "token.issued"]
    stored = str(list(TokenFamily.objects.values_list()))
    assert pair["refresh"] not in stored


def test_tokens_are_not_to_be_cached(tenant_a: Any, cast_a: Any) -> None:
    said = {"email": "analyst@example.com", "password": PASSWORD}
    answer = program(tenant_a).post(TOKENS, said, content_type="application/json")
    assert "no-store" in answer["Cache-Control"]


def test_a_session_asks_for_tokens_once_its_person_is_confirmed(tenant_a: Any, cast_a: Any, client_for: Any) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    answer = client.post(TOKENS, {}, content_type="application/json")
    assert answer.status_code == 201
    assert me(tenant_a, answer.json()["access"]).status_code == 200
    stale = CommittingClient(tenant_a)
    stale.force_login(cast_a.analyst)
    refused = stale.post(TOKENS, {}, content_type="application/json")
    assert refused.json()["code"] == "reauth_required"


def test_a_session_needs_its_csrf_token(tenant_a: Any, cast_a: Any) -> None:
    client = CommittingClient(tenant_a, enforce_csrf_checks=True)
    client.force_login(cast_a.analyst)
    answer = client.post(TOKENS, {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"email": "analyst@example.com", "password": "wrong horse battery"}, 400, "sign_in_refused"),
        ({"email": "nobody@example.com", "password": PASSWORD}, 400, "sign_in_refused"),
        ({"email": "analyst@example.com"}, 400, "invalid_input"),
        ({"password": PASSWORD}, 400, "invalid_input"),
        ({}, 401, "not_authenticated"),
    ],
)
def test_nobody_else_gets_tokens(tenant_a: Any, cast_a: Any, said: Any, status: int, code: str) -> None:
    answer = program(tenant_a).post(TOKENS, said, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not TokenFamily.objects.exists()


def test_neither_a_key_nor_a_token_gets_tokens_or_does_what_only_a_person_does(tenant_a: Any, cast_a: Any) -> None:
    key = issue_api_key(cast_a.analyst, name="n", scopes=[Capability.READ_DOCUMENTS], life_days=1).token
    for bearer in (key, issue(tenant_a)["access"]):
        client = program(tenant_a, headers={"Authorization": f"Bearer {bearer}"})
        answer = client.post(TOKENS, {}, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "needs_person")
        said = {"name": "k", "scopes": ["read_documents"]}
        assert client.post("/api/v2/api-keys/", said, content_type="application/json").json()["code"] == "needs_person"
        assert client.get("/api/v2/sessions/").json()["code"] == "needs_person"
    assert TokenFamily.objects.count() == 1


def test_where_a_second_factor_is_asked_for_a_password_alone_gets_no_tokens(tenant_a: Any, cast_a: Any) -> None:
    SignInPolicy.objects.create(second_factor=SecondFactorRule.EVERYONE)
    said = {"email": "analyst@example.com", "password": PASSWORD}
    answer = program(tenant_a).post(TOKENS, said, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "needs_browser")


def test_where_single_sign_on_is_required_a_password_gets_no_tokens(tenant_a: Any, cast_a: Any) -> None:
    SignInPolicy.objects.create(requires_sso=True)
    said = {"email": "analyst@example.com", "password": PASSWORD}
    answer = program(tenant_a).post(TOKENS, said, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "sign_in_refused")


def test_access_ends_after_a_quarter_of_an_hour_and_is_renewed_for_a_week(tenant_a: Any, cast_a: Any) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        pair = issue(tenant_a)
        clock.shift(15 * 60 - 1)
        assert me(tenant_a, pair["access"]).status_code == 200
        clock.shift(1)
        assert me(tenant_a, pair["access"]).status_code == 401
        clock.shift(timedelta(days=7) - timedelta(minutes=16))
        newer = renew(tenant_a, pair["refresh"]).json()
        assert me(tenant_a, newer["access"]).status_code == 200
        clock.shift(timedelta(days=7))
        assert renew(tenant_a, newer["refresh"]).status_code == 401
        remove_expired()
        assert not TokenFamily.objects.exists()


def test_a_used_token_that_comes_back_ends_the_whole_family_and_is_told(tenant_a: Any, cast_a: Any) -> None:
    other = issue(tenant_a)
    with time_machine.travel(now(), tick=False) as clock:
        first = issue(tenant_a)
        second = renew(tenant_a, first["refresh"]).json()
        third = renew(tenant_a, second["refresh"]).json()
        clock.shift(11)
        mail.outbox.clear()
        assert renew(tenant_a, second["refresh"]).json()["code"] == "invalid_token"
        for pair in (first, second, third):
            assert me(tenant_a, pair["access"]).status_code == 401
            assert renew(tenant_a, pair["refresh"]).status_code == 401
        assert actions().count("token.reused") == 1
        assert [message.to for message in mail.outbox] == [["analyst@example.com"]]
        assert "http://alpha.localhost:8000/profile/" in str(mail.outbox[0].body)
    assert renew(tenant_a, other["refresh"]).status_code == 200, "another sign-in goes on"


def test_nobody_who_has_left_is_told(tenant_a: Any, cast_a: Any) -> None:
    from apps.accounts.services.send_link import send_token_reused

    send_token_reused(uuid4())
    cast_a.analyst.is_active = False
    cast_a.analyst.save()
    send_token_reused(cast_a.analyst.pk)
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("seconds", "agent", "address", "is_good"),
    [
        (10, AGENT, "127.0.0.1", True),
        (11, AGENT, "127.0.0.1", False),
        (1, "another/1.0", "127.0.0.1", False),
        (1, AGENT, "203.0.113.9", False),
    ],
)
def test_a_lost_answer_is_repeated_to_the_same_device_for_ten_seconds(
    tenant_a: Any, cast_a: Any, seconds: int, agent: str, address: str, is_good: bool
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        first = issue(tenant_a)
        second = renew(tenant_a, first["refresh"]).json()
        clock.shift(seconds)
        again = renew(tenant_a, first["refresh"], agent=agent, REMOTE_ADDR=address)
        assert again.status_code == (200 if is_good else 401)
        if is_good:
            assert again.json()["refresh"] == second["refresh"], "one child, not two"
        assert renew(tenant_a, second["refresh"]).status_code == again.status_code


def test_a_token_from_before_the_last_one_is_theft_within_the_grace_too(tenant_a: Any, cast_a: Any) -> None:
    first = issue(tenant_a)
    second = renew(tenant_a, first["refresh"]).json()
    assert renew(tenant_a, second["refresh"]).status_code == 200
    assert renew(tenant_a, first["refresh"]).status_code == 401
    assert actions()[-1] == "token.reused"


def test_twenty_renewals_at_once_are_one_lineage(committed_tenants: Any) -> None:
    alpha = committed_tenants[0]
    said = {"email": "analyst@example.com", "password": PASSWORD}
    client = Client(HTTP_HOST="alpha.localhost", HTTP_USER_AGENT=AGENT)
    first = client.post(TOKENS, said, content_type="application/json").json()
    barrier, answers = threading.Barrier(20), []

    def ask() -> None:
        one = Client(HTTP_HOST="alpha.localhost", HTTP_USER_AGENT=AGENT)
        barrier.wait(timeout=60)
        answers.append(one.post(REFRESH, {"refresh": first["refresh"]}, content_type="application/json"))
        close_old_connections()
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert [answer.status_code for answer in answers] == [200] * 20
    children = {answer.json()["refresh"] for answer in answers}
    assert len(children) == 1
    with inside(alpha):
        family = TokenFamily.objects.get()
        assert family.revoked_at is None
        assert str(family.current) == claims_in(children.pop())["jti"]


def _deactivate(cast: Any, tenant: Any) -> None:
    deactivate_person(cast.org_admin, person_id=cast.analyst.pk)


def _change_role(cast: Any, tenant: Any) -> None:
    change_role(cast.org_admin, person_id=cast.analyst.pk, role=RoleName.VIEWER)


def _sign_out_everywhere(cast: Any, tenant: Any) -> None:
    from apps.accounts.services.end_sessions import end_all_sessions

    end_all_sessions(cast.org_admin, person_id=cast.analyst.pk)


def _end_others(cast: Any, tenant: Any) -> None:
    from apps.accounts.services.end_sessions import end_other_sessions

    end_other_sessions(cast.analyst, kept=None)


def _revoke_all(cast: Any, tenant: Any) -> None:
    client = CommittingClient(tenant)
    client.force_login(cast.analyst)
    assert client.delete(TOKENS).status_code == 204


ENDS: dict[str, Callable[[Any, Any], None]] = {
    "deactivated": _deactivate,
    "another role": _change_role,
    "signed out everywhere": _sign_out_everywhere,
    "all others ended": _end_others,
    "all revoked": _revoke_all,
}


@pytest.mark.parametrize("end", ENDS)
def test_tokens_die_at_once_with_what_they_stand_for(tenant_a: Any, cast_a: Any, end: str) -> None:
    pair, others = issue(tenant_a), issue(tenant_a, "team_lead")
    assert me(tenant_a, pair["access"]).status_code == 200
    ENDS[end](cast_a, tenant_a)
    assert me(tenant_a, pair["access"]).json()["code"] == "invalid_token"
    assert renew(tenant_a, pair["refresh"]).json()["code"] == "invalid_token"
    assert me(tenant_a, others["access"]).status_code == 200


def test_a_suspended_organization_answers_no_token(tenant_a: Any, cast_a: Any) -> None:
    pair = issue(tenant_a)
    suspend_tenant("alpha")
    for answer in (me(tenant_a, pair["access"]), renew(tenant_a, pair["refresh"])):
        assert (answer.status_code, answer.json()["code"]) == (403, "organization_suspended")
    resume_tenant("alpha")
    assert renew(tenant_a, pair["refresh"]).status_code == 200, "it was not used up meanwhile"


def test_an_access_token_revokes_its_own_line_alone(tenant_a: Any, cast_a: Any) -> None:
    pair, other = issue(tenant_a), issue(tenant_a)
    headers = {"Authorization": f"Bearer {pair['access']}"}
    assert program(tenant_a).delete(TOKENS, headers=headers).status_code == 204
    assert me(tenant_a, pair["access"]).status_code == 401
    assert renew(tenant_a, pair["refresh"]).status_code == 401
    assert renew(tenant_a, other["refresh"]).status_code == 200
    assert actions().count("token.revoked") == 1


def test_nobody_and_a_key_revoke_nothing(tenant_a: Any, cast_a: Any) -> None:
    pair = issue(tenant_a)
    key = issue_api_key(cast_a.analyst, name="n", scopes=[Capability.READ_DOCUMENTS], life_days=1).token
    assert program(tenant_a).delete(TOKENS).status_code == 401
    answer = program(tenant_a).delete(TOKENS, headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()["code"]) == (403, "needs_person")
    assert me(tenant_a, pair["access"]).status_code == 200


@pytest.mark.parametrize("way", ["sign out", "end"])
def test_the_tokens_that_a_session_asked_for_end_with_it(tenant_a: Any, cast_a: Any, client_for: Any, way: str) -> None:
    from tests.accounts.test_sessions import id_of

    client = client_for(cast_a.analyst, tenant_a)
    pair, other = client.post(TOKENS, {}, content_type="application/json").json(), issue(tenant_a)
    client.post("/sign-out/" if way == "sign out" else f"/profile/sessions/{id_of(client)}/end/")
    assert me(tenant_a, pair["access"]).status_code == 401
    assert renew(tenant_a, pair["refresh"]).status_code == 401
    assert me(tenant_a, other["access"]).status_code == 200


def test_a_call_with_a_token_costs_no_more_queries_than_one_with_a_session(
    tenant_a: Any, cast_a: Any, client_for: Any
) -> None:
    client, pair = client_for(cast_a.analyst, tenant_a), issue(tenant_a)
    client.get(ME)
    with CaptureQueriesContext(connection) as by_session:
        assert client.get(ME).status_code == 200
    with CaptureQueriesContext(connection) as by_token:
        assert me(tenant_a, pair["access"]).status_code == 200
    assert len(by_token) <= len(by_session)


def test_tokens_of_a_retired_secret_are_good_until_they_end(tenant_a: Any, cast_a: Any, settings: Any) -> None:
    pair = issue(tenant_a)
    retired = settings.SECRET_KEY
    settings.SECRET_KEY = "another secret of more than fifty letters, for a test alone"
    assert me(tenant_a, pair["access"]).status_code == 401
    settings.SECRET_KEY_FALLBACKS = [retired]
    assert me(tenant_a, pair["access"]).status_code == 200
