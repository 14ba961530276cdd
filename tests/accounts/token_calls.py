"""The calls of a program that acts for a person by tokens."""

from typing import Any

import jwt

from tests.conftest import PASSWORD, CommittingClient

TOKENS, REFRESH, ME = "/api/v2/tokens/", "/api/v2/tokens/refresh/", "/api/v2/me/"
AGENT = "nightly-import/1.0"


def program(tenant: Any, agent: str = AGENT, **defaults: Any) -> Any:
    return CommittingClient(tenant, HTTP_USER_AGENT=agent, **defaults)


def issue(tenant: Any, role: str = "analyst") -> dict[str, str]:
    said = {"email": f"{role}@example.com", "password": PASSWORD}
    answer = program(tenant).post(TOKENS, said, content_type="application/json")
    assert answer.status_code == 201, answer.content
    pair: dict[str, str] = answer.json()
    return pair


def me(tenant: Any, access: str) -> Any:
    return program(tenant).get(ME, headers={"Authorization": f"Bearer {access}"})


def renew(tenant: Any, refresh: str, **kwargs: Any) -> Any:
    return program(tenant, **kwargs).post(REFRESH, {"refresh": refresh}, content_type="application/json")


def claims_in(token: str) -> dict[str, Any]:
    """What the token says, whoever signed it."""
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims
