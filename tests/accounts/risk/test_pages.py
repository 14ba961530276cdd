"""What people see and do: the rules and their dry view, stopped sign-ins and letting in once, "that was not me"."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from apps.accounts.capabilities import Capability
from apps.accounts.choices import RiskMode
from apps.accounts.models import ApiKey, BrowserSession, JudgedSignIn, SignInPolicy, TokenFamily
from apps.kernel.audit.models import AuditEntry
from apps.kernel.identifiers import new_id
from tests.accounts.conftest import actions
from tests.accounts.risk.conftest import (
    EDGE,
    PARIS,
    SYDNEY,
    browser_at,
    is_in,
    program_of,
    set_risk,
    sign_in,
)
from tests.conftest import PASSWORD

RULES = "/organization/sign-in/"
STOPPED = "/organization/sign-in/stopped/"
POLICY_API = "/api/v2/sign-in-policy/"
STOPPED_API = "/api/v2/stopped-sign-ins/"
OWN_API = "/api/v2/sign-ins/"
CODE = "/sign-in/mailed-code/"
GOOD = {"second_factor": "nobody", "idle_minutes": "30", "longest_hours": "12"}


@pytest.fixture
def admin(client_for: Any, cast_a: Any, tenant_a: Any, clock: Any) -> Client:
    client: Client = client_for(cast_a.org_admin, tenant_a, HTTP_USER_AGENT=EDGE)
    return client


@pytest.fixture
def stopped(laptop: Client, clock: Any, tenant_a: Any, cast_a: Any) -> JudgedSignIn:
    """The analyst, on a new device, from Sydney two hours after Berlin."""
    set_risk(RiskMode.ENFORCE)
    clock.shift(timedelta(hours=2))
    assert sign_in(browser_at(tenant_a, SYDNEY, EDGE)).status_code == 400
    row = JudgedSignIn.objects.first()
    assert row is not None
    assert row.was_stopped
    return row


def fresh(client: Client) -> Client:
    assert client.post("/confirm/", {"current": PASSWORD}).status_code == 302
    return client


def test_an_administrator_says_what_is_done_about_risk(admin: Client) -> None:
    page = admin.get(RULES).content.decode()
    assert 'value="observe" selected' in page
    assert "no database of places" not in page
    said = {**GOOD, "risk_mode": "enforce", "step_up_risk": "0.25", "deny_risk": "0.8"}
    assert admin.post(RULES, said)["Location"] == RULES
    policy = SignInPolicy.objects.get()
    assert (policy.risk_mode, policy.step_up_risk, policy.deny_risk) == ("enforce", 0.25, 0.8)
    detail = AuditEntry.objects.get(action="sign_in_policy.changed").detail
    assert (detail["risk_mode"], detail["step_up_risk"], detail["deny_risk"]) == ("enforce", "0.25", "0.80")
    assert admin.post(RULES, GOOD).status_code == 302
    assert SignInPolicy.objects.get().risk_mode == "enforce", "what is left out stays"


@pytest.mark.parametrize(
    "wrong",
    [
        {"risk_mode": "some"},
        {"step_up_risk": "0.01"},
        {"deny_risk": "1.05"},
        {"step_up_risk": "0.7", "deny_risk": "0.7"},
        {"step_up_risk": "0.8", "deny_risk": "0.5"},
        {"step_up_risk": "nan"},
    ],
)
def test_thresholds_that_are_not_sensible_are_refused(admin: Client, wrong: dict[str, str]) -> None:
    assert admin.post(RULES, {**GOOD, **wrong}).status_code == 400
    said = {name: float(value) if value[0].isdigit() else value for name, value in wrong.items()}
    assert admin.patch(POLICY_API, said, content_type="application/json").status_code == 400
    assert not SignInPolicy.objects.exists()


def test_the_api_reads_and_changes_them(admin: Client) -> None:
    before = admin.get(POLICY_API).json()
    assert (before["risk_mode"], before["step_up_risk"], before["deny_risk"]) == ("observe", 0.3, 0.7)
    answer = admin.patch(POLICY_API, {"risk_mode": "enforce", "deny_risk": 0.9}, content_type="application/json")
    assert (answer.json()["risk_mode"], answer.json()["step_up_risk"], answer.json()["deny_risk"]) == (
        "enforce",
        0.3,
        0.9,
    )
    answer = admin.patch(POLICY_API, {"step_up_risk": 0.95}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_thresholds")


def test_the_page_says_what_the_values_would_have_done(
    laptop: Client, clock: Any, tenant_a: Any, cast_a: Any, client_for: Any
) -> None:
    clock.shift(timedelta(hours=2))
    sign_in(browser_at(tenant_a, SYDNEY, EDGE))
    laptop.defaults["REMOTE_ADDR"] = PARIS
    clock.shift(timedelta(hours=30))
    sign_in(laptop)
    admin = client_for(cast_a.org_admin, tenant_a)
    said = "that were judged: 3. Under the saved values a second factor is asked for 2 of them, and 1 are stopped."
    page = admin.get(RULES).content.decode()
    assert said in page, page[page.index("judged:") - 50 :][:250]
    admin.post(RULES, {**GOOD, "deny_risk": "0.95"})
    said = "that were judged: 3. Under the saved values a second factor is asked for 3 of them, and 0 are stopped."
    assert said in admin.get(RULES).content.decode()


def test_a_stopped_sign_in_is_listed_with_its_reasons(stopped: JudgedSignIn, admin: Client, clock: Any) -> None:
    page = admin.get(STOPPED).content.decode()
    for words in ("Analyst", "Edge on Windows", "AU 192.0.2.7", "0.78", "new country", "0.35", "Let in once"):
        assert words in page, words
    listed = admin.get(STOPPED_API).json()["results"]
    assert [row["id"] for row in listed] == [str(stopped.pk)]
    assert listed[0]["reasons"][0] == {"signal": "impossible_travel", "weight": 0.55}
    assert listed[0]["person_id"] == str(stopped.person_id)


def test_without_any_the_page_says_so(admin: Client) -> None:
    assert "Nothing was stopped" in admin.get(STOPPED).content.decode()


def test_what_was_only_watched_is_listed_and_nobody_is_let_in_for_it(
    laptop: Client, clock: Any, tenant_a: Any, cast_a: Any, client_for: Any
) -> None:
    clock.shift(timedelta(hours=2))
    sign_in(browser_at(tenant_a, SYDNEY, EDGE))
    admin = client_for(cast_a.org_admin, tenant_a)
    page = admin.get(STOPPED).content.decode()
    assert "only watched" in page
    assert "/let-in/" not in page
    watched = JudgedSignIn.objects.get(verdict="deny")
    assert admin.post(f"{STOPPED}{watched.pk}/let-in/").status_code == 404


def test_an_administrator_lets_the_person_in_once(
    stopped: JudgedSignIn, admin: Client, clock: Any, tenant_a: Any
) -> None:
    fresh(admin)
    assert admin.post(f"{STOPPED}{stopped.pk}/let-in/")["Location"] == STOPPED
    assert "may come in until" in admin.get(STOPPED).content.decode()
    assert "person.let_in_once" in actions()
    clock.shift(timedelta(minutes=29))
    traveller = browser_at(tenant_a, SYDNEY, EDGE)
    assert sign_in(traveller)["Location"] == CODE, "more is asked all the same"
    code = str(mail.outbox[-1].body).split("\n\n")[2]
    assert traveller.post(CODE, {"code": code})["Location"] == "/"
    assert is_in(traveller)
    assert JudgedSignIn.objects.filter(let_in_used_at__isnull=False).count() == 1


def test_it_is_for_one_sign_in_within_half_an_hour(
    stopped: JudgedSignIn, admin: Client, clock: Any, tenant_a: Any
) -> None:
    fresh(admin)
    admin.post(f"{STOPPED}{stopped.pk}/let-in/")
    assert sign_in(browser_at(tenant_a, SYDNEY, EDGE))["Location"] == CODE
    assert sign_in(browser_at(tenant_a, SYDNEY, EDGE)).status_code == 400, "it is used up"
    fresh(admin)
    assert admin.post(f"{STOPPED}{stopped.pk}/let-in/").status_code == 302
    clock.shift(timedelta(minutes=31))
    assert sign_in(browser_at(tenant_a, SYDNEY, EDGE)).status_code == 400, "it is over"


def test_it_is_for_the_device_and_the_country_that_were_stopped(
    stopped: JudgedSignIn, admin: Client, clock: Any, tenant_a: Any
) -> None:
    fresh(admin)
    admin.post(f"{STOPPED}{stopped.pk}/let-in/")
    assert sign_in(browser_at(tenant_a, SYDNEY, "curl/8.0")).status_code == 400
    assert JudgedSignIn.objects.get(pk=stopped.pk).let_in_used_at is None


def test_letting_in_is_for_administrators_who_have_just_proven_themselves(
    stopped: JudgedSignIn, admin: Client, clock: Any, client_for: Any, cast_a: Any, tenant_a: Any
) -> None:
    clock.shift(601)
    url, api = f"{STOPPED}{stopped.pk}/let-in/", f"{STOPPED_API}{stopped.pk}/let-in/"
    assert admin.post(url)["Location"].startswith("/confirm/")
    assert admin.post(api).json()["code"] == "reauth_required"
    for person in (cast_a.viewer, cast_a.analyst, cast_a.team_lead):
        client = client_for(person, tenant_a)
        answers = (client.get(STOPPED), client.get(STOPPED_API), client.post(url), client.post(api))
        assert [answer.status_code for answer in answers] == [403] * 4
    program = program_of(cast_a.org_admin, tenant_a, [Capability.MANAGE_ORGANIZATION])
    assert program.get(STOPPED_API).status_code == 200
    assert program.post(api).json()["code"] == "needs_person"
    assert JudgedSignIn.objects.get(pk=stopped.pk).let_in_until is None
    answer = fresh(admin).post(api)
    assert (answer.status_code, answer.json()["let_in_until"] is not None) == (200, True)
    assert admin.post(f"{STOPPED}{new_id()}/let-in/").status_code == 404


def test_ones_own_sign_ins_are_on_the_profile_and_in_the_api(stopped: JudgedSignIn, laptop: Client, clock: Any) -> None:
    clock.shift(timedelta(hours=20))
    sign_in(laptop)
    page = laptop.get("/profile/").content.decode()
    assert page.count("/not-me/") == 3
    for words in ("stopped", "signed in", "Edge on Windows", "AU 192.0.2.7"):
        assert words in page, words
    listed = laptop.get(OWN_API).json()["results"]
    assert [row["was_stopped"] for row in listed] == [False, True, False]
    assert "score" not in listed[0]
    assert "reasons" not in listed[0]


def test_who_says_that_was_not_me_is_alone_in_the_account_and_led_to_a_new_password(
    laptop: Client, clock: Any, tenant_a: Any, cast_a: Any
) -> None:
    clock.shift(timedelta(hours=20))
    thief = browser_at(tenant_a, SYDNEY, EDGE)
    sign_in(thief)
    key = {"name": "x", "scopes": ["read_documents"], "life_days": 30}
    token = thief.post("/api/v2/api-keys/", key, content_type="application/json").json()["key"]
    program = browser_at(tenant_a, SYDNEY)
    program.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    assert thief.post("/api/v2/tokens/", {}, content_type="application/json").status_code == 201
    assert (is_in(thief), is_in(program)) == (True, True)
    clock.shift(timedelta(hours=20))
    sign_in(laptop)
    foreign = JudgedSignIn.objects.get(country="AU")
    answer = laptop.post(f"/profile/sign-ins/{foreign.pk}/not-me/")
    assert answer["Location"] == "/profile/#password"
    assert "Now change your password" in laptop.get("/profile/").content.decode()
    assert (is_in(laptop), is_in(thief), is_in(program)) == (True, False, False)
    assert not TokenFamily.objects.filter(revoked_at=None).exists()
    assert not ApiKey.objects.filter(revoked_at=None).exists()
    assert BrowserSession.objects.filter(person=cast_a.analyst).count() == 1
    assert actions()[-1] == "person.sign_in_disowned"
    set_risk(RiskMode.ENFORCE)
    clock.shift(timedelta(hours=40))
    assert sign_in(browser_at(tenant_a, SYDNEY, EDGE))["Location"] == CODE, "it made nothing known"


def test_a_sign_in_can_be_disowned_by_its_person_alone(
    laptop: Client, clock: Any, client_for: Any, cast_a: Any, tenant_a: Any
) -> None:
    row = JudgedSignIn.objects.get()
    other = client_for(cast_a.viewer, tenant_a)
    assert other.post(f"/profile/sign-ins/{row.pk}/not-me/").status_code == 404
    assert other.post(f"{OWN_API}{row.pk}/disown/").status_code == 404
    program = program_of(cast_a.analyst, tenant_a, [Capability.READ_DOCUMENTS])
    assert program.get(OWN_API).json()["code"] == "needs_person"
    assert program.post(f"{OWN_API}{row.pk}/disown/").json()["code"] == "needs_person"
    assert JudgedSignIn.objects.get().disowned_at is None
    sign_in(laptop)
    answer = laptop.post(f"{OWN_API}{row.pk}/disown/")
    assert (answer.status_code, answer.json()["disowned_at"] is not None) == (200, True)
    assert is_in(laptop)


def test_what_is_older_than_half_a_year_is_forgotten(laptop: Client, clock: Any) -> None:
    from apps.accounts.services.remove_expired import remove_expired

    clock.shift(timedelta(days=179))
    remove_expired()
    assert JudgedSignIn.objects.count() == 1
    clock.shift(timedelta(days=1))
    remove_expired()
    assert JudgedSignIn.objects.count() == 0
