"""Bytes that are no SAML response, or one that two readers could read in two ways: refused before any signature is looked at."""

import base64
import gzip
from typing import Any

import pytest
from django.test import Client

from tests.accounts.saml.conftest import Browser, last_reason, shape_for
from tests.doubles.saml_forge import forged


def _honest(browser: Browser) -> str:
    return forged(shape_for(browser.begin())).decode()


def _post(raw: str) -> Any:
    return Client(HTTP_HOST="alpha.localhost").post("/saml/okta/acs/", {"SAMLResponse": raw})


def _packed(text: str, encoding: str = "utf-8") -> str:
    return base64.b64encode(text.encode(encoding)).decode("ascii")


DTD = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
BOMB = (
    '<!DOCTYPE l [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(8))
    + "]>"
)

MARKUP = {
    "a comment in the subject": lambda xml: xml.replace("00u1lena", "00u1<!-- x -->lena"),
    "a comment in the digest": lambda xml: xml.replace("<ds:DigestValue>", "<ds:DigestValue><!--x-->"),
    "a comment at the end": lambda xml: xml + "<!-- x -->",
    "an instruction in the subject": lambda xml: xml.replace("00u1lena", "00u1<?x?>lena"),
    "an instruction before": lambda xml: "<?x y?>" + xml,
    "character data in the subject": lambda xml: xml.replace("00u1lena", "<![CDATA[00u1lena]]>"),
    "character data in an attribute's value": lambda xml: xml.replace("Lena Lang", "<![CDATA[Lena]]> Lang"),
    "a document type": lambda xml: "<!DOCTYPE r>" + xml,
    "an external entity": lambda xml: DTD + xml.replace("00u1lena", "&x;"),
    "a parameter entity": lambda xml: '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x">%p;]>' + xml,
    "a billion laughs": lambda xml: BOMB + xml.replace("00u1lena", "&i;"),
    "two declarations": lambda xml: '<?xml version="1.0"?><?xml version="1.0"?>' + xml,
    "a declaration of another encoding": lambda xml: '<?xml version="1.0" encoding="UTF-16"?>' + xml,
    "a declaration of latin-1": lambda xml: '<?xml version="1.0" encoding="ISO-8859-1"?>' + xml,
    "xml 1.1": lambda xml: '<?xml version="1.1"?>' + xml,
    "a byte order mark": lambda xml: "\ufeff" + xml,
    "a style sheet": lambda xml: '<?xml-stylesheet href="x"?>' + xml,
}
NOT_XML = {
    "nothing": lambda _xml: "",
    "words": lambda _xml: "not xml",
    "half of it": lambda xml: xml[: len(xml) // 2],
    "something behind it": lambda xml: xml + "<x/>",
    "something before it": lambda xml: "x" + xml,
    "an unknown entity": lambda xml: xml.replace("00u1lena", "&unknown;"),
    "a character that xml does not know": lambda xml: xml.replace("00u1lena", "00u1\x00lena"),
    "an undeclared prefix": lambda xml: xml.replace("<saml:Subject>", "<evil:Subject>"),
}
OTHER_SHAPES = {
    "a page": lambda _xml: "<html/>",
    "an assertion alone": lambda xml: xml[xml.index("<saml:Assertion") : xml.index("</samlp:Response>")],
    "a request": lambda xml: xml.replace("samlp:Response", "samlp:AuthnRequest"),
    "a response of another namespace": lambda xml: xml.replace(
        'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"', 'xmlns:samlp="urn:other"'
    ),
    "an assertion of another namespace": lambda xml: xml.replace("urn:oasis:names:tc:SAML:2.0:assertion", "urn:other"),
    "no assertion": lambda xml: xml[: xml.index("<saml:Assertion")] + "</samlp:Response>",
    "two assertions": lambda xml: xml.replace(
        "</samlp:Response>",
        xml[xml.index("<saml:Assertion") : xml.index("</samlp:Response>")] + "</samlp:Response>",
    ),
    "an include": lambda xml: xml.replace(
        "</saml:Subject>",
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/hostname"/></saml:Subject>',
    ),
    "an unknown element": lambda xml: xml.replace("</samlp:Status>", "</samlp:Status><samlp:Other/>"),
}
LARGE = {
    "one byte too many": lambda xml: xml.replace("Lena Lang", "L" * (256 * 1024 + 1 - len(xml) + 9)),
    "ten megabytes": lambda xml: xml.replace("Lena Lang", "L" * 10_000_000),
    "forty-one deep": lambda xml: xml.replace("Lena Lang", "<a>" * 41 + "</a>" * 41),
    "three hundred deep": lambda xml: xml.replace("Lena Lang", "<a>" * 300 + "</a>" * 300),
    "six thousand elements": lambda xml: xml.replace("Lena Lang", "<a/>" * 6000),
}


def _table(*tables: dict[str, Any]) -> list[Any]:
    return [pytest.param(change, id=name) for table in tables for name, change in table.items()]


@pytest.mark.parametrize("change", _table(MARKUP, NOT_XML, OTHER_SHAPES, LARGE))
def test_a_strange_document_is_refused_in_one_way(browser: Browser, change: Any) -> None:
    honest = _honest(browser)
    answer = _post(_packed(change(honest)))
    assert answer.status_code in {400, 403}
    assert not browser.is_signed_in()
    assert _post(_packed(honest)).status_code == 302, "the honest one is still good: refusing it used nothing up"


@pytest.mark.parametrize("change", _table(MARKUP))
def test_what_could_be_read_in_two_ways_is_named_so(browser: Browser, change: Any) -> None:
    _post(_packed(change(_honest(browser))))
    assert last_reason() in {"forbidden_markup", "not_xml", "not_utf8"}


ENCODINGS = {
    "not base64": lambda xml: xml,
    "the url-safe alphabet": lambda xml: base64.urlsafe_b64encode(xml.encode() + b"\xff\xfe\xfb" * 3).decode(),
    "twice": lambda xml: _packed(_packed(xml)),
    "spaces in it": lambda xml: _packed(xml)[:40] + " " + _packed(xml)[40:],
    "letters behind it": lambda xml: _packed(xml) + "!!!!",
    "cut padding": lambda xml: _packed(xml + " " * ((2 - len(xml)) % 3)).rstrip("="),
    "compressed": lambda xml: base64.b64encode(gzip.compress(xml.encode())).decode(),
    "utf-16": lambda xml: _packed(xml, "utf-16"),
    "utf-7": lambda xml: _packed(xml.replace("<", "+ADw-"), "ascii"),
    "latin-1": lambda xml: _packed(xml.replace("Lena Lang", "Jörg"), "latin-1"),
    "letters that are none": lambda xml: "é" * 40,
}


@pytest.mark.parametrize("pack", _table(ENCODINGS))
def test_a_strange_encoding_is_refused(browser: Browser, pack: Any) -> None:
    honest = _honest(browser)
    assert _post(pack(honest)).status_code == 403
    assert _post(_packed(honest)).status_code == 302


def test_without_the_field_nothing_is_believed(browser: Browser) -> None:
    answer = Client(HTTP_HOST="alpha.localhost").post("/saml/okta/acs/", {})
    assert answer.status_code == 403
    assert last_reason() == "not_base64"
