"""Open an encrypted assertion: few algorithms, one key inside, and one refusal whatever was wrong."""

from collections.abc import Callable, Sequence

from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from apps.accounts.sso.saml_document import DS, XENC, only_child
from apps.accounts.sso.saml_errors import SAMLInvalidError

_XENC11 = "http://www.w3.org/2009/xmlenc11#"
_GCM = frozenset({f"{_XENC11}aes128-gcm", f"{_XENC11}aes192-gcm", f"{_XENC11}aes256-gcm"})
_CBC = frozenset({f"{XENC}aes128-cbc", f"{XENC}aes192-cbc", f"{XENC}aes256-cbc"})
# PKCS #1 v1.5 padding is not among them: whoever may send many wrong ones could open a right one with it.
_KEY_METHODS = frozenset({f"{XENC}rsa-oaep-mgf1p", f"{_XENC11}rsa-oaep"})

ENCRYPTION_METHODS = (f"{_XENC11}aes256-gcm", f"{XENC}rsa-oaep-mgf1p")
"""What our metadata ask for."""


def opener(private_keys: Sequence[str], *, allows_cbc: bool) -> "Callable[[etree._Element], bytes]":
    """A function from an EncryptedAssertion to the plaintext; it raises SAMLInvalidError with the one reason `not_decrypted`.

    While we change keys there are two: a provider encrypts for the one that it knows.
    """
    methods = _GCM | _CBC if allows_cbc else _GCM

    def decrypt(sealed: "etree._Element") -> bytes:
        data = only_child(sealed, "EncryptedData", namespace=XENC)
        key = only_child(only_child(data, "KeyInfo", namespace=DS), "EncryptedKey", namespace=XENC)
        if not private_keys or _method(data) not in methods or _method(key) not in _KEY_METHODS:
            raise SAMLInvalidError("not_decrypted")
        *others, last = private_keys
        for private_key in others:
            try:
                return _opened(sealed, private_key)
            except SAMLInvalidError:
                continue
        return _opened(sealed, last)

    return decrypt


def _opened(sealed: "etree._Element", private_key: str) -> bytes:
    """The plaintext; SAMLInvalidError when this key does not open it."""
    try:
        # Opened where it stands, in a copy: the plaintext may use prefixes that are declared around it.
        copy = etree.fromstring(etree.tostring(sealed, with_tail=False))
        inner = only_child(copy, "EncryptedData", namespace=XENC)
        plain = OneLogin_Saml2_Utils.decrypt_element(inner, private_key, inplace=True)
        return etree.tostring(plain, encoding="unicode", with_tail=False).encode()
    # The library raises whatever its parts do; to the sender each must look the same.
    except Exception as error:
        raise SAMLInvalidError("not_decrypted") from error


def _method(element: "etree._Element") -> str:
    return only_child(element, "EncryptionMethod", namespace=XENC).get("Algorithm", "")
