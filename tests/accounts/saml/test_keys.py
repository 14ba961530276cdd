"""Keys on both sides: ours for signed requests and encrypted assertions, the provider's as they change."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import xmlsec
from cryptography import x509
from django.test import Client
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from apps.accounts.models import SAMLProvider, SSOConnection
from apps.accounts.sso.certificates import read_certificate
from apps.kernel.audit.models import AuditEntry
from apps.kernel.tenancy.context import TenantRef
from tests.accounts.conftest import actions
from tests.accounts.saml.conftest import Browser, last_reason, shape_for
from tests.doubles.saml_forge import encrypted, forged, key_pair

ON = {"signs_requests": "on", "wants_encryption": "on"}


@pytest.fixture
def admin(cast_a: Any, client_for: Callable[..., Client], tenant_a: TenantRef, provider: SAMLProvider) -> Client:
    return client_for(cast_a.org_admin, tenant_a)


def place(deed: str = "") -> str:
    return f"/organization/single-sign-on/{SSOConnection.objects.get().pk}/{deed}"


def provider_now() -> SAMLProvider:
    return SAMLProvider.objects.get()


def login_url(browser: Browser) -> str:
    return str(browser.client.get("/saml/okta/login/")["Location"])


def is_signed(url: str, certificate: str) -> bool:
    """As an independent implementation sees it."""
    given = {name: values[0] for name, values in parse_qs(urlsplit(url).query, keep_blank_values=True).items()}
    if "Signature" not in given:
        return False
    names = [name for name in ("SAMLRequest", "RelayState", "SigAlg") if name in given]
    octets = "&".join(f"{name}={quote(given[name], safe='')}" for name in names)
    signature = base64.b64decode(given["Signature"])
    return bool(OneLogin_Saml2_Utils.validate_binary_sign(octets.encode(), signature, certificate, given["SigAlg"]))


def announced(use: str) -> list[str]:
    """The certificates that our metadata announce for this use."""
    root = etree.fromstring(Client(HTTP_HOST="alpha.localhost").get("/saml/okta/metadata/").content)
    found = root.findall(f".//{{*}}KeyDescriptor[@use='{use}']")
    return [str(key.findtext(".//{*}X509Certificate")).strip() for key in found]


def bare(pem: str) -> str:
    return "".join(pem.strip().split("\n")[1:-1])


def sends_encrypted_for(browser: Browser, certificate: str) -> int:
    return int(browser.post(encrypted(forged(shape_for(browser.begin())), certificate)).status_code)


def test_switches_make_a_key_sign_requests_and_ask_for_encryption(admin: Client, browser: Browser) -> None:
    assert not is_signed(login_url(browser), key_pair().certificate)
    assert announced("signing") == []
    answer = admin.post(place("protection/"), ON)
    assert answer.status_code == 302
    own = provider_now().own_certificate
    assert is_signed(login_url(browser), own)
    assert not is_signed(login_url(browser), key_pair().certificate)
    assert (announced("signing"), announced("encryption")) == ([bare(own)], [bare(own)])
    metadata = Client(HTTP_HOST="alpha.localhost").get("/saml/okta/metadata/").content.decode()
    assert 'AuthnRequestsSigned="true"' in metadata
    assert "aes256-gcm" in metadata
    assert "validUntil" not in metadata, "a provider that was given a file must not take it for stale"
    assert sends_encrypted_for(browser, own) == 302
    assert browser.post(forged(shape_for(browser.begin()))).status_code == 403
    assert last_reason() == "not_encrypted"
    admin.post(place("protection/"), {})
    assert not is_signed(login_url(browser), own)
    assert browser.post(forged(shape_for(browser.begin()))).status_code == 302
    assert provider_now().own_certificate == own, "the key is kept for the next time"
    assert actions().count("sso.connection_changed") == 2


def test_what_a_provider_cannot_do_better_is_allowed_only_by_its_switch(admin: Client, browser: Browser) -> None:

    admin.post(place("protection/"), ON)
    own = provider_now().own_certificate
    for switches, status in ((ON, 403), ({**ON, "allows_cbc": "on"}, 302)):
        admin.post(place("protection/"), switches)
        response = forged(shape_for(browser.begin()))
        cbc = encrypted(response, own, data=xmlsec.constants.TransformAes256Cbc)
        assert browser.post(cbc).status_code == status


def test_our_key_changes_without_a_moment_in_which_nobody_can_sign_in(admin: Client, browser: Browser) -> None:
    admin.post(place("protection/"), ON)
    old = provider_now().own_certificate
    assert admin.post(place("key/"), {"deed": "make"}).status_code == 302
    new = provider_now().second_certificate
    assert new not in ("", old)
    assert set(announced("signing")) == set(announced("encryption")) == {bare(old), bare(new)}
    assert is_signed(login_url(browser), old), "the new one signs only once the provider can know it"
    assert [sends_encrypted_for(browser, one) for one in (old, new)] == [302, 302]

    admin.post(place("key/"), {"deed": "change"})
    assert is_signed(login_url(browser), new)
    assert set(announced("signing")) == {bare(old), bare(new)}
    assert [sends_encrypted_for(browser, one) for one in (old, new)] == [302, 302]

    admin.post(place("key/"), {"deed": "remove"})
    assert announced("signing") == [bare(new)]
    assert [sends_encrypted_for(browser, one) for one in (old, new)] == [403, 302]
    changes = AuditEntry.objects.filter(action="sso.connection_changed").order_by("id")
    assert [entry.detail["what"] for entry in changes][1:] == [
        "a new key of ours",
        "signs with the other key of ours",
        "the second key of ours is removed",
    ]


def test_there_are_two_keys_at_most_and_nothing_to_change_to_without_a_second(admin: Client) -> None:
    admin.post(place("key/"), {"deed": "make"})
    for deed in ("change", "remove"):
        answer = admin.post(place("key/"), {"deed": deed})
        assert answer.status_code == 409
        assert "There is no second key" in answer.content.decode()
    admin.post(place("key/"), {"deed": "make"})
    both = provider_now().own_certificate, provider_now().second_certificate
    answer = admin.post(place("key/"), {"deed": "make"})
    assert answer.status_code == 409
    assert (provider_now().own_certificate, provider_now().second_certificate) == both
    assert admin.post(place("key/"), {"deed": "sell"}).status_code == 404


def test_a_key_needs_a_provider(admin: Client) -> None:
    SAMLProvider.objects.all().delete()
    for path, values in (("key/", {"deed": "make"}), ("protection/", ON)):
        assert admin.post(place(path), values).status_code == 409
    assert admin.get(place("key/")).status_code == 404
    assert admin.post(place("certificates/"), {"pem": key_pair(bits=3072).certificate}).status_code == 400


def test_the_certificate_is_taken_along_and_the_key_is_shown_to_nobody(admin: Client) -> None:
    assert admin.get(place("key/")).status_code == 404
    admin.post(place("protection/"), ON)
    assert admin.get(place("key/"), {"which": "second"}).status_code == 404
    admin.post(place("key/"), {"deed": "make"})
    provider = provider_now()
    for which, expected in (("", provider.own_certificate), ("second", provider.second_certificate)):
        answer = admin.get(place("key/"), {"which": which})
        assert answer.content.decode() == expected
        assert answer["Content-Disposition"].startswith('attachment; filename="ai-prism-okta')
        certificate = x509.load_pem_x509_certificate(answer.content)
        assert "alpha.localhost" in certificate.subject.rfc4514_string()
        assert (certificate.not_valid_after_utc - certificate.not_valid_before_utc).days >= 3 * 365
    assert "PRIVATE KEY" not in str(SAMLProvider.objects.values().get())
    assert "PRIVATE KEY" not in admin.get(place()).content.decode()


def test_the_providers_certificate_changes_without_new_metadata(admin: Client, browser: Browser) -> None:
    old, new = key_pair(), key_pair(bits=3072)
    assert browser.post(forged(shape_for(browser.begin(), key=new))).status_code == 403
    assert admin.post(place("certificates/"), {"pem": new.certificate}).status_code == 302
    assert admin.post(place("certificates/"), {"pem": bare(new.certificate)}).status_code == 302, "known already"
    assert provider_now().certificates == [old.certificate, new.certificate]
    for key in (old, new):
        assert browser.post(forged(shape_for(browser.begin(), key=key))).status_code == 302
    print_of_old = read_certificate(old.certificate).fingerprint
    assert print_of_old in admin.get(place()).content.decode()
    assert admin.post(place("certificates/remove/"), {"fingerprint": print_of_old}).status_code == 302
    assert browser.post(forged(shape_for(browser.begin(), key=old))).status_code == 403
    assert browser.post(forged(shape_for(browser.begin(), key=new))).status_code == 302
    assert admin.post(place("certificates/remove/"), {"fingerprint": print_of_old}).status_code == 404


def test_the_last_certificate_stays(admin: Client, browser: Browser) -> None:
    only = read_certificate(key_pair().certificate).fingerprint
    answer = admin.post(place("certificates/remove/"), {"fingerprint": only})
    assert answer.status_code == 409
    assert "Add the new one first" in answer.content.decode()
    assert browser.post(forged(shape_for(browser.begin()))).status_code == 302


@pytest.mark.parametrize(
    ("pem", "problem"),
    [
        ("nothing", "certificate"),
        (key_pair(bits=1024).certificate, "certificate"),
        (key_pair(bits=3072).private, "private_key"),
        (key_pair(bits=3072).certificate + key_pair(bits=3072).private, "private_key"),
    ],
    ids=["nothing", "weak", "a key", "a key beside it"],
)
def test_what_is_no_good_certificate_is_not_added(admin: Client, pem: str, problem: str) -> None:
    answer = admin.post(place("certificates/"), {"pem": pem})
    assert answer.status_code == 400
    assert f"({problem})" in answer.content.decode()
    assert "PRIVATE KEY" not in str(AuditEntry.objects.values())
    assert len(provider_now().certificates) == 1
    assert admin.post(place("certificates/"), {"pem": key_pair(bits=3072).certificate}).status_code == 302


def test_there_are_five_certificates_at_most(admin: Client) -> None:
    for bits in (2056, 2064, 2072, 2080):
        assert admin.post(place("certificates/"), {"pem": key_pair(bits=bits).certificate}).status_code == 302
    answer = admin.post(place("certificates/"), {"pem": key_pair(bits=3072).certificate})
    assert "(too_many_certificates)" in answer.content.decode()
    assert len(provider_now().certificates) == 5


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead"])
def test_only_administrators_change_or_take_keys(
    admin: Client, cast_a: Any, client_for: Callable[..., Client], tenant_a: TenantRef, role: str
) -> None:
    admin.post(place("key/"), {"deed": "make"})
    before = SAMLProvider.objects.values().get()
    other = client_for(getattr(cast_a, role), tenant_a)
    assert other.get(place("key/")).status_code == 403
    for path, values in (
        ("key/", {"deed": "make"}),
        ("protection/", ON),
        ("certificates/", {"pem": key_pair(bits=3072).certificate}),
        ("certificates/remove/", {"fingerprint": "x"}),
    ):
        assert other.post(place(path), values).status_code == 403
    assert SAMLProvider.objects.values().get() == before


def test_the_page_shows_how_long_certificates_are_good_for(admin: Client) -> None:
    for days, words in ((200, "199 days left"), (20, "19 days left"), (2, "1 day left"), (-1, "ended on")):
        pem = key_pair(bits=2048, begins_in_days=-30, ends_in_days=days).certificate
        SAMLProvider.objects.update(certificates=[pem])
        for path in ("/organization/single-sign-on/", place()):
            assert words in admin.get(path).content.decode()
        is_near = "A certificate ends soon" in admin.get("/organization/single-sign-on/").content.decode()
        assert is_near is (days < 31)
