"""Risk at the door, over HTTP: who is let in, of whom more is asked, who is stopped, and who hears of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from apps.accounts.choices import RiskMode, SecondFactorRule
from apps.accounts.models import JudgedSignIn, SignInPolicy
from apps.accounts.services.send_warning import send_sign_in_stopped, send_step_up_code
from apps.kernel.audit.models import AuditEntry
from apps.kernel.audit.selectors import described
from apps.kernel.identifiers import new_id
from tests.accounts import second_factors as phone
from tests.accounts.conftest import actions
from tests.accounts.risk.conftest import (
    BERLIN,
    EDGE,
    NOWHERE,
    PARIS,
    SYDNEY,
    browser_at,
    is_in,
    set_risk,
    sign_in,
)
from tests.conftest import PASSWORD
from tests.doubles.authenticator import Authenticator

CODE = "/sign-in/mailed-code/"
STOPPED = "/organization/sign-in/stopped/"
ENFORCE = RiskMode.ENFORCE


def last() -> JudgedSignIn:
    row = JudgedSignIn.objects.first()
    assert row is not None
    return row


def mailed() -> str:
    """The code in the newest message."""
    found = re.search(r"^(\d{4} \d{4})$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found.group(1)


def reasons() -> dict[str, float]:
    return {reason["signal"]: reason["weight"] for reason in last().reasons}


def test_the_usual_browser_at_the_usual_place_is_asked_for_nothing(laptop: Client, clock: Any) -> None:
    set_risk(ENFORCE)
    clock.shift(timedelta(hours=20))
    assert sign_in(laptop, next="/profile/")["Location"] == "/profile/"
    assert (last().score, last().verdict, last().country) == (0, "allow", "DE")
    entry = AuditEntry.objects.filter(action="person.signed_in").first()
    assert entry is not None
    assert entry.detail == {"risk": "0.00", "signals": "", "verdict": "allow", "device": "Firefox on Linux"}


def test_a_new_country_asks_for_a_code_and_the_right_one_lets_in(
    laptop: Client, clock: Any, moved_to: Any, cast_a: Any
) -> None:
    set_risk(ENFORCE)
    clock.shift(timedelta(hours=20))
    moved_to(laptop, PARIS)
    answer = sign_in(laptop, next="/profile/")
    assert answer["Location"] == CODE
    assert not is_in(laptop)
    assert mail.outbox[-1].to == ["analyst@example.com"]
    assert "FR 198.51.100.7" in str(mail.outbox[-1].body)
    assert laptop.get(CODE).status_code == 200
    wrong = "00000000" if mailed() != "0000 0000" else "11111111"
    assert laptop.post(CODE, {"code": wrong}).status_code == 400
    assert laptop.post(CODE, {"code": ""}).status_code == 400
    assert not is_in(laptop)
    assert laptop.post(CODE, {"code": mailed()})["Location"] == "/profile/"
    assert is_in(laptop)
    assert actions()[-4:] == [
        "person.password_accepted",
        "mailed_code.sent",
        "person.second_factor_failed",
        "person.signed_in",
    ]
    accepted = AuditEntry.objects.filter(action="person.password_accepted").get()
    assert (accepted.detail["risk"], accepted.detail["signals"]) == ("0.35", "new_country 0.35")
    entered = AuditEntry.objects.filter(action="person.signed_in").first()
    assert entered is not None
    assert entered.detail["by"] == "mailed code"


def test_a_country_that_one_came_in_from_is_known_afterwards(laptop: Client, clock: Any, moved_to: Any) -> None:
    set_risk(ENFORCE)
    clock.shift(timedelta(hours=20))
    moved_to(laptop, PARIS)
    sign_in(laptop)
    laptop.post(CODE, {"code": mailed()})
    laptop.post("/sign-out/")
    clock.shift(timedelta(hours=4))
    assert sign_in(laptop)["Location"] == "/"


def test_whoever_stops_at_the_code_makes_nothing_known(laptop: Client, clock: Any, tenant_a: Any) -> None:
    set_risk(ENFORCE)
    clock.shift(timedelta(hours=20))
    for _ in range(3):
        thief = browser_at(tenant_a, PARIS, EDGE)
        assert sign_in(thief)["Location"] == CODE
        assert "device" not in thief.cookies
        assert set(reasons()) >= {"new_country", "new_device"}
    assert not JudgedSignIn.objects.filter(country="FR", came_in_at__isnull=False).exists()


def test_a_code_is_good_once_for_ten_minutes_and_in_its_own_browser(
    laptop: Client, clock: Any, moved_to: Any, tenant_a: Any
) -> None:
    set_risk(ENFORCE)
    clock.shift(timedelta(hours=20))
    moved_to(laptop, PARIS)
    sign_in(laptop)
    code = mailed()
    other = browser_at(tenant_a, PARIS)
    sign_in(other)
    assert other.post(CODE, {"code": code}).status_code == 400
    clock.shift(timedelta(seconds=290))
    assert laptop.post(CODE + "again/")["Location"] == CODE
    assert mailed() != code
    assert laptop.post(CODE, {"code": code}).status_code == 400, "a newer one replaces it"
    assert laptop.post(CODE, {"code": mailed()}).status_code == 302
    sign_in_id = str(last().pk)
    assert JudgedSignIn.objects.filter(code_used_at__isnull=False).count() == 1, sign_in_id


def test_a_code_used_by_one_request_is_used(laptop: Client, clock: Any, moved_to: Any, cast_a: Any) -> None:
    from apps.accounts.errors import CodeRefusedError
    from apps.accounts.services.mailed_code import CODE_LIFE, check_mailed_code

    set_risk(ENFORCE)
    moved_to(laptop, PARIS)
    clock.shift(timedelta(hours=20))
    sign_in(laptop)
    said: dict[str, Any] = {"sign_in_id": last().pk, "code": mailed(), "address": PARIS}
    with pytest.raises(CodeRefusedError):
        check_mailed_code(cast_a.viewer, **said)
    check_mailed_code(cast_a.analyst, **said)
    with pytest.raises(CodeRefusedError):
        check_mailed_code(cast_a.analyst, **said)
    JudgedSignIn.objects.update(code_used_at=None)
    clock.shift(CODE_LIFE)
    with pytest.raises(CodeRefusedError):
        check_mailed_code(cast_a.analyst, **said)


def test_a_code_made_under_a_retired_key_is_still_good(
    laptop: Client, clock: Any, moved_to: Any, settings: Any
) -> None:
    set_risk(ENFORCE)
    clock.shift(timedelta(hours=20))
    moved_to(laptop, PARIS)
    sign_in(laptop)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-one-" + "y" * 40
    assert laptop.post(CODE, {"code": mailed()}).status_code == 302


def test_codes_and_mails_are_limited(laptop: Client, clock: Any, moved_to: Any) -> None:
    set_risk(ENFORCE)
    clock.shift(timedelta(hours=20))
    moved_to(laptop, PARIS)
    sign_in(laptop)
    again = [laptop.post(CODE + "again/").status_code for _ in range(4)]
    assert again == [302, 302, 302, 429]
    assert len(mail.outbox) == 4
    right = mailed().replace(" ", "")
    wrong = str((int(right) + 1) % 10**8).zfill(8)
    assert [laptop.post(CODE, {"code": wrong}).status_code for _ in range(6)] == [400] * 5 + [429]
    assert laptop.post(CODE, {"code": right}).status_code == 429
    assert not is_in(laptop)


def test_the_page_of_the_code_is_for_those_of_whom_one_is_asked(laptop: Client, clock: Any) -> None:
    assert laptop.get(CODE)["Location"] == "/sign-in/"
    assert laptop.post(CODE, {"code": "12345678"})["Location"] == "/sign-in/"
    assert laptop.post(CODE + "again/")["Location"] == "/sign-in/"


def test_who_has_a_second_factor_shows_it_instead(
    laptop: Client, clock: Any, moved_to: Any, client_for: Any, cast_a: Any, tenant_a: Any
) -> None:
    seed, _ = phone.set_up_app(client_for(cast_a.analyst, tenant_a))
    set_risk(ENFORCE)
    mails = len(mail.outbox)
    clock.shift(timedelta(hours=20))
    moved_to(laptop, PARIS)
    assert sign_in(laptop)["Location"] == phone.CODE_URL
    assert last().verdict == "step_up"
    assert laptop.get(CODE)["Location"] == "/sign-in/"
    assert laptop.post(phone.CODE_URL, {"code": phone.code_of(seed)})["Location"] == "/"
    assert len(mail.outbox) == mails
    assert last().came_in_at is not None


def test_who_must_set_up_a_factor_shows_the_mailed_code_before(laptop: Client, clock: Any, moved_to: Any) -> None:
    set_risk(ENFORCE, second_factor=SecondFactorRule.EVERYONE)
    clock.shift(timedelta(hours=20))
    moved_to(laptop, PARIS)
    assert sign_in(laptop)["Location"] == CODE
    set_up = "/sign-in/second-factor/set-up/"
    assert laptop.get(set_up)["Location"] == "/sign-in/", "the password alone sets up nothing"
    assert laptop.post(CODE, {"code": mailed()})["Location"] == set_up
    assert not is_in(laptop)
    seed = phone.seed_on(laptop.get(set_up))
    assert laptop.post(set_up, {"code": phone.code_of(seed)}).status_code == 200
    assert is_in(laptop)
    assert last().came_in_at is not None


def test_impossible_travel_on_a_strange_device_is_stopped_told_and_recorded(
    laptop: Client, clock: Any, tenant_a: Any, cast_a: Any
) -> None:
    set_risk(ENFORCE)
    mail.outbox.clear()
    clock.shift(timedelta(hours=2))
    thief = browser_at(tenant_a, SYDNEY, EDGE)
    answer = sign_in(thief)
    wrong = sign_in(browser_at(tenant_a, NOWHERE, EDGE), password="wrong horse battery staple")
    assert (answer.status_code, wrong.status_code) == (400, 400)
    sentence = "The e-mail address or the password is wrong. If a sign-in was stopped to protect your account"
    assert sentence in answer.content.decode()
    assert sentence in wrong.content.decode(), "it says nothing that a wrong password would not"
    assert not is_in(thief)
    row = last()
    assert (row.was_stopped, row.came_in_at, row.score) == (True, None, 0.7806)
    assert set(reasons()) == {"impossible_travel", "new_country", "new_device"}
    assert sorted(message.to[0] for message in mail.outbox) == ["analyst@example.com", "org_admin@example.com"]
    to = {message.to[0]: str(message.body) for message in mail.outbox}
    assert "Edge on Windows" in to["analyst@example.com"]
    assert "http://alpha.localhost:8000/organization/sign-in/stopped/" in to["org_admin@example.com"]
    assert "too far from the last sign-in" in to["org_admin@example.com"]
    assert "too far" not in to["analyst@example.com"], "who reads this mailbox may be the thief"
    entry = AuditEntry.objects.get(action="person.sign_in_stopped")
    assert (entry.actor_id, entry.target_id) == (None, cast_a.analyst.pk)
    assert entry.detail["signals"] == "impossible_travel 0.55, new_country 0.35, new_device 0.25"
    assert "new country 0.35" in described(entry)
    assert PASSWORD not in str(entry.detail)


def test_mailboxes_are_not_filled_by_whoever_tries_again(laptop: Client, clock: Any, tenant_a: Any) -> None:
    set_risk(ENFORCE)
    mail.outbox.clear()
    clock.shift(timedelta(hours=2))
    for _ in range(3):
        assert sign_in(browser_at(tenant_a, SYDNEY, EDGE)).status_code == 400
    assert len(mail.outbox) == 2
    assert actions().count("person.sign_in_stopped") == 3
    clock.shift(timedelta(hours=1))
    sign_in(browser_at(tenant_a, SYDNEY, EDGE))
    assert len(mail.outbox) == 4


def test_an_administrator_who_is_stopped_is_told_once(clock: Any, cast_a: Any, tenant_a: Any) -> None:
    sign_in(browser_at(tenant_a, BERLIN), "org_admin")
    set_risk(ENFORCE)
    clock.shift(timedelta(hours=2))
    assert sign_in(browser_at(tenant_a, SYDNEY, EDGE), "org_admin").status_code == 400
    assert [message.to for message in mail.outbox] == [["org_admin@example.com"]]


def test_watching_lets_everybody_in_and_records_what_would_have_been(laptop: Client, clock: Any, tenant_a: Any) -> None:
    assert SignInPolicy().risk_mode == RiskMode.OBSERVE, "an organization that has said nothing watches"
    clock.shift(timedelta(hours=2))
    stranger = browser_at(tenant_a, SYDNEY, EDGE)
    assert sign_in(stranger)["Location"] == "/"
    assert is_in(stranger)
    row = last()
    assert (row.verdict, row.is_enforced, row.was_stopped) == ("deny", False, False)
    assert mail.outbox == []
    entry = AuditEntry.objects.filter(action="person.signed_in").first()
    assert entry is not None
    assert (entry.detail["risk"], entry.detail["verdict"]) == ("0.78", "deny")


def test_switched_off_nobody_is_judged(laptop: Client, clock: Any, tenant_a: Any) -> None:
    set_risk(RiskMode.OFF)
    before = JudgedSignIn.objects.count()
    clock.shift(timedelta(hours=2))
    assert sign_in(browser_at(tenant_a, SYDNEY, EDGE))["Location"] == "/"
    assert JudgedSignIn.objects.count() == before
    entry = AuditEntry.objects.filter(action="person.signed_in").first()
    assert entry is not None
    assert entry.detail == {}


def test_an_organizations_own_thresholds_hold(laptop: Client, clock: Any, tenant_a: Any, moved_to: Any) -> None:
    set_risk(ENFORCE, step_up_risk=0.1, deny_risk=0.3)
    clock.shift(timedelta(hours=20))
    assert sign_in(browser_at(tenant_a, BERLIN, EDGE))["Location"] == CODE
    moved_to(laptop, PARIS)
    assert sign_in(laptop).status_code == 400


def test_a_passkey_is_enough_for_a_risky_sign_in_but_not_for_one_that_is_stopped(
    laptop: Client, clock: Any, moved_to: Any, client_for: Any, cast_a: Any, tenant_a: Any
) -> None:
    key = Authenticator()
    phone.register(client_for(cast_a.analyst, tenant_a), key)
    set_risk(ENFORCE)
    mail.outbox.clear()
    clock.shift(timedelta(hours=20))
    moved_to(laptop, PARIS)
    assert phone.show(laptop, key)["Location"] == "/"
    assert (last().verdict, last().way) == ("step_up", "passkey")
    assert last().came_in_at is not None
    laptop.post("/sign-out/")
    thief = browser_at(tenant_a, SYDNEY, EDGE)
    clock.shift(timedelta(hours=2))
    answer = phone.show(thief, key)
    assert answer.status_code == 400
    assert "This passkey was not accepted." in answer.content.decode()
    assert not is_in(thief)
    assert len(mail.outbox) == 2


def test_a_passkey_after_the_password_is_judged_once(
    laptop: Client, clock: Any, moved_to: Any, client_for: Any, cast_a: Any, tenant_a: Any
) -> None:
    key = Authenticator()
    phone.register(client_for(cast_a.analyst, tenant_a), key)
    set_risk(ENFORCE)
    clock.shift(timedelta(hours=20))
    moved_to(laptop, PARIS)
    before = JudgedSignIn.objects.count()
    assert sign_in(laptop)["Location"] == phone.CODE_URL
    assert phone.show(laptop, key)["Location"] == "/"
    assert JudgedSignIn.objects.count() == before + 1
    assert last().came_in_at is not None


def test_a_program_with_a_password_gets_no_token_where_more_is_asked(laptop: Client, clock: Any, tenant_a: Any) -> None:
    said = {"email": "analyst@example.com", "password": PASSWORD}
    program = browser_at(tenant_a, BERLIN, "curl/8.0")
    set_risk(ENFORCE)
    clock.shift(timedelta(hours=2))
    assert program.post("/api/v2/tokens/", said, content_type="application/json").status_code == 201
    program = browser_at(tenant_a, PARIS, "curl/8.0")
    clock.shift(timedelta(hours=4))
    answer = program.post("/api/v2/tokens/", said, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "needs_browser")
    program = browser_at(tenant_a, SYDNEY, "curl/8.0")
    answer = program.post("/api/v2/tokens/", said, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "sign_in_refused")


def test_whom_an_invitation_brings_is_let_in_and_known_from_then_on(clock: Any, cast_a: Any, tenant_a: Any) -> None:
    from apps.accounts.capabilities import RoleName
    from apps.accounts.services.invite import invitation_token, invite_person

    set_risk(ENFORCE, step_up_risk=0.06, deny_risk=0.1)
    invited = invite_person(cast_a.org_admin, email="new@example.com", role=RoleName.VIEWER, name="New")
    client = browser_at(tenant_a, BERLIN)
    words = "brand new horse battery"
    said = {"name": "New", "password": words, "again": words}
    assert client.post(f"/invitation/{invitation_token(invited)}/", said)["Location"] == "/"
    assert last().came_in_at is not None
    assert "person.sign_in_stopped" not in actions()
    set_risk(ENFORCE, step_up_risk=0.06, deny_risk=0.9)
    client.post("/sign-out/")
    sign_in(client, "new", words)
    assert reasons() == {"fresh_account": 0.05}


def test_mail_of_a_sign_in_that_is_over_is_not_sent(laptop: Client, clock: Any, cast_a: Any, moved_to: Any) -> None:
    set_risk(ENFORCE)
    clock.shift(timedelta(hours=20))
    moved_to(laptop, PARIS)
    sign_in(laptop)
    row, before = last(), len(mail.outbox)
    send_step_up_code(new_id())
    JudgedSignIn.objects.update(code_sent_at=None)
    send_step_up_code(row.pk)
    JudgedSignIn.objects.update(code_sent_at=row.code_sent_at)
    clock.shift(timedelta(minutes=10))
    send_step_up_code(row.pk)
    cast_a.analyst.is_active = False
    cast_a.analyst.save()
    send_sign_in_stopped(row.pk)
    assert len(mail.outbox) == before
