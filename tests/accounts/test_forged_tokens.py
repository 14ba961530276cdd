"""Tokens that nobody gave out, or that were given out for something else, are nobody's."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings as django_settings

from apps.accounts.models import TokenFamily, User
from apps.kernel.clock import now
from apps.kernel.signing import keys_for
from apps.kernel.tenancy.context import inside
from tests.accounts.token_calls import TOKENS, claims_in, issue, me, program, renew

_RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_PUBLIC = _RSA.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _key(tenant: Any, kind: str = "access") -> str:
    return keys_for(f"accounts.token.{kind}", tenant_id=tenant.id)[0]


def _b64(data: Any) -> str:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _edited(good: str, **changed: Any) -> str:
    """Other claims under the old signature."""
    head, _body, signature = good.split(".")
    return f"{head}.{_b64({**claims_in(good), **changed})}.{signature}"


def _resigned(tenant: Any, good: str, key: str | None = None, headers: Any = None, **changed: Any) -> str:
    """Other claims rightly signed: what is left to be refused are the claims. None removes one."""
    claims = {name: value for name, value in {**claims_in(good), **changed}.items() if value is not None}
    return jwt.encode(claims, key or _key(tenant), algorithm="HS256", headers=headers)


def _none(good: str, name: str) -> str:
    return f"{_b64({'alg': name, 'typ': 'JWT'})}.{good.split('.')[1]}."


def _hs_under_public_key(good: str) -> str:
    said = f"{_b64({'alg': 'HS256', 'typ': 'JWT'})}.{good.split('.')[1]}"
    return f"{said}.{_b64(hmac.new(_PUBLIC, said.encode(), hashlib.sha256).digest())}"


Forge = Callable[[Any, dict[str, str]], str]
FORGED: dict[str, Forge] = {
    "no algorithm": lambda t, p: _none(p["access"], "none"),
    "no algorithm, spelt otherwise": lambda t, p: _none(p["access"], "nOnE"),
    "no algorithm, signature kept": lambda t, p: _none(p["access"], "none") + p["access"].split(".")[2],
    "no signature": lambda t, p: ".".join(p["access"].split(".")[:2]) + ".",
    "signature changed": lambda t, p: p["access"][:-6] + ("AAAAAA" if p["access"][-6:] != "AAAAAA" else "BBBBBB"),
    "RS256 by a key of one's own": lambda t, p: jwt.encode(claims_in(p["access"]), _RSA, algorithm="RS256"),
    "HS256 under a public key": lambda t, p: _hs_under_public_key(p["access"]),
    "HS512 under the right key": lambda t, p: jwt.encode(claims_in(p["access"]), _key(t), algorithm="HS512"),
    "HS384 under the right key": lambda t, p: jwt.encode(claims_in(p["access"]), _key(t), algorithm="HS384"),
    "kid of an empty file": lambda t, p: _resigned(t, p["access"], "x" * 32, {"kid": "/dev/null"}),
    "kid of an injection": lambda t, p: _resigned(t, p["access"], "x" * 32, {"kid": "' UNION SELECT 'x"}),
    "a key in the header": lambda t, p: _resigned(
        t, p["access"], "x" * 32, {"jwk": {"kty": "oct", "k": _b64(b"x" * 32)}}
    ),
    "an address of keys": lambda t, p: _resigned(t, p["access"], "x" * 32, {"jku": "https://evil.example/keys"}),
    "an unknown critical header": lambda t, p: _resigned(t, p["access"], headers={"crit": ["odd"], "odd": 1}),
    "the secret key itself": lambda t, p: _resigned(t, p["access"], str(django_settings.SECRET_KEY)),
    "the key of refresh tokens": lambda t, p: _resigned(t, p["access"], _key(t, "refresh")),
    "another person's id": lambda t, p: _edited(p["access"], sub=str(uuid4())),
    "a later end": lambda t, p: _edited(p["access"], exp=2**33),
    "expired": lambda t, p: _resigned(t, p["access"], exp=int(now().timestamp()) - 1),
    "not yet": lambda t, p: _resigned(t, p["access"], nbf=int(now().timestamp()) + 600),
    "without an end": lambda t, p: _resigned(t, p["access"], exp=None),
    "without a person": lambda t, p: _resigned(t, p["access"], sub=None),
    "without a family": lambda t, p: _resigned(t, p["access"], fam=None),
    "without an epoch": lambda t, p: _resigned(t, p["access"], epo=None),
    "without a kind": lambda t, p: _resigned(t, p["access"], typ=None),
    "without a number": lambda t, p: _resigned(t, p["access"], jti=None),
    "without an audience": lambda t, p: _resigned(t, p["access"], aud=None),
    "without an issuer": lambda t, p: _resigned(t, p["access"], iss=None),
    "another issuer": lambda t, p: _resigned(t, p["access"], iss="evil"),
    "another audience": lambda t, p: _resigned(t, p["access"], aud=f"{uuid4()}:access"),
    "audience of the other kind": lambda t, p: _resigned(t, p["access"], aud=f"{t.id}:refresh"),
    "another kind": lambda t, p: _resigned(t, p["access"], typ="refresh"),
    "another epoch": lambda t, p: _resigned(t, p["access"], epo=7),
    "an epoch that is true": lambda t, p: _resigned(t, p["access"], epo=False),
    "a person who is not of the family": lambda t, p: _resigned(t, p["access"], sub=str(User.objects.first().pk)),  # type: ignore[union-attr]
    "a family that is nowhere": lambda t, p: _resigned(t, p["access"], fam=str(uuid4())),
    "a family that is no id": lambda t, p: _resigned(t, p["access"], fam="1 OR 1=1"),
    "a refresh token": lambda t, p: p["refresh"],
    "very long": lambda t, p: _resigned(t, p["access"], more="x" * 4000),
    "dots": lambda t, p: "..",
    "no JSON": lambda t, p: f"{_b64(b'[')}.{_b64(b'[')}.{_b64(b'[')}",
    "a list of claims": lambda t, p: f"{p['access'].split('.')[0]}.{_b64([1])}.{p['access'].split('.')[2]}",
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_is_nobodys(tenant_a: Any, cast_a: Any, name: str) -> None:
    pair = issue(tenant_a)
    answer = me(tenant_a, FORGED[name](tenant_a, pair))
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert me(tenant_a, pair["access"]).status_code == 200
    assert me(tenant_a, _resigned(tenant_a, pair["access"])).status_code == 200, "the forger signs as we do"


def test_a_key_that_the_header_names_is_ignored(tenant_a: Any, cast_a: Any) -> None:
    pair = issue(tenant_a)
    assert me(tenant_a, _resigned(tenant_a, pair["access"], headers={"kid": "/dev/null"})).status_code == 200


def test_an_access_token_renews_nothing(tenant_a: Any, cast_a: Any) -> None:
    pair = issue(tenant_a)
    assert renew(tenant_a, pair["access"]).json()["code"] == "invalid_token"
    assert renew(tenant_a, pair["refresh"]).status_code == 200


def test_tokens_are_worth_nothing_at_the_other_organization(tenant_a: Any, cast_a: Any, tenant_b: Any) -> None:
    """Even when the other one has a family and a person of the very same ids."""
    pair = issue(tenant_a)
    family = TokenFamily.objects.get()
    with inside(tenant_b):
        family.save(force_insert=True)
    here, there = me(tenant_a, pair["access"]), me(tenant_b, pair["access"])
    assert (here.status_code, there.status_code, there.json()["code"]) == (200, 401, "invalid_token")
    foreign = renew(tenant_b, pair["refresh"])
    assert (foreign.status_code, foreign.json()["code"]) == (401, "invalid_token")
    headers = {"Authorization": f"Bearer {pair['access']}"}
    assert program(tenant_b).delete(TOKENS, headers=headers).status_code == 401
    with inside(tenant_b):
        untouched = TokenFamily.objects.get()
        assert (untouched.current, untouched.revoked_at) == (family.current, None)
    assert renew(tenant_a, pair["refresh"]).status_code == 200
