"""From the Host header to an organization: every spelling of a host leads to its owner or to nobody, never to somebody else."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from apps.kernel.tenancy.context import TenantRef
from apps.kernel.tenancy.hosts import canonical_host
from tests.conftest import Cast

OWN = [
    "alpha.localhost",
    "ALPHA.localhost",
    "Alpha.LocalHost",
    "alpha.localhost.",
    "alpha.localhost:8000",
    "alpha.localhost.:443",
]
NOBODYS = [
    "",
    ".",
    "..",
    ":8000",
    "alpha",
    "localhost",
    "www.alpha.localhost",
    "alpha.localhost.evil.example",
    "alpha.localhost..",
    "alpha..localhost",
    ".alpha.localhost",
    "alpha.localhost:",
    "alpha.localhost:port",
    "alpha.localhost:80:80",
    "alpha.localhost:99999999",
    "alpha.localhost:80@evil.example",
    "beta.localhost@alpha.localhost",
    "user:pass@alpha.localhost",
    "alpha.localhost/",
    "alpha.localhost/path",
    "alpha.localhost?x",
    "alpha.localhost#x",
    "alpha.localhost%00",
    "alpha.localhost\x00",
    "alpha.localhost, beta.localhost",
    "alpha.localhost beta.localhost",
    "alpha_localhost",
    "аlpha.localhost",
    "alpha。localhost",
    "xn--alph-5na.localhost",
    "127.0.0.1",
    "127.0.0.1:8000",
    "2130706433",
    "0x7f000001",
    "[::1]",
    "[::1]:8000",
    "a" * 300 + ".localhost",
    ("a" * 60 + ".") * 5 + "localhost",
    "%",
    "_",
    "public",
    "t_template",
]


@pytest.mark.parametrize("host", OWN)
def test_every_spelling_of_its_own_host_is_the_organization(
    tenant_a: TenantRef, cast_a: Cast, host: str, client_for: Any
) -> None:
    """The session is a row of alpha's: who is signed in here is in alpha."""
    assert client_for(cast_a.analyst, tenant_a).get("/api/v2/me/", HTTP_HOST=host).status_code == 200


@pytest.mark.parametrize("host", NOBODYS, ids=ascii)
def test_what_is_nobodys_host_gets_one_neutral_answer(
    tenant_a: TenantRef, cast_a: Cast, host: str, client_for: Any
) -> None:
    """No page, no cookie, no name, no hint which hosts there are; the same bytes for all of them."""
    client = client_for(cast_a.analyst, tenant_a, HTTP_X_REQUEST_ID="the-same-for-all")
    assert client.get("/", HTTP_HOST="alpha.localhost").status_code == 200
    for path in ("/", "/sign-in/", "/api/v2/me/", "/admin/"):
        answer = client.get(path, HTTP_HOST=host)
        nobodys = client.get(path, HTTP_HOST="nobody.example")
        assert (answer.status_code, answer.content) == (404, nobodys.content)
        assert b"There is nothing at this address." in answer.content
        assert not answer.cookies
        assert "alpha" not in str(answer.headers).lower()


def test_a_host_that_somebody_else_vouches_for_is_not_believed(both_tenants: Any) -> None:
    """X-Forwarded-Host comes from whoever sends it; the proxy sets Host itself."""
    for name in ("HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED", "HTTP_X_HOST", "HTTP_X_ORIGINAL_HOST", "HTTP_X_TENANT"):
        answer = Client(HTTP_HOST="nobody.localhost", **{name: "alpha.localhost"}).get("/sign-in/")
        assert answer.status_code == 404
    page = Client(HTTP_HOST="alpha.localhost", HTTP_X_FORWARDED_HOST="beta.localhost").get("/sign-in/")
    assert page.status_code == 200
    assert b"Beta" not in page.content


def test_the_address_line_has_no_say_in_it(both_tenants: Any) -> None:
    answer = Client(HTTP_HOST="alpha.localhost", SERVER_NAME="beta.localhost").get("http://beta.localhost/sign-in/")
    assert b"Beta" not in answer.content


@given(st.text(max_size=80))
def test_a_canonical_host_is_canonical_and_stays_itself(raw: str) -> None:
    host = canonical_host(raw)
    assert canonical_host(host) == host
    assert host == host.lower()
    assert host.isascii()
    assert all(part and not part.startswith("-") and not part.endswith("-") for part in host.split(".")) or host == ""


@given(st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z]([a-z0-9-]{0,20}[a-z0-9])?){1,3}", fullmatch=True))
def test_case_port_and_the_last_dot_make_no_difference(host: str) -> None:
    assert canonical_host(host.upper()) == canonical_host(f"{host}.") == canonical_host(f"{host}:8443") == host
