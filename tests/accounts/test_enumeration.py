"""Nobody learns from outside who has an account: the same answer, and the same work, for whoever is asked about.

Work is counted, not timed: how often Argon2 is computed, which statements the database is asked, how many letters are handed to the
background. `benchmarks/bench_sign_in.py` times the same pairs.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.capabilities import Capability, RoleName
from apps.accounts.limits import ATTEMPTS_AN_ACCOUNT
from apps.accounts.models import ApiKey, SignInPolicy, TokenFamily, User
from apps.accounts.models.api_key import new_token
from apps.accounts.services.invite import invite_person
from apps.accounts.services.issue_api_key import issue_api_key
from apps.accounts.services.service_accounts import ServiceAccountSaid, make_service_account
from apps.accounts.services.tokens import device_of, issue_tokens
from apps.kernel.clock import now
from apps.kernel.events.models import OutboxEvent
from apps.kernel.tenancy.context import inside
from tests.accounts.counted_hashing import computed_by
from tests.conftest import PASSWORD

WRONG = "wrong horse battery staple"
SIGN_IN, TOKENS, FORGOTTEN = "/sign-in/", "/api/v2/tokens/", "/password/forgotten/"


@pytest.fixture(autouse=True)
def counted(settings: Any, tenant_a: Any, cast_a: Any) -> Iterator[None]:
    """Work is counted, and time stands still: two answers differ in nothing but what they know."""
    settings.PASSWORD_HASHERS = ["tests.accounts.counted_hashing.CountedHasher"]
    with time_machine.travel(now(), tick=False):
        yield


def _known(cast: Any) -> str:
    return str(cast.analyst.email)


def _unknown(cast: Any) -> str:
    return "nobody@example.com"


def _deactivated(cast: Any) -> str:
    User.objects.filter(pk=cast.viewer.pk).update(is_active=False)
    return str(cast.viewer.email)


def _only_by_sso(cast: Any) -> str:
    cast.team_lead.set_password(None)
    cast.team_lead.save()
    return str(cast.team_lead.email)


def _invited(cast: Any) -> str:
    invite_person(cast.org_admin, email="invited@example.com", role=RoleName.VIEWER)
    return "invited@example.com"


def _program(cast: Any) -> str:
    said = ServiceAccountSaid("Program", "Works", RoleName.VIEWER, cast.org_admin.pk)
    return make_service_account(cast.org_admin, said=said).account.email


KINDS: dict[str, Callable[[Any], str]] = {
    "unknown": _unknown,
    "deactivated": _deactivated,
    "without a password": _only_by_sso,
    "invited": _invited,
    "a program": _program,
}


class Seen:
    """One answer as somebody outside sees it, and the work behind it."""

    def __init__(self, tenant: Any, ask: Callable[[Client, str], Any], email: str) -> None:
        # Nothing is done after commit here: that is the background's, and nobody waits for it.
        client = Client(HTTP_HOST=f"{tenant.slug}.localhost", headers={"X-Request-ID": "the-same"})
        before = OutboxEvent.objects.count()
        with CaptureQueriesContext(connection) as asked:
            self.computed, answer = computed_by(lambda: ask(client, email))
        self.statements = [_shape(query["sql"]) for query in asked.captured_queries]
        self.events = OutboxEvent.objects.count() - before
        self.status = answer.status_code
        self.cookies = sorted(answer.cookies.keys())
        self.headers = sorted(
            (name, _masked(value, email)) for name, value in answer.headers.items() if name != "Content-Length"
        )
        self.body = _masked(answer.content.decode(), email)

    def everything(self) -> dict[str, Any]:
        return vars(self)


def _masked(text: str, email: str) -> str:
    text = text.replace(email, "<email>")
    text = re.sub(r"nonce-[A-Za-z0-9+/=_-]+", "nonce", text)
    text = re.sub(r"\b[rt]=\d+", "left", text)
    return re.sub(r'(csrfmiddlewaretoken" value|csrf-token" content|nonce)="[^"]*"', r"\1", text)


def _shape(sql: str) -> str:
    """The statement without its values: NULL and an id are one and the same."""
    sql = re.sub(r"'(?:[^']|'')*'(::\w+)?", "?", sql)
    sql = re.sub(r'"s\d+_x\d+"', '"savepoint"', sql)
    return re.sub(r"\bNULL\b|\b\d+\b", "?", sql).replace("IS ?", "IS NULL")


def _sign_in(client: Client, email: str, password: str = WRONG) -> Any:
    return client.post(SIGN_IN, {"email": email, "password": password})


def _ask_for_tokens(client: Client, email: str, password: str = WRONG) -> Any:
    return client.post(TOKENS, {"email": email, "password": password}, content_type="application/json")


def _forget(client: Client, email: str) -> Any:
    return client.post(FORGOTTEN, {"email": email})


DOORS = {"sign-in": (_sign_in, 400, 1), "tokens": (_ask_for_tokens, 400, 1), "forgotten": (_forget, 200, 0)}


def _once_before(tenant: Any, ask: Callable[[Client, str], Any]) -> None:
    """What a process does once, such as making the SQL of a kept query, is nobody's in particular."""
    Seen(tenant, ask, "somebody@example.com")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("door", DOORS)
def test_every_kind_of_address_gets_the_answer_and_the_work_of_a_known_one(
    tenant_a: Any, cast_a: Any, door: str, kind: str
) -> None:
    ask, status, computed = DOORS[door]
    other = KINDS[kind](cast_a)
    _once_before(tenant_a, ask)
    known, seen = Seen(tenant_a, ask, _known(cast_a)), Seen(tenant_a, ask, other)
    assert (known.status, known.computed) == (status, computed)
    assert seen.everything() == known.everything()
    assert len(known.statements) >= 2, "the work was seen"
    assert known.events == (1 if door == "forgotten" else 0)


@pytest.mark.parametrize("door", ["sign-in", "tokens"])
def test_the_right_password_of_somebody_who_may_not_come_in_is_like_a_wrong_one(
    tenant_a: Any, cast_a: Any, door: str
) -> None:
    """Else it would tell whoever has the password that it is good, here or elsewhere."""
    ask = DOORS[door][0]
    deactivated = _deactivated(cast_a)
    _once_before(tenant_a, ask)
    wrong = Seen(tenant_a, ask, _unknown(cast_a))
    right = Seen(tenant_a, lambda client, email: ask(client, email, PASSWORD), deactivated)
    assert right.everything() == wrong.everything()
    SignInPolicy.objects.create(requires_sso=True)
    wrong = Seen(tenant_a, ask, _unknown(cast_a))
    right = Seen(tenant_a, lambda client, email: ask(client, email, PASSWORD), _known(cast_a))
    assert right.everything() == wrong.everything()
    User.objects.filter(pk=cast_a.analyst.pk).update(has_emergency_access=True)
    assert Seen(tenant_a, lambda client, email: ask(client, email, PASSWORD), _known(cast_a)).status in {201, 302}


@pytest.mark.parametrize("door", DOORS)
def test_an_account_that_is_tried_too_often_tells_no_more(tenant_a: Any, cast_a: Any, door: str) -> None:
    ask, _status, _computed = DOORS[door]
    _once_before(tenant_a, ask)
    found = {}
    for number, email in enumerate((_known(cast_a), _unknown(cast_a), _deactivated(cast_a), _invited(cast_a))):
        client = Client(HTTP_HOST="alpha.localhost", REMOTE_ADDR=f"198.51.{number}.7")
        for _ in range(ATTEMPTS_AN_ACCOUNT):
            ask(client, email)
        found[email] = Seen(tenant_a, ask, email)
    known = found[_known(cast_a)]
    for seen in found.values():
        assert seen.everything() == known.everything()
    assert known.status == (200 if door == "forgotten" else 429)
    assert (known.computed, known.events) == (0, 0)


def test_the_page_to_sign_in_says_the_same_whoever_is_named(tenant_a: Any, cast_a: Any) -> None:
    """There is no question "which provider has this address": every way in is offered to everybody."""
    names = ("email", "login_hint", "username")
    pages = {
        Seen(tenant_a, lambda client, email: client.get(SIGN_IN, dict.fromkeys(names, email)), email).body
        for email in (_known(cast_a), _unknown(cast_a), _only_by_sso(cast_a), _deactivated(cast_a))
    }
    assert len(pages) == 1
    options = {
        re.sub(r'"challenge": ?"[^"]*"', "", Seen(tenant_a, _ask_for_passkey, email).body)
        for email in (_known(cast_a), _unknown(cast_a))
    }
    assert len(options) == 1


def _ask_for_passkey(client: Client, email: str) -> Any:
    return client.post("/sign-in/passkey/options/", {"email": email}, headers={"Accept": "application/json"})


def test_a_letter_is_queued_for_everybody_and_sent_to_those_who_may_use_it(
    tenant_a: Any, cast_a: Any, anonymous_client: Any, mailoutbox: Any
) -> None:
    emails = [_known(cast_a), *(make(cast_a) for make in KINDS.values())]
    for email in emails:
        anonymous_client(tenant_a).post(FORGOTTEN, {"email": email})
    assert OutboxEvent.objects.filter(name="person.password_reset_asked").count() == len(emails)
    sent = [message.to for message in mailoutbox if "/password/reset/" in str(message.body)]
    assert sent == [[_known(cast_a)], [cast_a.team_lead.email]]


def test_every_key_that_is_not_good_is_one_and_the_same(tenant_a: Any, cast_a: Any, cast_b: Any, tenant_b: Any) -> None:
    good = _key(cast_a.analyst)
    revoked, expired, left = _key(cast_a.analyst), _key(cast_a.analyst), _key(cast_a.viewer)
    ApiKey.objects.filter(prefix=revoked[:12]).update(revoked_at=now())
    ApiKey.objects.filter(prefix=expired[:12]).update(created_at=now().replace(year=2020), expires_at=now())
    _deactivated(cast_a)
    with inside(tenant_b):
        foreign = _key(cast_b.analyst)
    _once_before(tenant_a, _call_with(good))
    seen = {
        name: Seen(tenant_a, _call_with(token), "nobody@example.com").everything()
        for name, token in {
            "unknown": new_token(),
            "revoked": revoked,
            "expired": expired,
            "owner left": left,
            "foreign": foreign,
        }.items()
    }
    for one in seen.values():
        assert one == seen["unknown"]
    assert seen["unknown"]["status"] == 401
    assert Seen(tenant_a, _call_with(good), "nobody@example.com").status == 200


def test_every_token_that_is_not_good_is_answered_alike(tenant_a: Any, cast_a: Any, cast_b: Any, tenant_b: Any) -> None:
    good, revoked, left = (_tokens(person) for person in (cast_a.analyst, cast_a.team_lead, cast_a.viewer))
    TokenFamily.objects.filter(person=cast_a.team_lead).update(revoked_at=now())
    _deactivated(cast_a)
    with inside(tenant_b):
        foreign = _tokens(cast_b.analyst)
    for field, ask in (("access", _call_with), ("refresh", _renew_with)):
        bad = [Seen(tenant_a, ask(getattr(pair, field)), "nobody@example.com") for pair in (revoked, left, foreign)]
        bad.append(Seen(tenant_a, ask("a.b.c"), "nobody@example.com"))
        assert {(one.status, one.body, tuple(one.headers), tuple(one.cookies)) for one in bad} == {
            (401, bad[0].body, tuple(bad[0].headers), tuple(bad[0].cookies))
        }
        assert Seen(tenant_a, ask(getattr(good, field)), "nobody@example.com").status == 200


def _key(person: Any) -> str:
    return issue_api_key(person, name="K", scopes=[Capability.READ_DOCUMENTS], life_days=1).token


def _tokens(person: Any) -> Any:
    return issue_tokens(person, device=device_of("tool/1", "127.0.0.1"))


def _call_with(token: str) -> Callable[[Client, str], Any]:
    return lambda client, _email: client.get("/api/v2/me/", headers={"Authorization": f"Bearer {token}"})


def _renew_with(token: str) -> Callable[[Client, str], Any]:
    return lambda client, _email: client.post(f"{TOKENS}refresh/", {"refresh": token}, content_type="application/json")
