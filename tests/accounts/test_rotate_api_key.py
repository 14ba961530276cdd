"""Renewing an API key: a new secret, the old one for a while, never more than its owner may; and the reminder before it ends."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import close_old_connections, connection

from apps.accounts.capabilities import Capability
from apps.accounts.errors import InvalidRotationError, NeedsPersonError, ScopeNotYoursError
from apps.accounts.models import ApiKey, User
from apps.accounts.models.api_key import digest_of, is_well_formed
from apps.accounts.services.issue_api_key import issue_api_key
from apps.accounts.services.revoke_api_key import revoke_api_key
from apps.accounts.services.rotate_api_key import rotate_api_key
from apps.accounts.tasks import remind_of_keys_everywhere
from apps.kernel.audit.models import AuditEntry
from apps.kernel.clock import now
from apps.kernel.errors import NotFoundError
from apps.kernel.tenancy.context import inside
from tests.accounts.conftest import actions
from tests.accounts.token_calls import ME, program
from tests.conftest import CommittingClient

READ = [Capability.READ_DOCUMENTS]


def _issue(person: Any, *scopes: Capability, days: int = 90, **more: Any) -> Any:
    return issue_api_key(person, name="Nightly import", scopes=scopes or READ, life_days=days, **more)


def _status(tenant: Any, token: str) -> int:
    status: int = program(tenant).get(ME, headers={"Authorization": f"Bearer {token}"}).status_code
    return status


def _rotate(person: Any, issued: Any, *, overlap: int = 1, days: int = 90) -> Any:
    return rotate_api_key(person, key_id=issued.key.pk, overlap_days=overlap, life_days=days)


def test_the_secret_of_before_goes_on_for_the_chosen_days_and_is_dead_then(tenant_a: Any, cast_a: Any) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        old = _issue(cast_a.analyst)
        new = _rotate(cast_a.analyst, old, overlap=3)
        assert (_status(tenant_a, old.token), _status(tenant_a, new.token)) == (200, 200)
        clock.shift(timedelta(days=3) - timedelta(seconds=1))
        assert (_status(tenant_a, old.token), _status(tenant_a, new.token)) == (200, 200)
        clock.shift(1)
        assert (_status(tenant_a, old.token), _status(tenant_a, new.token)) == (401, 200)
        clock.shift(timedelta(days=87))
        assert _status(tenant_a, new.token) == 401, "the new one ends as well"
    assert ApiKey.objects.count() == 1
    assert sorted(actions()) == ["api_key.issued", "api_key.renewed"]


def test_without_overlap_the_secret_of_before_is_dead_at_once(tenant_a: Any, cast_a: Any) -> None:
    old = _issue(cast_a.analyst)
    assert _status(tenant_a, old.token) == 200
    new = _rotate(cast_a.analyst, old, overlap=0)
    assert (_status(tenant_a, old.token), _status(tenant_a, new.token)) == (401, 200)


def test_of_three_secrets_the_first_is_dead(tenant_a: Any, cast_a: Any) -> None:
    first = _issue(cast_a.analyst)
    second = _rotate(cast_a.analyst, first, overlap=7)
    third = _rotate(cast_a.analyst, first, overlap=7)
    found = [_status(tenant_a, issued.token) for issued in (first, second, third)]
    assert found == [401, 200, 200]


def test_the_secret_of_before_does_not_outlive_its_own_end(tenant_a: Any, cast_a: Any) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        old = _issue(cast_a.analyst, days=2)
        _rotate(cast_a.analyst, old, overlap=7)
        clock.shift(timedelta(days=2))
        assert _status(tenant_a, old.token) == 401


def test_a_key_that_has_ended_can_be_renewed_and_its_old_secret_stays_dead(tenant_a: Any, cast_a: Any) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        old = _issue(cast_a.analyst, days=1)
        clock.shift(timedelta(days=2))
        new = _rotate(cast_a.analyst, old, overlap=7)
        assert (_status(tenant_a, old.token), _status(tenant_a, new.token)) == (401, 200)


def test_revoking_ends_both_secrets(tenant_a: Any, cast_a: Any) -> None:
    old = _issue(cast_a.analyst)
    new = _rotate(cast_a.analyst, old, overlap=7)
    revoke_api_key(cast_a.analyst, key_id=old.key.pk)
    assert (_status(tenant_a, old.token), _status(tenant_a, new.token)) == (401, 401)
    with pytest.raises(NotFoundError):
        _rotate(cast_a.analyst, old)


def test_secrets_are_kept_nowhere_and_recorded_nowhere(cast_a: Any) -> None:
    old = _issue(cast_a.analyst)
    new = _rotate(cast_a.analyst, old)
    stored = str(list(ApiKey.objects.values())) + str(list(AuditEntry.objects.values()))
    for token in (old.token, new.token):
        assert token not in stored
        assert digest_of(token) in stored


def test_what_the_owner_may_not_do_any_more_the_key_loses_for_good(tenant_a: Any, cast_a: Any) -> None:
    old = _issue(cast_a.team_lead, Capability.READ_DOCUMENTS, Capability.EXPORT_REPORTS)
    User.objects.filter(pk=cast_a.team_lead.pk).update(role="viewer")
    new = _rotate(cast_a.team_lead, old)
    assert new.key.scopes == ["read_documents"]
    User.objects.filter(pk=cast_a.team_lead.pk).update(role="team_lead")
    answer = program(tenant_a).get(ME, headers={"Authorization": f"Bearer {new.token}"})
    assert answer.json()["capabilities"] == ["read_documents"]


def test_a_key_that_may_do_nothing_any_more_is_not_renewed(cast_a: Any) -> None:
    old = _issue(cast_a.team_lead, Capability.EXPORT_REPORTS)
    assert _rotate(cast_a.team_lead, old).token
    User.objects.filter(pk=cast_a.team_lead.pk).update(role="viewer")
    with pytest.raises(ScopeNotYoursError):
        _rotate(cast_a.team_lead, old)


@pytest.mark.parametrize(("overlap", "days"), [(-1, 90), (8, 90), (1, 0), (1, 366)])
def test_an_overlap_of_a_week_and_a_life_of_a_year_are_the_most(cast_a: Any, overlap: int, days: int) -> None:
    old = _issue(cast_a.analyst)
    with pytest.raises(InvalidRotationError):
        _rotate(cast_a.analyst, old, overlap=overlap, days=days)
    assert _rotate(cast_a.analyst, old, overlap=7, days=365).token


def test_nobody_else_renews_a_persons_key_not_even_an_administrator(cast_a: Any) -> None:
    """Who renews a key has it: an administrator with one could act as the person."""
    old = _issue(cast_a.analyst)
    for other in (cast_a.org_admin, cast_a.team_lead):
        with pytest.raises(NotFoundError):
            _rotate(other, old)
    cast_a.analyst.key_scopes = frozenset({"read_documents"})
    with pytest.raises(NeedsPersonError):
        _rotate(cast_a.analyst, old)
    cast_a.analyst.key_scopes = None
    assert _rotate(cast_a.analyst, old).token


def test_two_renewals_at_once_leave_two_secrets_of_which_one_ends(committed_tenants: Any) -> None:
    """Both are answered; the key has the later secret, and the earlier one in its place of before."""
    alpha = committed_tenants[0]
    with inside(alpha):
        owner = User.objects.get(role="analyst")
        old = _issue(owner)
    barrier, made = threading.Barrier(2), []

    def renew() -> None:
        with inside(alpha):
            barrier.wait(timeout=30)
            made.append(_rotate(owner, old, overlap=7).token)
        close_old_connections()
        connection.close()

    threads = [threading.Thread(target=renew) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with inside(alpha):
        key = ApiKey.objects.get()
        assert {key.digest, key.previous_digest} == {digest_of(token) for token in made}


def test_the_page_asks_who_it_is_and_shows_the_new_secret_once(client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    old = _issue(cast_a.analyst)
    page = f"/profile/keys/{old.key.pk}/rotate/"
    stale = CommittingClient(tenant_a)
    stale.force_login(cast_a.analyst)
    assert stale.get(page)["Location"].startswith("/confirm/")
    assert stale.post(page, {"overlap_days": "3", "life_days": "90"})["Location"].startswith("/confirm/")
    client = client_for(cast_a.analyst, tenant_a)
    assert client.get(page).status_code == 200
    assert client.post(page, {"overlap_days": "9", "life_days": "90"}).status_code == 400
    answer = client.post(page, {"overlap_days": "3", "life_days": "90"})
    assert answer.status_code == 201
    assert "no-store" in answer["Cache-Control"]
    new = next(word for word in answer.content.decode().replace('"', " ").split() if is_well_formed(word))
    assert (_status(tenant_a, old.token), _status(tenant_a, new)) == (200, 200)
    facts = client.get(f"/profile/keys/{old.key.pk}/").content.decode()
    assert new not in facts
    assert old.key.prefix in facts, "the one of before is named while it works"
    assert client_for(cast_a.org_admin, tenant_a).get(page).status_code == 404


def test_the_page_says_why_a_key_is_not_renewed(client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    old = _issue(cast_a.team_lead, Capability.EXPORT_REPORTS)
    User.objects.filter(pk=cast_a.team_lead.pk).update(role="viewer")
    cast_a.team_lead.refresh_from_db()
    answer = client_for(cast_a.team_lead, tenant_a).post(
        f"/profile/keys/{old.key.pk}/rotate/", {"overlap_days": "0", "life_days": "90"}
    )
    assert answer.status_code == 403
    assert "cannot do what its owner may not do" in answer.content.decode()


def test_the_api_renews_a_key_for_a_confirmed_person_alone(client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    old = _issue(cast_a.analyst)
    url = f"/api/v2/api-keys/{old.key.pk}/rotate/"
    client = client_for(cast_a.analyst, tenant_a)
    answer = client.post(url, {"overlap_days": 0, "life_days": 30}, content_type="application/json")
    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store")
    assert answer.json()["previous_ends_at"] is None
    new = answer.json()["key"]
    assert _status(tenant_a, new) == 200
    shown = client.get(answer["Location"]).json()
    assert (shown["prefix"], "key" in shown) == (new[:12], False)
    for refused, code in (
        (program(tenant_a, headers={"Authorization": f"Bearer {new}"}), "needs_person"),
        (CommittingClient(tenant_a), "reauth_required"),
    ):
        if code == "reauth_required":
            refused.force_login(cast_a.analyst)
        assert refused.post(url, {}, content_type="application/json").json()["code"] == code
    assert client.post(url, {"overlap_days": 8}, content_type="application/json").status_code == 400
    other = client_for(cast_a.org_admin, tenant_a)
    assert other.post(url, {}, content_type="application/json").status_code == 404


def test_use_is_noted_with_a_coarse_network(cast_a: Any, tenant_a: Any, client_for: Any) -> None:
    issued = _issue(cast_a.analyst)
    header = {"Authorization": f"Bearer {issued.token}"}
    program(tenant_a).get(ME, headers=header, REMOTE_ADDR="203.0.113.77")
    issued.key.refresh_from_db()
    assert issued.key.last_network == "203.0.113.0/24"
    shown = client_for(cast_a.analyst, tenant_a).get("/profile/").content.decode()
    assert "203.0.113.0/24" in shown
    assert "203.0.113.77" not in shown


def test_the_end_of_a_key_is_told_once_a_fortnight_ahead(tenant_a: Any, cast_a: Any) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        issued = _issue(cast_a.analyst, days=90)
        _issue(cast_a.viewer, days=14)
        clock.shift(timedelta(days=76) - timedelta(seconds=1))
        assert _told() == []
        clock.shift(1)
        assert _told() == [["analyst@example.com"]]
        assert f"http://alpha.localhost:8000/profile/keys/{issued.key.pk}/" in str(mail.outbox[-1].body)
        assert issued.token not in str(mail.outbox[-1].body)
        clock.shift(timedelta(days=1))
        assert _told() == [], "once"
        renewed = _rotate(cast_a.analyst, issued, days=90)
        clock.shift(timedelta(days=77))
        assert _told() == [["analyst@example.com"]], "and once more for the new secret"
        assert renewed.key.pk == issued.key.pk
    assert actions().count("api_key.end_announced") == 2


def test_nobody_is_told_of_keys_that_are_over_or_whose_owner_has_left(tenant_a: Any, cast_a: Any) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        told, revoked, left = _issue(cast_a.viewer), _issue(cast_a.analyst), _issue(cast_a.team_lead)
        revoke_api_key(cast_a.analyst, key_id=revoked.key.pk)
        User.objects.filter(pk=cast_a.team_lead.pk).update(is_active=False)
        clock.shift(timedelta(days=80))
        assert _told() == [["viewer@example.com"]]
        assert {key.pk for key in ApiKey.objects.filter(reminded_at=None)} == {revoked.key.pk, left.key.pk}
        clock.shift(timedelta(days=20))
        assert _told() == []
        assert told.key.pk


def test_mail_that_comes_too_late_is_not_sent(tenant_a: Any, cast_a: Any) -> None:
    from apps.accounts.services.send_link import send_key_ends_soon

    issued = _issue(cast_a.analyst)
    send_key_ends_soon(issued.key.pk, to_id=cast_a.analyst.pk)
    assert mail.outbox == [], "nothing was announced"
    ApiKey.objects.update(reminded_at=now())
    cast_a.viewer.is_active = False
    cast_a.viewer.save()
    send_key_ends_soon(issued.key.pk, to_id=cast_a.viewer.pk)
    assert mail.outbox == [], "nobody there"
    send_key_ends_soon(issued.key.pk, to_id=cast_a.analyst.pk)
    assert len(mail.outbox) == 1


def test_administrators_see_every_key_and_nobody_else_does(client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    issued = _issue(cast_a.analyst)
    admin = client_for(cast_a.org_admin, tenant_a)
    page = admin.get("/organization/api-keys/").content.decode()
    assert issued.key.prefix in page
    assert cast_a.analyst.name in page
    (row,) = admin.get("/api/v2/organization/api-keys/").json()["results"]
    assert row["owner"] == {"id": str(cast_a.analyst.pk), "name": cast_a.analyst.name, "is_program": False}
    assert "digest" not in row
    for person in (cast_a.viewer, cast_a.analyst, cast_a.team_lead):
        client = client_for(person, tenant_a)
        assert client.get("/organization/api-keys/").status_code == 403
        assert client.get("/api/v2/organization/api-keys/").status_code == 403
    answer = admin.post(f"/profile/keys/{issued.key.pk}/revoke/", {"next": "/organization/api-keys/"})
    assert answer["Location"] == "/organization/api-keys/"
    assert _status(tenant_a, issued.token) == 401
    assert "There is no API key" in admin.get("/organization/api-keys/").content.decode()


def test_after_revoking_one_goes_only_to_an_address_of_this_host(client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    for wanted in ("https://evil.example/", "//evil.example/", ""):
        issued = _issue(cast_a.analyst)
        answer = client.post(f"/profile/keys/{issued.key.pk}/revoke/", {"next": wanted})
        assert answer["Location"] == "/profile/"


def test_a_key_is_in_no_log_and_no_address(cast_a: Any, tenant_a: Any, caplog: Any) -> None:
    issued = _issue(cast_a.analyst)
    with caplog.at_level(0):
        client = program(tenant_a, headers={"Authorization": f"Bearer {issued.token}"})
        answers = [client.get(ME), client.get("/api/v2/people/"), client.get(f"{ME}?key={issued.token}")]
        program(tenant_a).get(ME, headers={"Authorization": f"Bearer {issued.token[:-1]}x"})
    assert [answer.status_code for answer in answers] == [200, 403, 400], "a key in an address opens nothing"
    secret = issued.token[12:-6]
    assert secret not in caplog.text
    assert all(secret not in str(answer.headers) for answer in answers)


def _told() -> list[list[str]]:
    """To whom mail has gone since the last question."""
    from django.test.testcases import TestCase

    mail.outbox.clear()
    with TestCase.captureOnCommitCallbacks(execute=True):
        remind_of_keys_everywhere()
    return [message.to for message in mail.outbox]
