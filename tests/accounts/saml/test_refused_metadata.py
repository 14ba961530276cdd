"""What an address may hold instead of a provider's metadata, and the odd forms in which honest ones come."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import SAMLProvider
from tests.accounts.saml.metadata_text import bare, metadata, place, token_in
from tests.doubles.odd_server import OddServer, endless, plain
from tests.doubles.saml_forge import key_pair

OLD, NEW = key_pair(), key_pair(bits=3072)
SLO = "https://idp.example/slo"


HOSTILE: dict[str, tuple[Callable[[OddServer], str], str]] = {
    "plain http": (lambda _server: "http://idp.example/metadata", "must begin with https"),
    "a private address": (lambda _server: "https://10.0.0.7/metadata", "must begin with https"),
    "a cloud's credentials": (lambda _server: "https://169.254.169.254/latest/meta-data/", "must begin with https"),
    "this machine": (lambda server: f"http://127.0.0.1:{server.port + 1}/metadata", "must begin with https"),
    "a file": (lambda _server: "file:///etc/passwd", "must begin with https"),
    "a name and a password": (lambda _server: "https://user:pass@idp.example/", "must begin with https"),
    "nothing": (lambda _server: "", "required"),
    "five megabytes": (lambda server: served(server, plain(b"x" * 5_000_000)), "too large"),
    "endless": (lambda server: served(server, endless(b" " * 65_536)), "too large"),
    "not there": (lambda server: served(server, plain(b"", status="404 Not Found")), "http_status_404"),
    "elsewhere": (
        lambda server: served(server, plain(b"", status="302 Found", more="Location: file:///etc/passwd\r\n")),
        "points to another address",
    ),
    "a document type": (lambda server: text(server, "<!DOCTYPE x>" + metadata()), "forbidden_markup"),
    "an entity": (
        lambda server: text(server, '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'),
        "forbidden_markup",
    ),
    "laughs": (
        lambda server: text(
            server,
            '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + metadata(entity_id="&b;"),
        ),
        "forbidden_markup",
    ),
    "a document type behind a comment": (
        lambda server: text(server, "<!-- x --><!DOCTYPE x><!-- y -->" + metadata()),
        "forbidden_markup",
    ),
    "not xml": (lambda server: text(server, "hello"), "not_xml"),
    "latin-1": (
        lambda server: served(server, plain(metadata(entity_id="https://idp.example/ü").encode("latin-1"))),
        "not_utf8",
    ),
    "two providers": (
        lambda server: text(
            server,
            '<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">'
            + 2 * metadata().split("?>", 1)[1]
            + "</md:EntitiesDescriptor>",
        ),
        "not_one_provider",
    ),
    "two roles": (
        lambda server: text(
            server,
            metadata().replace(
                "</md:EntityDescriptor>",
                metadata().split("<md:EntityDescriptor", 1)[1].split(">", 1)[1],
            ),
        ),
        "not_one_provider",
    ),
    "a provider wrapped in a signature's object": (
        lambda server: text(server, wrapped(metadata(), metadata(entity_id="https://evil.example/"))),
        "not_one_provider",
    ),
    "a role wrapped in an extension": (
        lambda server: text(
            server,
            metadata().replace(
                "<md:IDPSSODescriptor",
                "<md:Extensions>"
                + role(metadata(sso_url="https://evil.example/"))
                + "</md:Extensions><md:IDPSSODescriptor",
                1,
            ),
        ),
        "not_one_provider",
    ),
    "no certificate": (lambda server: text(server, metadata(certificates=[])), "(certificate)"),
    "a key for encryption alone": (
        lambda server: text(server, metadata().replace('use="signing"', 'use="encryption"')),
        "(certificate)",
    ),
    "six certificates": (
        lambda server: text(server, metadata(certificates=[key_pair(bits=2048 + 8 * n).certificate for n in range(6)])),
        "(certificate)",
    ),
    "a weak key": (
        lambda server: text(server, metadata(certificates=[key_pair(bits=1024).certificate])),
        "(certificate)",
    ),
    "stale": (lambda server: text(server, metadata(root='validUntil="2020-01-01T00:00:00Z"')), "(expired)"),
    "a stale role": (lambda server: text(server, metadata(more='validUntil="2020-01-01T00:00:00Z"')), "(expired)"),
    "an end that is no time": (lambda server: text(server, metadata(root='validUntil="soon"')), "(valid_until)"),
    "sign-in without https": (
        lambda server: text(server, metadata(sso_url="http://idp.example/sso")),
        "(sso_url)",
    ),
    "a private key": (lambda server: text(server, metadata() + key_pair().private), "(private_key)"),
}


def served(server: OddServer, parts: Any) -> str:
    server.replies["/metadata"] = parts
    return server.url("/metadata")


def text(server: OddServer, what: str) -> str:
    return served(server, plain(what.encode()))


def role(document: str) -> str:
    return "<md:IDPSSODescriptor" + document.split("<md:IDPSSODescriptor", 1)[1].replace("</md:EntityDescriptor>", "")


def wrapped(outer: str, inner: str) -> str:
    """A signed provider inside the signature of another one, whose reference points to it."""
    signature = (
        '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:Object>'
        + inner.split("?>", 1)[1]
        + "</ds:Object></ds:Signature>"
    )
    return outer.replace("<md:IDPSSODescriptor", f"{signature}<md:IDPSSODescriptor", 1)


@pytest.mark.parametrize(("serve", "said"), HOSTILE.values(), ids=HOSTILE.keys())
def test_an_address_that_holds_no_good_metadata_is_refused(
    admin: Client, new_connection: str, server: OddServer, says: Callable[..., str],
    serve: Callable[[OddServer], str], said: str,
) -> None:  # fmt: skip
    answer = admin.post(place("metadata/"), {"url": serve(server)})
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert 'name="token"' not in answer.content.decode()
    assert admin.post(place("metadata/"), {"url": says()}).status_code == 200, "the honest one is looked at"


def test_a_server_that_is_slow_is_given_up(
    admin: Client, new_connection: str, server: OddServer, says: Callable[..., str], monkeypatch: Any
) -> None:
    from apps.accounts.sso import metadata_source
    from apps.kernel.outbound.client import Bounds

    assert metadata_source._BOUNDS.total_s <= 5
    monkeypatch.setattr(metadata_source, "_BOUNDS", Bounds(total_s=0.3, size_bytes=1000))
    server.pause_s = 0.2
    answer = admin.post(place("metadata/"), {"url": served(server, endless(b" "))})
    assert answer.status_code == 400
    assert "takes too long" in answer.content.decode()


GOOD: dict[str, str] = {
    "a comment, as shibboleth writes it": metadata().replace("<md:IDPSSO", "<!-- our provider --><md:IDPSSO", 1),
    "a byte order mark, as entra writes it": "\ufeff" + metadata(),
    "a signature over it": metadata(root='ID="_1"').replace(
        "<md:IDPSSO", '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/><md:IDPSSO', 1
    ),
    "good until later": metadata(root='validUntil="2099-01-01T00:00:00.000Z" cacheDuration="P1D"'),
    "good until later, without a zone": metadata(root='validUntil="2099-01-01T00:00:00"'),
    "another role beside it, as adfs has it": metadata().replace(
        "</md:EntityDescriptor>",
        '<md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/></md:EntityDescriptor>',
    ),
    "certificates broken into lines": metadata().replace(bare(OLD.certificate), OLD.certificate.split("-----")[2]),
    "sign-out by http, which is not used": metadata(logout_url="http://idp.example/slo"),
}


@pytest.mark.parametrize("document", GOOD.values(), ids=GOOD.keys())
def test_metadata_in_the_form_of_a_provider_are_taken(
    admin: Client, new_connection: str, says: Callable[..., str], document: str
) -> None:
    page = admin.post(place("metadata/"), {"url": says(text=document)})
    assert page.status_code == 200, page.content.decode()[-2000:]
    admin.post(place("metadata/take/"), {"token": token_in(page.content.decode())})
    assert SAMLProvider.objects.get().certificates == [OLD.certificate]
    assert SAMLProvider.objects.get().logout_url == ""
