"""Who comes from a provider is judged as well: a risky sign-in shows something of ours, whoever has vouched for it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from apps.accounts.choices import RiskMode
from apps.accounts.models import BrowserSession, JudgedSignIn, ProviderSession, SignInPolicy, SSOConnection, User
from apps.accounts.risk.errors import SignInStoppedError
from apps.accounts.services.mailed_code import ask_for_mailed_code
from apps.accounts.services.provider_sessions import kept_words, remember_kept_session
from apps.accounts.sso.saml_profile import SessionWords
from apps.accounts.views.going_in import start_session
from apps.kernel.audit.models import AuditEntry
from apps.kernel.identifiers import new_id
from tests.accounts import second_factors as phone
from tests.accounts.conftest import actions
from tests.accounts.risk.conftest import BERLIN, EDGE, PARIS, SYDNEY, browser_at, is_in, set_risk
from tests.accounts.saml.conftest import Browser, connect, shape_for
from tests.doubles.authenticator import Authenticator
from tests.doubles.saml_forge import forged, key_pair

key_pair()  # Made before a test sets the clock: the provider's certificate is good then and now.
CODE = "/sign-in/mailed-code/"


def come(client: Client, goal: str = "/profile/") -> Any:
    """From the provider, as the subject that the forge speaks of."""
    browser = Browser(client)
    return browser.collect(browser.post(forged(shape_for(browser.begin(goal)))))


@pytest.fixture
def known(clock: Any, cast_a: Any, tenant_a: Any) -> Client:
    """A browser in Berlin with which somebody has come before; its person is not new here any more."""
    connect()
    client = browser_at(tenant_a, BERLIN)
    assert come(client)["Location"] == "/profile/"
    client.post("/sign-out/")
    set_risk(RiskMode.ENFORCE)
    clock.shift(timedelta(days=20))
    return client


def the_person() -> User:
    row = JudgedSignIn.objects.select_related("person").first()
    assert row is not None
    return row.person


def test_the_usual_one_is_in_at_once_and_the_record_says_what_it_weighed(known: Client) -> None:
    assert come(known)["Location"] == "/profile/"
    assert is_in(known)
    entry = AuditEntry.objects.filter(action="person.signed_in_by_sso").first()
    assert entry is not None
    assert (entry.detail["connection"], entry.detail["risk"]) == ("Okta", "0.00")


def test_who_has_no_factor_of_ours_shows_a_mailed_code(known: Client) -> None:
    known.defaults["REMOTE_ADDR"] = PARIS
    assert come(known)["Location"] == CODE
    assert not is_in(known)
    code = str(mail.outbox[-1].body).split("\n\n")[2]
    assert known.post(CODE, {"code": code})["Location"] == "/profile/"
    session = BrowserSession.objects.get(person=the_person())
    assert (session.way, session.connection_name) == ("sso", "Okta")


def test_the_organizations_rule_of_second_factors_is_still_not_for_them(known: Client) -> None:
    SignInPolicy.objects.update(second_factor="everyone", requires_sso=True)
    known.defaults["REMOTE_ADDR"] = PARIS
    assert come(known)["Location"] == CODE
    code = str(mail.outbox[-1].body).split("\n\n")[2]
    assert known.post(CODE, {"code": code})["Location"] == "/profile/"
    assert known.get("/profile/").status_code == 200


def test_who_has_a_factor_of_ours_shows_it(known: Client, client_for: Any, tenant_a: Any, clock: Any) -> None:
    person, key = the_person(), Authenticator()
    at_home = client_for(person, tenant_a)
    seed, _ = phone.set_up_app(at_home)
    phone.register(at_home, key)
    SignInPolicy.objects.update(requires_sso=True)
    clock.shift(60)
    known.defaults["REMOTE_ADDR"] = PARIS
    assert come(known)["Location"] == phone.CODE_URL
    assert not is_in(known)
    assert known.post(phone.CODE_URL, {"code": "000000"}).status_code == 400
    assert known.post(phone.CODE_URL, {"code": phone.code_of(seed)})["Location"] == "/profile/"
    session = BrowserSession.objects.filter(person=person, way="sso").get()
    assert session.connection_name == "Okta"
    known.post("/sign-out/")
    clock.shift(timedelta(days=1))
    stranger = browser_at(tenant_a, PARIS, EDGE)
    SignInPolicy.objects.update(step_up_risk=0.1)
    assert come(stranger)["Location"] == phone.CODE_URL
    assert phone.show(stranger, key)["Location"] == "/profile/"
    assert is_in(stranger), "a passkey of ours after the provider's word, where passkeys alone are no way in"


def test_what_looks_like_somebody_else_is_stopped_and_told(known: Client, tenant_a: Any, clock: Any) -> None:
    come(known)
    clock.shift(timedelta(hours=2))
    mail.outbox.clear()
    thief = browser_at(tenant_a, SYDNEY, EDGE)
    answer = come(thief)
    assert answer.status_code == 403
    assert "This sign-in was stopped to protect the account." in answer.content.decode()
    assert not is_in(thief)
    assert actions()[-1] == "person.sign_in_stopped"
    assert len(mail.outbox) == 2


def test_a_session_cannot_begin_while_more_is_asked(known: Client, rf: Any) -> None:
    person = the_person()
    person.must_step_up = True
    with pytest.raises(SignInStoppedError):
        start_session(rf.get("/"), person)


def test_a_session_that_showed_more_first_can_still_be_ended_by_its_provider(known: Client) -> None:
    known.defaults["REMOTE_ADDR"] = PARIS
    come(known)
    assert not ProviderSession.objects.filter(session__person=the_person()).exists()
    known.post(CODE, {"code": str(mail.outbox[-1].body).split("\n\n")[2]})
    assert ProviderSession.objects.get(session__person=the_person()).connection.name == "Okta"


def test_without_its_connection_there_is_nothing_to_remember(known: Client) -> None:
    words = kept_words(SSOConnection(pk=new_id()), SessionWords("somebody"))
    remember_kept_session(words, session_id=new_id())
    assert not ProviderSession.objects.filter(subject_digest="").exists()


def test_no_code_is_sent_for_a_sign_in_that_is_over(known: Client) -> None:
    row = JudgedSignIn.objects.filter(came_in_at__isnull=False).first()
    assert row is not None
    before = len(mail.outbox)
    ask_for_mailed_code(row.person, sign_in_id=row.pk, address=PARIS)
    assert (len(mail.outbox), "mailed_code.sent" in actions()) == (before, False)
