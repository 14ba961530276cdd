"""What no honest provider sends is refused, recorded with its reason, and signs nobody in; the honest answer is in test_accepted.py."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from apps.accounts.models import AnsweredSignIn, ExternalIdentity, OIDCProvider, SeenAssertion, User
from apps.kernel.clock import now
from tests.accounts.oidc.conftest import Browser, last_reason, refusals
from tests.doubles.openid_forge import b64, signing_key
from tests.doubles.openid_provider import CLIENT_ID, CLIENT_SECRET, PERSON, OpenIDProvider, Reply

AnswerWith = Callable[..., Any]


def refused(browser: Browser, answer: Any, reason: str) -> None:
    """A sentence, a record, and nothing else; the next honest sign-in is good."""
    assert answer.status_code == 403, answer.content[:500]
    assert last_reason() == reason
    assert refusals() == 1
    assert not browser.is_signed_in()
    assert not ExternalIdentity.objects.exists()
    assert not SeenAssertion.objects.exists()
    assert not AnsweredSignIn.objects.exists()
    assert not User.objects.filter(email_key="lena@example.com").exists()


def later(seconds: int) -> int:
    return int(now().timestamp()) + seconds


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://evil.example"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"iss": "SLASH"}, "issuer"),
        ({"iss": ["ISSUER"]}, "issuer"),
        ({"aud": "somebody-else"}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": []}, "audience"),
        ({"aud": {CLIENT_ID: 1}}, "audience"),
        ({"aud": CLIENT_ID + " "}, "audience"),
        ({"aud": CLIENT_ID[:-1]}, "audience"),
        ({"aud": [CLIENT_ID, "other"]}, "authorized_party"),
        ({"aud": [CLIENT_ID, "other"], "azp": "other"}, "authorized_party"),
        ({"azp": "other"}, "authorized_party"),
        ({"azp": [CLIENT_ID]}, "authorized_party"),
        ({"exp": None}, "exp"),
        ({"exp": "9999999999"}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": -1}, "expired"),
        ({"exp": 0}, "expired"),
        ({"iat": None}, "iat"),
        ({"iat": "now"}, "iat"),
        ({"nbf": "x"}, "nbf"),
        ({"nonce": None}, "nonce"),
        ({"nonce": "wrong"}, "nonce"),
        ({"nonce": ""}, "nonce"),
        ({"nonce": 1}, "nonce"),
        ({"at_hash": "wrong"}, "at_hash"),
        ({"at_hash": 7}, "at_hash"),
        ({"sub": None}, "subject"),
        ({"sub": ""}, "subject"),
        ({"sub": " op-lena"}, "subject"),
        ({"sub": "op-lena\n"}, "subject"),
        ({"sub": "öp"}, "subject"),
        ({"sub": 17}, "subject"),
        ({"sub": "x" * 256}, "subject"),
    ],
)  # fmt: skip
def test_claims_that_are_not_for_us_from_them_and_now(
    browser: Browser, answer_with: AnswerWith, op: OpenIDProvider, claims: dict[str, Any], reason: str
) -> None:
    if claims.get("iss") == "SLASH":
        claims = {"iss": f"{op.issuer}/"}
    if claims.get("iss") == ["ISSUER"]:
        claims = {"iss": [op.issuer]}
    refused(browser, answer_with(claims=claims), reason)


@pytest.mark.parametrize(
    ("name", "seconds", "reason"),
    [("exp", -61, "expired"), ("iat", 65, "issued_in_future"), ("nbf", 65, "not_yet_good")],
)
def test_times_beyond_a_minute_of_skew(
    browser: Browser, answer_with: AnswerWith, name: str, seconds: int, reason: str
) -> None:
    refused(browser, answer_with(claims={name: later(seconds)}), reason)


def public_pem() -> bytes:
    return signing_key().public_pem()


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ({"algorithm": "none"}, "not_a_token"),
        ({"algorithm": "none", "edit": lambda token: token + "AA"}, "algorithm"),
        ({"header": {"alg": "None"}}, "algorithm"),
        ({"algorithm": "HS256", "key": CLIENT_SECRET.encode()}, "algorithm"),
        ({"algorithm": "HS256", "key": public_pem()}, "algorithm"),
        ({"algorithm": "HS512", "key": CLIENT_SECRET.encode()}, "algorithm"),
        ({"algorithm": "RS512"}, "algorithm"),
        ({"algorithm": "ES384", "key": signing_key("ec384")}, "algorithm"),
        ({"header": {"alg": "ES256"}}, "unknown_key"),
        ({"header": {"alg": "PS256"}}, "wrong_signature"),
        ({"header": {"alg": ["RS256"]}}, "algorithm"),
        ({"header": {"alg": ""}}, "algorithm"),
        ({"header": {"kid": "unknown"}}, "unknown_key"),
        ({"header": {"kid": "../../../../dev/null"}}, "unknown_key"),
        ({"header": {"kid": "x' OR '1'='1"}}, "unknown_key"),
        ({"header": {"kid": "x" * 257}}, "key_id"),
        ({"header": {"kid": 1}}, "key_id"),
        ({"header": {"jku": "https://evil.example/jwks"}}, "header"),
        ({"header": {"x5u": "https://evil.example/cert"}}, "header"),
        ({"header": {"jwk": signing_key("rsa", "evil").jwk()}, "key": signing_key("rsa", "evil")}, "header"),
        ({"header": {"crit": ["exp"]}}, "header"),
        ({"header": {"b64": False}}, "header"),
        ({"header": {"zip": "DEF"}}, "header"),
        ({"header": {"cty": "JWT"}}, "header"),
        ({"header": {"typ": "at+jwt"}}, "type"),
        ({"header": {"typ": "logout+jwt"}}, "type"),
        ({"key": signing_key("rsa", "stranger")}, "unknown_key"),
        ({"key": signing_key("rsa", "stranger"), "header": {"kid": "rsa-1"}}, "wrong_signature"),
        ({"algorithm": "ES256", "key": signing_key("ec"), "header": {"kid": "rsa-1"}}, "unknown_key"),
        ({"edit": lambda token: token[:-8] + "AAAAAAAA"}, "wrong_signature"),
        ({"edit": lambda token: token.rsplit(".", 1)[0] + "."}, "not_a_token"),
        ({"edit": lambda token: token + "=="}, "not_a_token"),
        ({"edit": lambda token: token.replace(".", "..", 1)}, "not_a_token"),
        ({"edit": lambda token: token + ".x.y"}, "not_a_token"),
        ({"edit": lambda token: token.replace(".", ".\n", 1)}, "not_a_token"),
        ({"edit": lambda token: "e30" + token[token.index("."):]}, "algorithm"),
        ({"edit": lambda token: b64(b"[]") + token[token.index("."):]}, "not_a_token"),
        ({"edit": lambda token: b64(b'{"alg":"RS256","alg":"none"}') + token[token.index("."):]}, "not_a_token"),
        ({"edit": lambda token: b64(b'{"alg":' + b"[" * 40_000) + token[token.index("."):]}, "not_a_token"),
        ({"raw": ""}, "not_a_token"),
        ({"raw": "access-token.of_lena~1"}, "not_a_token"),
        ({"raw": "a" * 65 * 1024}, "not_a_token"),
        ({"payload": "[]"}, "not_a_token"),
        ({"payload": "null"}, "not_a_token"),
        ({"payload": '{"sub": NaN}'}, "not_a_token"),
        ({"payload": '{"sub": "a", "sub": "b"}'}, "not_a_token"),
        ({"payload": '{"sub": "\\ud800"}'}, "not_a_token"),
        ({"payload": '{"sub": "a", "name": "x\\u0000y"}'}, "not_a_token"),
        ({"payload": '{"sub": ' + "9" * 5000 + "}"}, "not_a_token"),
        ({"payload": '{"exp": 1e999}'}, "issuer"),
    ],
)  # fmt: skip
def test_tokens_that_are_not_signed_as_agreed(
    browser: Browser, answer_with: AnswerWith, token: dict[str, Any], reason: str
) -> None:
    refused(browser, answer_with(**token), reason)


def test_a_time_without_end_is_none(browser: Browser, answer_with: AnswerWith, op: OpenIDProvider) -> None:
    text = json.dumps({"iss": op.issuer, "aud": CLIENT_ID, "exp": 1, "iat": 1}).replace('"exp": 1', '"exp": 1e999')
    refused(browser, answer_with(payload=text), "exp")


def test_a_key_that_is_too_weak_signs_nothing(browser: Browser, answer_with: AnswerWith, op: OpenIDProvider) -> None:
    op.keys = [signing_key(), signing_key("rsa1024")]
    refused(browser, answer_with(key=signing_key("rsa1024")), "unknown_key")


@pytest.mark.parametrize("more", [{"use": "enc"}, {"alg": "PS256"}, {"key_ops": ["encrypt"]}, {"d": "AQAB"}])
def test_a_key_that_is_published_for_something_else_signs_nothing(
    browser: Browser, answer_with: AnswerWith, op: OpenIDProvider, more: dict[str, Any]
) -> None:
    other = signing_key("rsa", "other")
    op.replies["jwks"] = Reply(json.dumps({"keys": [signing_key().jwk(), other.jwk(**more)]}).encode())
    refused(browser, answer_with(key=other), "unknown_key")


def test_a_token_without_a_key_id_needs_a_provider_with_one_key(
    browser: Browser, answer_with: AnswerWith, op: OpenIDProvider
) -> None:
    op.keys = [signing_key(), signing_key("rsa", "second")]
    refused(browser, answer_with(header={"kid": None}), "unknown_key")


def test_a_token_of_another_sign_in_is_not_taken(browser: Browser, answer_with: AnswerWith, op: OpenIDProvider) -> None:
    """Replay: an honest token, for another request of the same browser."""
    earlier = op.id_token(op.grants[op.code_for(browser.begin())])
    refused(browser, answer_with(raw=earlier), "nonce")


def test_a_token_of_another_application_is_not_taken(
    browser: Browser, answer_with: AnswerWith, op: OpenIDProvider
) -> None:
    refused(browser, answer_with(claims={"aud": "another-application", "azp": "another-application"}), "audience")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"id_token": None}, "no_id_token"),
        ({"id_token": 1}, "no_id_token"),
        ({"access_token": 1}, "access_token"),
        ({"access_token": "a b"}, "access_token"),
        ({"access_token": "a\r\nX: y"}, "access_token"),
        ({"access_token": "another"}, "at_hash"),
        ({"access_token": None}, "at_hash"),
    ],
)
def test_token_answers_that_do_not_hold_together(
    browser: Browser, answer_with: AnswerWith, op: OpenIDProvider, said: dict[str, Any], reason: str
) -> None:
    op.token_reply = said
    refused(browser, answer_with(), reason)


@pytest.mark.parametrize(
    ("place", "reply", "reason"),
    [
        ("token", Reply(b"{}", 500), "token_refused"),
        ("token", Reply(b'{"error": "invalid_client"}', 401), "client_refused"),
        ("token", Reply(b'{"error": "invalid_grant"}', 400), "code_refused"),
        ("token", Reply(b'{"error": ["invalid_grant"]}', 400), "token_refused"),
        ("token", Reply(b"<html>", 200), "token_unreadable"),
        ("token", Reply(b"[" * 100_000, 200), "token_unreadable"),
        ("token", Reply(b"x" * 300_000, 200), "token_too_large"),
        ("token", Reply(b"", 302, {"Location": "http://127.0.0.1/"}), "token_redirected"),
        ("jwks", Reply(b"{}", 500), "keys_unreadable"),
        ("jwks", Reply(b"{}", 200), "keys_unreadable"),
        ("jwks", Reply(b'{"keys": {}}', 200), "keys_unreadable"),
        ("jwks", Reply(b'{"keys": []}', 200), "keys_unreadable"),
        ("jwks", Reply(b"x" * 5_000_000, 200), "keys_too_large"),
        ("jwks", Reply(b"", 302, {"Location": "http://127.0.0.1/"}), "keys_redirected"),
        ("userinfo", Reply(b"{}", 401), "userinfo_refused"),
        ("userinfo", Reply(b"eyJhbGciOiJub25lIn0.e30.", 200), "userinfo_unreadable"),
        ("userinfo", Reply(b"{}", 200), "userinfo_of_another"),
        ("userinfo", Reply(json.dumps({**PERSON, "sub": "op-boss"}).encode(), 200), "userinfo_of_another"),
        ("userinfo", Reply(b"x" * 300_000, 200), "userinfo_too_large"),
    ],
)  # fmt: skip
def test_a_provider_that_answers_oddly_is_a_sentence_and_no_fault_of_ours(
    browser: Browser, answer_with: AnswerWith, op: OpenIDProvider, place: str, reply: Reply, reason: str
) -> None:
    op.replies[place] = reply
    refused(browser, answer_with(claims={"name": None}), reason)
    del op.replies[place]
    OIDCProvider.objects.update(failed_at=None)
    assert answer_with().status_code == 302, "the same, honestly"


def test_keys_that_drip_are_left_in_time_and_the_provider_is_left_alone_for_a_while(
    browser: Browser, answer_with: AnswerWith, op: OpenIDProvider, settings: Any
) -> None:
    op.replies["jwks"] = Reply(b" " * 1000, pause_s=0.05)
    refused(browser, answer_with(), "keys_timeout")
    asked = op.asked.count("jwks")
    assert answer_with().status_code == 403
    assert last_reason() == "provider_failed_before"
    assert op.asked.count("jwks") == asked


def test_unknown_key_ids_do_not_make_us_ask_without_end(
    browser: Browser, answer_with: AnswerWith, op: OpenIDProvider
) -> None:
    assert answer_with().status_code == 302
    for number in range(8):
        for _ in range(2):
            assert answer_with(header={"kid": f"unknown-{number}"}).status_code == 403
    assert op.asked.count("jwks") == 1 + 5


@pytest.mark.parametrize("verified", [False, None, "true", 1, "yes", ["true"]])
def test_an_address_that_the_provider_does_not_vouch_for_finds_nobody(
    browser: Browser, answer_with: AnswerWith, op: OpenIDProvider, cast_a: Any, verified: Any
) -> None:
    """Whoever can write an address of a colleague into the provider must not become that colleague."""
    op.discovery["userinfo_endpoint"] = None
    User.objects.filter(pk=cast_a.org_admin.pk).update(email="boss@example.com", email_key="boss@example.com")
    answer = answer_with(claims={"email": "boss@example.com", "email_verified": verified})
    assert answer.status_code == 403
    assert not ExternalIdentity.objects.exists()
    assert not browser.is_signed_in()
    assert answer_with(claims={"email": "boss@example.com"}).status_code == 302
    assert ExternalIdentity.objects.get().person_id == cast_a.org_admin.pk


def test_that_one_address_is_verified_says_nothing_of_another(
    browser: Browser, answer_with: AnswerWith, op: OpenIDProvider
) -> None:
    op.user_info |= {"email": "own@example.com", "email_verified": True}
    assert answer_with(claims={"email": "boss@example.com", "email_verified": None}).status_code == 403
    op.user_info |= {"email": "boss@example.com", "email_verified": False}
    assert answer_with(claims={"email": None, "email_verified": True}).status_code == 403
    assert not ExternalIdentity.objects.exists()
    op.user_info |= {"email_verified": True}
    assert answer_with(claims={"email": "boss@example.com", "email_verified": None}).status_code == 302


@pytest.mark.parametrize("sign", [{"_claim_names": {"groups": "src1"}, "_claim_sources": {}}, {"hasgroups": True}])
def test_groups_that_are_left_out_are_said_and_change_nothing(
    browser: Browser, answer_with: AnswerWith, provider: OIDCProvider, sign: dict[str, Any]
) -> None:
    connection = provider.connection
    connection.follows_groups = True
    connection.save()
    rule = connection.rules.create(group="leads", role="team_lead")
    assert answer_with(claims={"groups": ["leads"]}).status_code == 302
    answer = answer_with(claims=sign)
    assert answer.status_code == 403
    assert "too many groups" in answer.content.decode()
    assert last_reason() == "groups_left_out"
    assert User.objects.get(email_key="lena@example.com").role == "team_lead"
    rule.delete()
    assert answer_with(claims=sign).status_code == 302, "where groups mean nothing they may be left out"
