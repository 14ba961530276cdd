"""Signatures that are missing, weak, of the wrong key, or that cover something else than what is read."""

import base64
import copy
from collections.abc import Callable
from typing import Any

import pytest
import xmlsec
from lxml import etree

from apps.accounts.models import SAMLProvider
from apps.accounts.sso.saml_settings import KEY_PURPOSE
from apps.kernel.storage.sealed_values import seal
from tests.accounts.saml.conftest import Browser, last_reason, shape_for
from tests.doubles.saml_forge import (
    DS,
    ENVELOPED,
    EXCLUSIVE,
    MORE,
    RSA_SHA256,
    SAML,
    SAMLP,
    encrypted,
    forged,
    key_pair,
    posted,
    written,
)

INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
KINDS: list[tuple[str, ...]] = [("assertion",), ("response",), ("assertion", "response")]
EVIL = "00u9evil"


def refused(answer: Any) -> None:
    assert answer.status_code == 403, answer["Location"] if answer.status_code == 302 else answer.content[:200]


def assertion_in(root: Any) -> Any:
    return root.find(f"{{{SAML}}}Assertion")


def signature_in(element: Any) -> Any:
    return element.find(f"{{{DS}}}Signature")


def evil(element: Any) -> Any:
    """A copy that says somebody else, with ids of its own and no signature."""
    made = copy.deepcopy(element)
    for found in made.iter():
        if found.get("ID"):
            found.set("ID", "_evil" + found.get("ID"))
    for signature in list(made.iter(f"{{{DS}}}Signature")):
        signature.getparent().remove(signature)
    for name_id in made.iter(f"{{{SAML}}}NameID"):
        name_id.text = EVIL
    return made


def _wrap_in_response(root: Any, place: str) -> Any:
    """An evil response around the honest one."""
    outer = evil(root)
    holder = etree.SubElement(outer, f"{{{SAMLP}}}Extensions") if place == "extensions" else outer
    if place == "extensions":
        outer.remove(holder)
        outer.insert(1, holder)
    honest = copy.deepcopy(root)
    signature = signature_in(honest)
    if signature is None:
        signature = signature_in(assertion_in(honest))
    if place == "signature":
        moved = copy.deepcopy(signature)
        signature.getparent().remove(signature)
        etree.SubElement(moved, f"{{{DS}}}Object").append(honest)
        outer.insert(1, moved)
    else:
        holder.append(honest)
    return outer


def _beside(root: Any, place: str) -> Any:
    """An evil assertion beside, around or within the honest one."""
    made = copy.deepcopy(root)
    honest = assertion_in(made)
    false = evil(honest)
    if place == "before":
        honest.addprevious(false)
    elif place == "after":
        honest.addnext(false)
    elif place == "around":
        made.replace(honest, false)
        false.append(honest)
    elif place == "extensions":
        made.replace(honest, false)
        holder = etree.Element(f"{{{SAMLP}}}Extensions")
        holder.append(honest)
        made.insert(1, holder)
    elif place == "object":
        found = signature_in(honest)
        signature = copy.deepcopy(signature_in(made) if found is None else found)
        hidden = copy.deepcopy(honest)
        if found is not None:
            hidden.remove(signature_in(hidden))
        etree.SubElement(signature, f"{{{DS}}}Object").append(hidden)
        made.replace(honest, false)
        (made if found is None else false).insert(1, signature)
    elif place == "advice":
        made.replace(honest, false)
        etree.SubElement(false, f"{{{SAML}}}Advice").append(honest)
    return made


def _changed(root: Any, place: str) -> Any:
    """The signed element itself is changed, and an honest copy hidden elsewhere under the same id."""
    made = copy.deepcopy(root)
    honest = copy.deepcopy(assertion_in(made))
    next(assertion_in(made).iter(f"{{{SAML}}}NameID")).text = EVIL
    if place == "end":
        made.append(honest)
    return made


WRAPS: dict[str, Callable[[Any], Any]] = {
    "1 honest response in the signature": lambda root: _wrap_in_response(root, "signature"),
    "2 honest response behind": lambda root: _wrap_in_response(root, "behind"),
    "3 evil assertion before": lambda root: _beside(root, "before"),
    "4 evil assertion around": lambda root: _beside(root, "around"),
    "5 changed, honest copy at the end": lambda root: _changed(root, "end"),
    "6 honest assertion in the signature": lambda root: _beside(root, "object"),
    "7 honest assertion in extensions": lambda root: _beside(root, "extensions"),
    "8 honest assertion in advice": lambda root: _beside(root, "advice"),
    "9 honest response in extensions": lambda root: _wrap_in_response(root, "extensions"),
    "10 evil assertion after": lambda root: _beside(root, "after"),
    "11 changed alone": lambda root: _changed(root, ""),
}


@pytest.mark.parametrize("signed", KINDS, ids="+".join)
@pytest.mark.parametrize("wrap", WRAPS.values(), ids=WRAPS.keys())
def test_signature_wrapping_is_refused(browser: Browser, wrap: Callable[[Any], Any], signed: tuple[str, ...]) -> None:
    root = etree.fromstring(forged(shape_for(browser.begin(), signed=signed)))
    refused(browser.post(etree.tostring(wrap(root))))
    assert not browser.is_signed_in()


def _stripped(root: Any, *names: str) -> bytes:
    for name in names:
        element = root if name == "response" else assertion_in(root)
        if (signature := signature_in(element)) is not None:
            element.remove(signature)
    return etree.tostring(root)


@pytest.mark.parametrize(
    ("signed", "stripped"),
    [(kind, kind) for kind in KINDS],
    ids="+".join,
)
def test_a_removed_signature_is_no_signature(
    browser: Browser, signed: tuple[str, ...], stripped: tuple[str, ...]
) -> None:
    root = etree.fromstring(forged(shape_for(browser.begin(), signed=signed)))
    refused(browser.post(_stripped(root, *stripped)))
    assert last_reason() == "not_signed"


def test_unsigned_is_refused(browser: Browser) -> None:
    refused(browser.post(written(shape_for(browser.begin()))))
    assert last_reason() == "not_signed"


def test_an_empty_signature_is_refused(browser: Browser) -> None:
    shape = shape_for(browser.begin())
    xml = written(shape).replace("</saml:Issuer><saml:Subject", f'</saml:Issuer><Signature xmlns="{DS}"/><saml:Subject')
    refused(browser.post(xml))
    assert last_reason() == "against_schema", "it is there, and it is empty: not merely missing"


ODD_SIGNINGS: dict[str, dict[str, Any]] = {
    "rsa-sha1": {"method": f"{DS}rsa-sha1"},
    "rsa-md5": {"method": f"{MORE}rsa-md5"},
    "sha1 digest": {"digest": f"{DS}sha1"},
    "md5 digest": {"digest": f"{MORE}md5"},
    "sha224": {"method": f"{MORE}rsa-sha224"},
    "inclusive canonicalization": {"canonicalization": INCLUSIVE},
    "inclusive transform": {"transforms": (ENVELOPED, INCLUSIVE)},
    "canonicalization with comments": {"canonicalization": f"{EXCLUSIVE}WithComments"},
    "transform with comments": {"transforms": (ENVELOPED, f"{EXCLUSIVE}WithComments")},
    "no enveloped transform": {"transforms": (EXCLUSIVE,)},
    "no canonical transform": {"transforms": (ENVELOPED,)},
    "three transforms": {"transforms": (ENVELOPED, EXCLUSIVE, EXCLUSIVE)},
    "transforms in another order": {"transforms": (EXCLUSIVE, ENVELOPED)},
    "the whole document": {"uri": ""},
    "hmac keyed with the certificate": {
        "method": f"{MORE}hmac-sha256",
        "hmac_secret": key_pair().certificate.encode(),
        "with_certificate": False,
    },
}


@pytest.mark.parametrize("signed", KINDS[:2], ids="+".join)
@pytest.mark.parametrize("signing", ODD_SIGNINGS.values(), ids=ODD_SIGNINGS.keys())
def test_an_odd_way_to_sign_is_refused(browser: Browser, signing: dict[str, Any], signed: tuple[str, ...]) -> None:
    shape = shape_for(browser.begin(), signing=signing, signed=signed)
    try:
        response = forged(shape)
    except xmlsec.Error:
        # What the library will not even sign is written by hand: the name alone must be refused.
        response = forged(shape_for(shape.request_id, signed=signed))
        for part, usual in (("method", RSA_SHA256), ("digest", "http://www.w3.org/2001/04/xmlenc#sha256")):
            if part in signing:
                response = response.replace(usual.encode(), signing[part].encode())
        if "transforms" in signing:
            tags = [f'<ds:Transform Algorithm="{name}"/>'.encode() for name in (ENVELOPED, EXCLUSIVE)]
            response = response.replace(b"".join(tags), b"".join(reversed(tags)))
    refused(browser.post(response))
    assert last_reason() in {
        "signature_method",
        "digest_method",
        "canonicalization",
        "transforms",
        "reference",
        "against_schema",
    }


def test_another_key_is_refused_whatever_certificate_the_message_brings(browser: Browser) -> None:
    for with_certificate in (True, False):
        shape = shape_for(browser.begin(), key=key_pair(bits=3072), signing={"with_certificate": with_certificate})
        refused(browser.post(forged(shape)))
        assert last_reason() == "wrong_signature"


@pytest.mark.parametrize(
    "certificate",
    [
        pytest.param(key_pair(ends_in_days=0), id="expired"),
        pytest.param(key_pair(begins_in_days=2), id="not yet valid"),
    ],
)
def test_a_certificate_counts_only_while_it_is_valid(
    browser: Browser, provider: SAMLProvider, certificate: Any
) -> None:
    provider.certificates = [certificate.certificate]
    provider.save()
    refused(browser.post(forged(shape_for(browser.begin(), key=certificate))))
    assert last_reason() == "certificates_expired"


def edited(name: str, edit: Callable[[Any], None]) -> Any:
    def change(root: Any) -> Any:
        edit(next(root.iter(f"{{{DS}}}{name}")))
        return root

    return change


def _repeat(element: Any) -> None:
    element.addnext(copy.deepcopy(element))


EDITS: dict[str, Callable[[Any], Any]] = {
    "reference to nothing": edited("Reference", lambda e: e.set("URI", "")),
    "no reference": edited("Reference", lambda e: e.attrib.pop("URI")),
    "reference without its hash": edited("Reference", lambda e: e.set("URI", e.get("URI")[1:])),
    "reference to another id": edited("Reference", lambda e: e.set("URI", "#other")),
    "reference by xpointer": edited("Reference", lambda e: e.set("URI", f"#xpointer(id('{e.get('URI')[1:]}'))")),
    "reference to everything": edited("Reference", lambda e: e.set("URI", "#xpointer(/)")),
    "reference with a quote": edited("Reference", lambda e: e.set("URI", e.get("URI") + "'")),
    "two references": edited("Reference", _repeat),
    "two signed infos": edited("SignedInfo", _repeat),
    "two signatures": edited("Signature", _repeat),
    "two digest values": edited("DigestValue", _repeat),
    "an element in the digest": edited("DigestValue", lambda e: e.append(etree.Element("x"))),
    "an element in the value": edited("SignatureValue", lambda e: e.append(etree.Element("x"))),
    "another digest": edited("DigestValue", lambda e: setattr(e, "text", base64.b64encode(b"0" * 32).decode())),
    "another value": edited("SignatureValue", lambda e: setattr(e, "text", base64.b64encode(b"0" * 256).decode())),
    "no value": edited("SignatureValue", lambda e: setattr(e, "text", "")),
    "an xslt transform": edited(
        "Transform", lambda e: e.set("Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")
    ),
    "an xpath transform": edited(
        "Transform", lambda e: e.set("Algorithm", "http://www.w3.org/TR/1999/REC-xpath-19991116")
    ),
    "a base64 transform": edited("Transform", lambda e: e.set("Algorithm", f"{DS}base64")),
    "no transforms": edited("Transforms", lambda e: e.getparent().remove(e)),
    "an unknown method": edited("SignatureMethod", lambda e: e.set("Algorithm", "urn:none")),
    "method none": edited("SignatureMethod", lambda e: e.set("Algorithm", "none")),
    "an unknown digest": edited("DigestMethod", lambda e: e.set("Algorithm", "urn:none")),
}


@pytest.mark.parametrize("signed", KINDS[:2], ids="+".join)
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_a_signature_that_was_tampered_with_is_refused(
    browser: Browser, edit: Callable[[Any], Any], signed: tuple[str, ...]
) -> None:
    root = etree.fromstring(forged(shape_for(browser.begin(), signed=signed)))
    refused(browser.post(etree.tostring(edit(root))))


@pytest.fixture
def own_key(provider: SAMLProvider) -> Any:
    own = key_pair(bits=2049)
    provider.own_certificate, provider.own_key_sealed = own.certificate, seal(own.private, purpose=KEY_PURPOSE)
    provider.save()
    return own


def _tampered(response: bytes, edit: Callable[[Any], None]) -> bytes:
    root = etree.fromstring(response)
    edit(root)
    return etree.tostring(root)


def _flip(place: int) -> Callable[[Any], None]:
    def edit(root: Any) -> None:
        value = root.findall(".//{http://www.w3.org/2001/04/xmlenc#}CipherValue")[place]
        raw = bytearray(base64.b64decode(value.text))
        raw[len(raw) // 2] ^= 1
        value.text = base64.b64encode(bytes(raw)).decode()

    return edit


def edited_key(root: Any) -> None:
    key = root.find(".//{http://www.w3.org/2001/04/xmlenc#}EncryptedKey")
    key.getparent().remove(key)


ENCRYPTIONS: dict[str, Callable[[bytes, Any], bytes]] = {
    "cbc": lambda r, own: encrypted(r, own.certificate, data=xmlsec.constants.TransformAes256Cbc),
    "pkcs 1.5": lambda r, own: encrypted(r, own.certificate, transport=xmlsec.constants.TransformRsaPkcs1),
    "for another key": lambda r, own: encrypted(r, key_pair(bits=3072).certificate),
    "the ciphertext changed": lambda r, own: _tampered(encrypted(r, own.certificate), _flip(-1)),
    "the key changed": lambda r, own: _tampered(encrypted(r, own.certificate), _flip(0)),
    "the key is gone": lambda r, own: _tampered(
        encrypted(r, own.certificate),
        edited_key,
    ),
}


@pytest.mark.parametrize("make", ENCRYPTIONS.values(), ids=ENCRYPTIONS.keys())
def test_what_does_not_open_is_refused_in_one_way(
    browser: Browser, own_key: Any, make: Callable[[bytes, Any], bytes]
) -> None:
    answer = browser.post(make(forged(shape_for(browser.begin())), own_key))
    refused(answer)
    assert last_reason() in {"not_decrypted", "not_one_encryptedkey", "against_schema"}
    good = browser.post(encrypted(forged(shape_for(browser.begin())), own_key.certificate))
    assert good.status_code == 302


def test_encryption_is_no_signature(browser: Browser, own_key: Any) -> None:
    shape = shape_for(browser.begin(), signed=())
    refused(browser.post(encrypted(forged(shape), own_key.certificate)))
    assert last_reason() == "not_signed"


def test_an_evil_assertion_beside_an_encrypted_one_is_refused(browser: Browser, own_key: Any) -> None:
    honest = forged(shape_for(browser.begin()))
    root = etree.fromstring(encrypted(honest, own_key.certificate))
    root.append(evil(assertion_in(etree.fromstring(honest))))
    refused(browser.post(etree.tostring(root)))
    assert last_reason() == "not_one_assertion"


def test_without_a_key_of_ours_nothing_opens(browser: Browser) -> None:
    response = encrypted(forged(shape_for(browser.begin())), key_pair(bits=2049).certificate)
    refused(browser.post(response))
    assert last_reason() == "not_decrypted"


def test_posted_is_what_the_browser_posts() -> None:
    assert base64.b64decode(posted("<x/>")["SAMLResponse"]) == b"<x/>"
