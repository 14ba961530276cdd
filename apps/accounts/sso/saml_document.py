"""A SAML response as bytes and as a tree: what is refused before any signature is looked at."""

import base64
import binascii
import re
from collections.abc import Iterator

from lxml import etree

from apps.accounts.sso.saml_errors import SAMLInvalidError

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
DS = "http://www.w3.org/2000/09/xmldsig#"
XENC = "http://www.w3.org/2001/04/xmlenc#"

LONGEST_BYTES = 256 * 1024
MOST_ELEMENTS = 5_000
DEEPEST = 40
_LINE_BREAKS = str.maketrans("", "", "\r\n")
_DECLARATION = re.compile(r'<\?xml version="1\.0"(?: encoding="(?i:utf-8)")?(?: standalone="(?:yes|no)")?\s*\?>')
_ID_NAMES = ("ID", "Id", "id", "{http://www.w3.org/XML/1998/namespace}id")


def decoded(parameter: str) -> bytes:
    """The bytes of a `SAMLResponse` form field: strict base64, at most 256 KiB; SAMLInvalidError."""
    if len(parameter) > LONGEST_BYTES * 2:
        raise SAMLInvalidError("too_large")
    try:
        data = base64.b64decode(parameter.translate(_LINE_BREAKS), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SAMLInvalidError("not_base64") from error
    if not data or len(data) > LONGEST_BYTES:
        raise SAMLInvalidError("too_large" if data else "not_base64")
    return data


def parsed(data: bytes) -> "etree._Element":
    """The root. No DTD, comment, processing instruction or CDATA: each has been a way to make two readers read two things."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SAMLInvalidError("not_utf8") from error
    text = _DECLARATION.sub("", text, count=1) if text.startswith("<?xml") else text
    if "<!" in text or "<?" in text or text.startswith("\ufeff"):
        raise SAMLInvalidError("forbidden_markup")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise SAMLInvalidError("not_xml") from error
    _refuse_large(root)
    return root


def refuse_unusual_shape(root: "etree._Element") -> None:
    """Exactly one Response with exactly one assertion, as its own child; every ID once; every text undivided."""
    if root.tag != f"{{{SAMLP}}}Response":
        raise SAMLInvalidError("not_a_response")
    plain, sealed = list(root.iter(f"{{{SAML}}}Assertion")), list(root.iter(f"{{{SAML}}}EncryptedAssertion"))
    if len(plain) + len(sealed) != 1 or (plain + sealed)[0].getparent() is not root:
        raise SAMLInvalidError("not_one_assertion")
    if sum(1 for _ in root.iter(f"{{{SAMLP}}}Response")) != 1:
        raise SAMLInvalidError("nested_response")
    refuse_repeated_ids(root)


def refuse_repeated_ids(root: "etree._Element") -> None:
    """Two elements of one ID: the signature could be of the other one."""
    ids = [value for element in root.iter() for name in _ID_NAMES if (value := element.get(name)) is not None]
    if len(ids) != len(set(ids)):
        raise SAMLInvalidError("repeated_id")


def children(element: "etree._Element", name: str, *, namespace: str = SAML) -> "list[etree._Element]":
    """The direct children of this name."""
    return element.findall(f"{{{namespace}}}{name}")


def only_child(element: "etree._Element", name: str, *, namespace: str = SAML) -> "etree._Element":
    """The one direct child of this name; SAMLInvalidError when there is none, or a second one."""
    found = children(element, name, namespace=namespace)
    if len(found) != 1:
        reason = f"not_one_{name.lower()}"
        raise SAMLInvalidError(reason)
    return found[0]


def plain_text(element: "etree._Element") -> str:
    """The text of an element that holds nothing but text; SAMLInvalidError for one that holds elements."""
    if len(element):
        raise SAMLInvalidError("divided_text")
    return element.text or ""


def _refuse_large(root: "etree._Element") -> None:
    for count, depth in enumerate(_depths(root), start=1):
        if count > MOST_ELEMENTS or depth > DEEPEST:
            raise SAMLInvalidError("too_large")


def _depths(root: "etree._Element") -> Iterator[int]:
    waiting = [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        yield depth
        waiting.extend((child, depth + 1) for child in element)
