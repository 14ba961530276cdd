"""Messages in an address (HTTP-Redirect binding): the signature is over the query as it came, octet by octet.

Decoding and encoding anew would sign another text: one provider writes `%2F`, the next one `%2f`.
"""

import base64
import binascii
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote, unquote, urlencode

import xmlsec

from apps.accounts.sso.saml_document import LONGEST_BYTES
from apps.accounts.sso.saml_errors import SAMLInvalidError
from apps.accounts.sso.saml_signature import SIGNATURE_METHODS

_LONGEST_QUERY = 64 * 1024
_MESSAGES = ("SAMLRequest", "SAMLResponse")
_KNOWN = frozenset({*_MESSAGES, "RelayState", "SigAlg", "Signature", "SAMLEncoding"})
_DEFLATE = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE"
_OWN_METHOD = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_TRANSFORMS = MappingProxyType(
    {
        f"{_MORE}rsa-sha256": xmlsec.constants.TransformRsaSha256,
        f"{_MORE}rsa-sha384": xmlsec.constants.TransformRsaSha384,
        f"{_MORE}rsa-sha512": xmlsec.constants.TransformRsaSha512,
        f"{_MORE}ecdsa-sha256": xmlsec.constants.TransformEcdsaSha256,
        f"{_MORE}ecdsa-sha384": xmlsec.constants.TransformEcdsaSha384,
        f"{_MORE}ecdsa-sha512": xmlsec.constants.TransformEcdsaSha512,
    }
)


@dataclass(frozen=True, slots=True)
class RedirectMessage:
    """A message that a trusted key has signed: the name it came under, its bytes, and the state that goes back with the answer."""

    parameter: str
    data: bytes
    relay_state: str


def read_redirect(query: str, *, certificates: Sequence[str]) -> RedirectMessage:
    """The message in this query, as it came; SAMLInvalidError unless one of these certificates' keys has signed it."""
    given = _parameters(query)
    found = [name for name in _MESSAGES if name in given]
    if len(found) != 1:
        raise SAMLInvalidError("two_messages" if found else "no_message")
    if "Signature" not in given or "SigAlg" not in given:
        raise SAMLInvalidError("not_signed")
    if unquote(given.get("SAMLEncoding", _DEFLATE)) != _DEFLATE:
        raise SAMLInvalidError("encoding")
    octets = "&".join(f"{name}={given[name]}" for name in (found[0], "RelayState", "SigAlg") if name in given)
    _refuse_wrong_signature(
        octets.encode(), unquote(given["SigAlg"]), _strict_base64(given["Signature"]), certificates=certificates
    )
    data = _inflated(_strict_base64(given[found[0]]))
    return RedirectMessage(found[0], data, unquote(given.get("RelayState", "")))


def signed_redirect(url: str, *, parameter: str, data: bytes, private_key: str, relay_state: str = "") -> str:
    """Where to send the browser with a message that our key signs."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = base64.b64encode(packer.compress(data) + packer.flush()).decode("ascii")
    values = {parameter: packed, **({"RelayState": relay_state} if relay_state else {}), "SigAlg": _OWN_METHOD}
    octets = urlencode(values, quote_via=quote, safe="")
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(private_key, xmlsec.constants.KeyDataFormatPem, None)
    signature = context.sign_binary(octets.encode(), _TRANSFORMS[_OWN_METHOD])
    signed = f"{octets}&Signature={quote(base64.b64encode(signature).decode('ascii'), safe='')}"
    return f"{url}{'&' if '?' in url else '?'}{signed}"


def _parameters(query: str) -> dict[str, str]:
    """Raw values by name. What we do not know has no say; what we know, said twice, is refused."""
    if len(query) > _LONGEST_QUERY or not query.isascii():
        raise SAMLInvalidError("too_large" if query.isascii() else "not_base64")
    given: dict[str, str] = {}
    for part in query.split("&"):
        name, _equals, value = part.partition("=")
        if name in given:
            raise SAMLInvalidError("repeated_parameter")
        if unquote(name) in _KNOWN:
            if name not in _KNOWN:
                raise SAMLInvalidError("repeated_parameter")
            given[name] = value
    return given


def _strict_base64(raw: str) -> bytes:
    text = unquote(raw).translate({ord("\r"): None, ord("\n"): None})
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SAMLInvalidError("not_base64") from error
    if not data:
        raise SAMLInvalidError("not_base64")
    return data


def _refuse_wrong_signature(octets: bytes, method: str, signature: bytes, *, certificates: Sequence[str]) -> None:
    if method not in SIGNATURE_METHODS:
        raise SAMLInvalidError("signature_method")
    for certificate in certificates:
        context = xmlsec.SignatureContext()
        try:
            context.key = xmlsec.Key.from_memory(certificate, xmlsec.constants.KeyDataFormatCertPem, None)
            context.verify_binary(octets, _TRANSFORMS[method], signature)
        except xmlsec.Error:
            continue
        return
    raise SAMLInvalidError("wrong_signature")


def _inflated(packed: bytes) -> bytes:
    """At most 256 KiB, whatever it would swell to; the stream ends where the data end."""
    opener = zlib.decompressobj(-15)
    try:
        data = opener.decompress(packed, LONGEST_BYTES + 1)
    except zlib.error as error:
        raise SAMLInvalidError("not_deflated") from error
    if len(data) > LONGEST_BYTES:
        raise SAMLInvalidError("too_large")
    if not opener.eof or opener.unused_data:
        raise SAMLInvalidError("not_deflated")
    return data
