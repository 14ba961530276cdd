"""The programs that act for a person by tokens: who sees them, and who ends them."""

from typing import Any
from uuid import uuid4

import time_machine

from apps.accounts.models import TokenFamily
from apps.accounts.services.tokens import revoke_families, revoke_family
from apps.kernel.clock import now
from tests.accounts.conftest import actions
from tests.accounts.token_calls import ME, TOKENS, issue, me, program
from tests.conftest import PASSWORD


def test_a_person_sees_their_programs_and_ends_one_of_them(tenant_a: Any, cast_a: Any, client_for: Any) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    said = {"email": "analyst@example.com", "password": PASSWORD, "program": "Case <tool>"}
    named = program(tenant_a).post(TOKENS, said, content_type="application/json").json()
    plain = issue(tenant_a)
    issue(tenant_a, "viewer")
    page = client.get("/profile/").content.decode()
    assert "Case &lt;tool&gt;" in page
    assert "nightly-import" in page, "named by its User-Agent"
    listed = client.get(TOKENS).json()["results"]
    assert {row["program"] for row in listed} == {"Case <tool>", "nightly-import"}
    assert {row["last_network"] for row in listed} == {"127.0.0.0/24"}
    tool = next(row for row in listed if row["program"] == "Case <tool>")
    assert client.delete(tool["_links"]["self"]).status_code == 204
    assert client.delete(tool["_links"]["self"]).status_code == 404
    assert me(tenant_a, named["access"]).status_code == 401
    assert me(tenant_a, plain["access"]).status_code == 200
    (left,) = client.get(TOKENS).json()["results"]
    assert client.post(f"/profile/programs/{left['id']}/end/").status_code == 302
    assert me(tenant_a, plain["access"]).status_code == 401
    assert "No program is signed in as you" in client.get("/profile/").content.decode()
    assert actions().count("token.revoked") == 2


def test_a_person_ends_all_their_programs(tenant_a: Any, cast_a: Any, client_for: Any) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    pairs, other = [issue(tenant_a) for _ in range(2)], issue(tenant_a, "viewer")
    assert client.post("/profile/programs/end/").status_code == 302
    assert [me(tenant_a, pair["access"]).status_code for pair in pairs] == [401, 401]
    assert me(tenant_a, other["access"]).status_code == 200


def test_the_programs_of_others_are_nowhere(tenant_a: Any, cast_a: Any, client_for: Any) -> None:
    pair = issue(tenant_a)
    family = TokenFamily.objects.get()
    for person in (cast_a.viewer, cast_a.org_admin):
        client = client_for(person, tenant_a)
        assert client.get(TOKENS).json()["results"] == []
        assert client.delete(f"{TOKENS}{family.pk}/").status_code == 404
        assert client.post(f"/profile/programs/{family.pk}/end/").status_code == 404
    assert me(tenant_a, pair["access"]).status_code == 200


def test_a_program_neither_sees_nor_ends_programs(tenant_a: Any, cast_a: Any) -> None:
    pair = issue(tenant_a)
    client = program(tenant_a, headers={"Authorization": f"Bearer {pair['access']}"})
    assert client.get(TOKENS).json()["code"] == "needs_person"
    assert client.delete(f"{TOKENS}{TokenFamily.objects.get().pk}/").json()["code"] == "needs_person"
    assert program(tenant_a).get(TOKENS).json()["code"] == "not_authenticated"


def test_an_administrator_ends_the_programs_of_a_person_and_leaves_their_browsers(
    tenant_a: Any, cast_a: Any, client_for: Any
) -> None:
    theirs, pair, other = client_for(cast_a.analyst, tenant_a), issue(tenant_a), issue(tenant_a, "viewer")
    assert (
        client_for(cast_a.team_lead, tenant_a).delete(f"/api/v2/people/{cast_a.analyst.pk}/tokens/").status_code == 403
    )
    assert me(tenant_a, pair["access"]).status_code == 200
    admin = client_for(cast_a.org_admin, tenant_a)
    assert admin.delete(f"/api/v2/people/{cast_a.analyst.pk}/tokens/").status_code == 204
    assert me(tenant_a, pair["access"]).status_code == 401
    again = issue(tenant_a)
    assert admin.post(f"/people/{cast_a.analyst.pk}/programs/end/").status_code == 302
    assert admin.post(f"/people/{cast_a.analyst.pk}/programs/end/").status_code == 302
    assert me(tenant_a, again["access"]).status_code == 401
    assert me(tenant_a, other["access"]).status_code == 200
    assert theirs.get("/profile/").status_code == 200
    assert actions().count("token.all_revoked_by_admin") == 2
    assert admin.post(f"/people/{uuid4()}/programs/end/").status_code == 404


def test_the_tokens_of_this_session_are_marked(tenant_a: Any, cast_a: Any, client_for: Any) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    client.post(TOKENS, {"program": "Notebook"}, content_type="application/json")
    issue(tenant_a)
    marked = {row["program"]: row["is_current"] for row in client.get(TOKENS).json()["results"]}
    assert marked == {"Notebook": True, "nightly-import": False}


def test_use_of_tokens_is_noted_once_a_minute_with_a_coarse_network(tenant_a: Any, cast_a: Any) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        pair, began = issue(tenant_a), now()
        header = {"Authorization": f"Bearer {pair['access']}"}
        clock.shift(60)
        program(tenant_a).get(ME, headers=header, REMOTE_ADDR="203.0.113.7")
        assert TokenFamily.objects.get().last_used_at == began
        clock.shift(1)
        program(tenant_a).get(ME, headers=header, REMOTE_ADDR="203.0.113.7")
        family = TokenFamily.objects.get()
        assert (family.last_used_at, family.last_network) == (now(), "203.0.113.0/24")


def test_ending_what_has_ended_records_nothing(tenant_a: Any, cast_a: Any) -> None:
    revoke_families(cast_a.analyst)
    revoke_family(cast_a.analyst, family_id=uuid4())
    assert actions() == []
    issue(tenant_a)
    family = TokenFamily.objects.get()
    assert str(family) == "token family"
    revoke_family(cast_a.viewer, family_id=family.pk)
    assert "token.revoked" not in actions(), "somebody else's"
    revoke_family(cast_a.analyst, family_id=family.pk)
    assert actions()[-1] == "token.revoked"


def test_a_bearer_that_is_no_token_says_how_to_come_in(tenant_a: Any) -> None:
    for bearer in ("a.b.c", "x", "a.b"):
        answer = program(tenant_a).get(ME, headers={"Authorization": f"Bearer {bearer}"})
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
