"""Which element a trusted key has signed. What is read afterwards is parsed anew from the very bytes that were signed."""

import functools
from collections.abc import Callable, Sequence
from pathlib import Path

import onelogin.saml2
import xmlsec
from lxml import etree

from apps.accounts.sso.saml_document import (
    DS,
    SAML,
    children,
    only_child,
    parsed,
    plain_text,
    refuse_repeated_ids,
)
from apps.accounts.sso.saml_errors import SAMLInvalidError

_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_ENVELOPED = f"{DS}enveloped-signature"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
SIGNATURE_METHODS = frozenset(f"{_MORE}{kind}-sha{bits}" for kind in ("rsa", "ecdsa") for bits in (256, 384, 512))
_DIGEST_METHODS = frozenset(
    {
        "http://www.w3.org/2001/04/xmlenc#sha256",
        "http://www.w3.org/2001/04/xmldsig-more#sha384",
        "http://www.w3.org/2001/04/xmlenc#sha512",
    }
)


def verified(
    root: "etree._Element", *, certificates: Sequence[str], decrypt: "Callable[[etree._Element], bytes]"
) -> "tuple[etree._Element, bool]":
    """The assertion as it was signed, and whether the response around it was signed too.

    `certificates` are the provider's, in PEM; a key that the message itself brings is never used. `decrypt` opens an
    EncryptedAssertion. Every signature must be good, and one must cover the assertion. Raises SAMLInvalidError.
    """
    refuse_against_schema(root)
    response = _signed_form(root, certificates)
    around = root if response is None else response
    if not children(around, "EncryptedAssertion"):
        plain = only_child(root, "Assertion")
        _refuse_stray_signatures(root, (root, plain))
        assertion = _signed_form(plain, certificates)
        return _covered(assertion, response, lambda: only_child(around, "Assertion")), response is not None
    _refuse_stray_signatures(root, (root,))
    opened = parsed(decrypt(only_child(around, "EncryptedAssertion")))
    _refuse_unusual_plaintext(opened)
    return _covered(_signed_form(opened, certificates), response, lambda: opened), response is not None


def signed_message(root: "etree._Element", *, certificates: Sequence[str]) -> "etree._Element":
    """A message that is signed as a whole, as it was signed; SAMLInvalidError."""
    refuse_against_schema(root)
    refuse_repeated_ids(root)
    _refuse_stray_signatures(root, (root,))
    signed = _signed_form(root, certificates)
    if signed is None:
        raise SAMLInvalidError("not_signed")
    return signed


def refuse_against_schema(root: "etree._Element") -> None:
    """SAMLInvalidError for what the protocol's schema does not know."""
    if not _schema().validate(root):
        raise SAMLInvalidError("against_schema")


def refuse_signatures(root: "etree._Element") -> None:
    """A message whose signature lies beside it holds none inside: two signatures could be of two readings."""
    _refuse_stray_signatures(root, ())


def _covered(
    assertion: "etree._Element | None", response: "etree._Element | None", within: "Callable[[], etree._Element]"
) -> "etree._Element":
    if assertion is not None:
        return assertion
    if response is None:
        raise SAMLInvalidError("not_signed")
    return within()


def _refuse_stray_signatures(root: "etree._Element", allowed: "Sequence[etree._Element]") -> None:
    for signature in root.iter(f"{{{DS}}}Signature"):
        if not any(signature.getparent() is element for element in allowed):
            raise SAMLInvalidError("signature_misplaced")


def _refuse_unusual_plaintext(opened: "etree._Element") -> None:
    """What was encrypted is one assertion and nothing else."""
    nested = sum(1 for name in ("Assertion", "EncryptedAssertion") for _ in opened.iter(f"{{{SAML}}}{name}"))
    if opened.tag != f"{{{SAML}}}Assertion" or nested != 1:
        raise SAMLInvalidError("not_one_assertion")
    refuse_repeated_ids(opened)
    _refuse_stray_signatures(opened, (opened,))


def _signed_form(element: "etree._Element", certificates: Sequence[str]) -> "etree._Element | None":
    """The element as its own signature covers it; None when it has none."""
    signatures = children(element, "Signature", namespace=DS)
    if not signatures:
        return None
    if len(signatures) > 1:
        raise SAMLInvalidError("signature_repeated")
    _refuse_unusual_signature(signatures[0])
    _refuse_wrong_signature(signatures[0], element, certificates)
    return _as_signed(element)


@functools.lru_cache(maxsize=1)
def _schema() -> etree.XMLSchema:
    place = Path(onelogin.saml2.__file__).parent / "schemas" / "saml-schema-protocol-2.0.xsd"
    return etree.XMLSchema(etree.parse(str(place)))


def _refuse_unusual_signature(signature: "etree._Element") -> None:
    info = only_child(signature, "SignedInfo", namespace=DS)
    if only_child(info, "CanonicalizationMethod", namespace=DS).get("Algorithm") != _EXCLUSIVE:
        raise SAMLInvalidError("canonicalization")
    if only_child(info, "SignatureMethod", namespace=DS).get("Algorithm") not in SIGNATURE_METHODS:
        raise SAMLInvalidError("signature_method")
    reference = only_child(info, "Reference", namespace=DS)
    signed = signature.getparent()
    if signed is None or not signed.get("ID") or reference.get("URI") != f"#{signed.get('ID')}":
        raise SAMLInvalidError("reference")
    transforms = [
        transform.get("Algorithm")
        for transform in children(only_child(reference, "Transforms", namespace=DS), "Transform", namespace=DS)
    ]
    if transforms != [_ENVELOPED, _EXCLUSIVE]:
        raise SAMLInvalidError("transforms")
    if only_child(reference, "DigestMethod", namespace=DS).get("Algorithm") not in _DIGEST_METHODS:
        raise SAMLInvalidError("digest_method")
    plain_text(only_child(reference, "DigestValue", namespace=DS))
    plain_text(only_child(signature, "SignatureValue", namespace=DS))


def _refuse_wrong_signature(signature: "etree._Element", signed: "etree._Element", certificates: Sequence[str]) -> None:
    xmlsec.tree.add_ids(signed, ["ID"])
    for certificate in certificates:
        context = xmlsec.SignatureContext()
        try:
            context.key = xmlsec.Key.from_memory(certificate, xmlsec.constants.KeyDataFormatCertPem, None)
            # Only the key given above: nothing of the message's KeyInfo is read.
            context.set_enabled_key_data([xmlsec.constants.KeyDataX509])
            context.verify(signature)
        except xmlsec.Error:
            continue
        return
    raise SAMLInvalidError("wrong_signature")


def _as_signed(element: "etree._Element") -> "etree._Element":
    """The element from its canonical bytes without its signature: what was hashed, and nothing that stood beside it."""
    copy = etree.fromstring(etree.tostring(element, method="c14n", exclusive=True, with_tail=False))
    for signature in children(copy, "Signature", namespace=DS):
        copy.remove(signature)
    return etree.fromstring(etree.tostring(copy, method="c14n", exclusive=True, with_tail=False))
