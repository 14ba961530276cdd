"""Sign-out messages that are not signed, not for us, not of now, or not what they seem: each ends nothing."""

import base64
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from lxml import etree

from apps.kernel.clock import now
from tests.accounts.saml.conftest import ORIGIN, Browser, shape_for
from tests.accounts.saml.logging_out import ANYBODY, SLS, by_redirect, logout, reason
from tests.doubles.saml_forge import MORE, RSA_SHA256, Signing, forged, key_pair
from tests.doubles.saml_logout_forge import (
    form_of,
    packed,
    query_of,
    signature_of,
    written_request,
    written_response,
)

REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "nothing": (lambda: by_redirect(""), "no_message"),
    "no signature": (
        lambda: by_redirect(query_of(written_request(logout()), key_pair()).split("&")[0]),
        "not_signed",
    ),
    "a method and no signature": (
        lambda: by_redirect(query_of(written_request(logout()), key_pair()).partition("&Signature")[0]),
        "not_signed",
    ),
    "an empty signature": (
        lambda: by_redirect(query_of(written_request(logout()), key_pair()).partition("&Signature")[0] + "&Signature="),
        "not_base64",
    ),
    "a signature and no method": (
        lambda: by_redirect(
            "&".join(
                part for part in query_of(written_request(logout()), key_pair()).split("&") if "SigAlg" not in part
            )
        ),
        "not_signed",
    ),
    "a stranger's key": (
        lambda: by_redirect(query_of(written_request(logout()), key_pair(bits=3072))),
        "wrong_signature",
    ),
    "sha-1": (
        lambda: by_redirect(
            query_of(written_request(logout()), key_pair(), method="http://www.w3.org/2000/09/xmldsig#rsa-sha1")
        ),
        "signature_method",
    ),
    "sha-1 that is called sha-256": (
        lambda: by_redirect(
            query_of(
                written_request(logout()), key_pair(), method="http://www.w3.org/2000/09/xmldsig#rsa-sha1"
            ).replace(quote("http://www.w3.org/2000/09/xmldsig#rsa-sha1", safe=""), quote(RSA_SHA256, safe=""))
        ),
        "wrong_signature",
    ),
    "a secret that is the certificate": (
        lambda: by_redirect(
            query_of(
                written_request(logout()),
                key_pair(),
                method=f"{MORE}hmac-sha256",
                hmac_secret=key_pair().certificate.encode(),
            )
        ),
        "signature_method",
    ),
    "the method was changed after signing": (
        lambda: by_redirect(query_of(written_request(logout()), key_pair()).replace("rsa-sha256", "rsa-sha512")),
        "wrong_signature",
    ),
    "the state was changed after signing": (
        lambda: by_redirect(
            query_of(written_request(logout()), key_pair(), relay_state="x").replace("RelayState=x", "RelayState=y")
        ),
        "wrong_signature",
    ),
    "a state was added after signing": (
        lambda: by_redirect(query_of(written_request(logout()), key_pair()) + "&RelayState=x"),
        "wrong_signature",
    ),
    "the message was changed after signing": (
        lambda: by_redirect(
            re.sub(
                r"SAMLRequest=[^&]+",
                lambda _match: query_of(written_request(logout()), key_pair()).split("&")[0],
                query_of(written_request(logout()), key_pair()),
            )
        ),
        "wrong_signature",
    ),
    "a second message behind the signed one": (
        lambda: by_redirect(
            query_of(written_request(logout()), key_pair())
            + "&"
            + query_of(written_request(logout()), key_pair()).split("&")[0]
        ),
        "repeated_parameter",
    ),
    "a second message under an escaped name": (
        lambda: by_redirect(
            query_of(written_request(logout()), key_pair())
            + "&"
            + query_of(written_request(logout()), key_pair()).split("&")[0].replace("SAML", "%53AML", 1)
        ),
        "repeated_parameter",
    ),
    "a second signature": (
        lambda: by_redirect(query_of(written_request(logout()), key_pair()) + "&Signature=AAAA"),
        "repeated_parameter",
    ),
    "a request and an answer": (
        lambda: by_redirect(query_of(written_request(logout()), key_pair()) + "&SAMLResponse=AAAA"),
        "two_messages",
    ),
    "signed inside, in an address": (
        lambda: by_redirect(
            "SAMLRequest=" + quote(form_of(written_request(logout()), Signing(key_pair()))["SAMLRequest"], safe="")
        ),
        "not_signed",
    ),
    "signed inside and beside": (
        lambda: by_redirect(
            query_of(
                base64.b64decode(form_of(written_request(logout()), Signing(key_pair()))["SAMLRequest"]),
                key_pair(),
            )
        ),
        "signature_misplaced",
    ),
    "signed under the other name": (
        lambda: by_redirect(query_of(written_request(logout()), key_pair(), parameter="SAMLResponse")),
        "not_a_logout",
    ),
    "an answer to a sign-in": (
        lambda: by_redirect(query_of(forged(shape_for("_x")), key_pair(), parameter="SAMLResponse")),
        "signature_misplaced",
    ),
    "another encoding": (
        lambda: by_redirect(query_of(written_request(logout()), key_pair()) + "&SAMLEncoding=none"),
        "encoding",
    ),
    "not deflated": (
        lambda: by_redirect(_signed_raw(b"<x/>")),
        "not_deflated",
    ),
    "a bomb": (lambda: by_redirect(query_of(b" " * 30_000_000, key_pair())), "too_large"),
    "an endless query": (lambda: by_redirect("SAMLRequest=" + "A" * 70_000), "too_large"),
    "letters that no query has": (lambda: by_redirect("SAMLRequest=\u00fc"), "not_base64"),
    "a message in another alphabet": (
        lambda: by_redirect(
            query_of(written_request(logout()), key_pair()).replace("SAMLRequest=", "SAMLRequest=_-", 1)
        ),
        "wrong_signature",
    ),
    "a signature in another alphabet": (
        lambda: by_redirect(query_of(written_request(logout()), key_pair()) + "_-"),
        "not_base64",
    ),
    "bytes that no stream begins with": (lambda: by_redirect(_signed_raw(b"\xff\xff\xff")), "not_deflated"),
    "bytes behind the message": (lambda: by_redirect(_signed_raw(_deflated() + b"more")), "not_deflated"),
    "a message cut short": (lambda: by_redirect(_signed_raw(_deflated()[:-5])), "not_deflated"),
    "a document type": (
        lambda: by_redirect(query_of("<!DOCTYPE x>" + written_request(logout()), key_pair())),
        "forbidden_markup",
    ),
    "a comment in the name": (
        lambda: by_redirect(query_of(written_request(logout(name_id="00u1<!-- -->lena")), key_pair())),
        "forbidden_markup",
    ),
    "no destination": (
        lambda: by_redirect(query_of(written_request(logout(destination=None)), key_pair())),
        "destination",
    ),
    "another destination": (
        lambda: by_redirect(query_of(written_request(logout(destination=f"{ORIGIN}{SLS}.evil")), key_pair())),
        "destination",
    ),
    "another organization's destination": (
        lambda: by_redirect(
            query_of(written_request(logout(destination=f"http://beta.localhost:8000{SLS}")), key_pair())
        ),
        "destination",
    ),
    "no issuer": (lambda: by_redirect(query_of(written_request(logout(issuer=None)), key_pair())), "not_one_issuer"),
    "another issuer": (
        lambda: by_redirect(query_of(written_request(logout(issuer="https://idp.example/METADATA")), key_pair())),
        "issuer",
    ),
    "issued eleven minutes ago": (
        lambda: by_redirect(query_of(written_request(logout(issued=-660)), key_pair())),
        "issue_instant",
    ),
    "issued in the future": (
        lambda: by_redirect(query_of(written_request(logout(issued=65)), key_pair())),
        "issue_instant",
    ),
    "too late": (lambda: by_redirect(query_of(written_request(logout(ends=-61)), key_pair())), "logout_expired"),
    "a time in another zone": (
        lambda: by_redirect(query_of(written_request(logout(ends="2099-01-01T00:00:00+01:00")), key_pair())),
        "time",
    ),
    "version 1.1": (lambda: by_redirect(query_of(written_request(logout(version="1.1")), key_pair())), "version"),
    "no name": (lambda: by_redirect(query_of(written_request(logout(name_id=None)), key_pair())), "against_schema"),
    "an empty name": (lambda: by_redirect(query_of(written_request(logout(name_id="")), key_pair())), "subject"),
    "a passing name": (
        lambda: by_redirect(
            query_of(
                written_request(logout(name_id_format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient")),
                key_pair(),
            )
        ),
        "subject_format",
    ),
    "an empty index": (
        lambda: by_redirect(query_of(written_request(logout(indexes=("",))), key_pair())),
        "session_index",
    ),
    "a hundred and one indexes": (
        lambda: by_redirect(query_of(written_request(logout(indexes=("s1",) * 101)), key_pair())),
        "session_index",
    ),
    "a form without a signature": (
        lambda: ANYBODY.post(SLS, form_of(written_request(logout()), None)),
        "not_signed",
    ),
    "a form signed by a stranger": (
        lambda: ANYBODY.post(SLS, form_of(written_request(logout()), Signing(key_pair(bits=3072)))),
        "wrong_signature",
    ),
    "a form signed with sha-1": (
        lambda: ANYBODY.post(
            SLS,
            form_of(
                written_request(logout()),
                Signing(key_pair(), method="http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
            ),
        ),
        "signature_method",
    ),
    "a form with a signature beside it": (
        lambda: ANYBODY.post(
            SLS, {**form_of(written_request(logout()), None), "SigAlg": RSA_SHA256, "Signature": "AAAA"}
        ),
        "signature_misplaced",
    ),
    "a form whose signature is over nothing": (
        lambda: ANYBODY.post(SLS, form_of(written_request(logout()), Signing(key_pair(), uri=""))),
        "reference",
    ),
    "a form and an address": (
        lambda: ANYBODY.post(
            f"{SLS}?{query_of(written_request(logout()), key_pair())}",
            form_of(written_request(logout()), Signing(key_pair())),
        ),
        "two_messages",
    ),
    "a form with two messages of a name": (
        lambda: ANYBODY.post(
            SLS, {"SAMLRequest": [form_of(written_request(logout()), Signing(key_pair()))["SAMLRequest"]] * 2}
        ),
        "repeated_parameter",
    ),
    "a form with a request wrapped in another": (lambda: ANYBODY.post(SLS, _wrapped()), "against_schema"),
    "an answer that nobody asked for": (
        lambda: by_redirect(
            query_of(
                written_response(at=now(), destination=f"{ORIGIN}{SLS}", in_response_to="_x"),
                key_pair(),
                parameter="SAMLResponse",
            )
        ),
        "not_asked_for",
    ),
}


def _deflated() -> bytes:
    return base64.b64decode(packed(written_request(logout())))


def _signed_raw(data: bytes) -> str:
    """Bytes in place of a message, with a good signature over them."""
    octets = f"SAMLRequest={quote(base64.b64encode(data).decode(), safe='')}&SigAlg={quote(RSA_SHA256, safe='')}"
    return f"{octets}&Signature={quote(signature_of(octets, key_pair()), safe='')}"


def _wrapped() -> dict[str, str]:
    """An old, well signed request for nobody inside an unsigned one for Lena."""
    signed = base64.b64decode(form_of(written_request(logout(name_id="nobody")), Signing(key_pair()))["SAMLRequest"])
    outer = etree.fromstring(written_request(logout(extra="<samlp:Extensions/>")).encode())
    outer[1].append(etree.fromstring(signed))
    return {"SAMLRequest": base64.b64encode(etree.tostring(outer)).decode()}


@pytest.mark.parametrize(("send", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_a_dishonest_message_is_refused_and_ends_nothing(signed_in: Browser, send: Callable[[], Any], why: str) -> None:
    answer = send()
    assert answer.status_code == 403
    assert "could not be verified" in answer.content.decode()
    assert reason() == why
    assert signed_in.is_signed_in()
    assert by_redirect(query_of(written_request(logout()), key_pair())).status_code == 200
    assert not signed_in.is_signed_in(), "the honest one does"
