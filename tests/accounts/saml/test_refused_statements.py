"""What a provider that we trust may say and is still not believed: each rule of the profile, one broken at a time.

Every case shares its set-up with test_accepted: an honest answer with these changes, signed by the right key.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest

from apps.accounts.models import User
from tests.accounts.saml.conftest import ORIGIN, Browser, last_reason, shape_for
from tests.doubles.saml_forge import forged

ACS = f"{ORIGIN}/saml/okta/acs/"
OURS = f"{ORIGIN}/saml/okta/metadata/"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
STATUS = "urn:oasis:names:tc:SAML:2.0:status"
NAME_ID = "urn:oasis:names:tc:SAML:2.0:nameid-format"
YEAR_S = 365 * 86_400


def replacing(pattern: str, by: str) -> dict[str, Any]:
    return {"change": lambda xml: re.sub(pattern, by, xml, count=1)}


STRANGE_PLACES = {
    "missing": None,
    "empty": "",
    "with a tail": ACS + ".evil.example/x",
    "within a query": f"https://evil.example/?u={ACS}",
    "https for http": ACS.replace("http:", "https:"),
    "another port": ACS.replace("8000", "8001"),
    "no trailing slash": ACS.rstrip("/"),
    "upper case": ACS.upper(),
    "another organization's": ACS.replace("alpha", "beta"),
    "another connection's": ACS.replace("okta", "entra"),
    "with a query": ACS + "?a=b",
    "with space": " " + ACS,
}
STRANGE_AUDIENCES: dict[str, tuple[tuple[str, ...], ...]] = {
    "missing": (),
    "none in it": ((),),
    "empty": (("",),),
    "another service's": (("https://other.example/",),),
    "another organization's": ((OURS.replace("alpha", "beta"),),),
    "a prefix": ((OURS[:-1],),),
    "with a tail": ((OURS + "x",),),
    "upper case": ((OURS.upper(),),),
    "with space": ((f" {OURS} ",),),
    "ours in one restriction of two": ((OURS,), ("https://other.example/",)),
}
STRANGE_TIMES: dict[str, tuple[dict[str, Any], str]] = {
    "confirmed until a minute ago": ({"confirmed_until": -61}, "confirmation_window"),
    "confirmed without an end": ({"confirmed_until": None}, "time"),
    "confirmed for eleven minutes and more": ({"confirmed_until": 661 + 1}, "confirmation_window"),
    "confirmed for ten years": ({"confirmed_until": 10 * YEAR_S}, "confirmation_window"),
    "begins in a minute": ({"begins": 62}, "conditions_window"),
    "ended a minute ago": ({"ends": -61, "begins": -120}, "conditions_window"),
    "without a beginning": ({"begins": None}, "time"),
    "without an end": ({"ends": None}, "time"),
    "without both": ({"ends": None, "begins": None}, "time"),
    "for ten years": ({"ends": 10 * YEAR_S}, "conditions_window"),
    "for thirteen hours": ({"ends": 13 * 3600}, "conditions_window"),
    "ends before it begins": ({"begins": 30, "ends": 20}, "conditions_window"),
    "issued in a minute": ({"issued": 62}, "issue_instant"),
    "issued eleven minutes ago": ({"issued": -662}, "issue_instant"),
    "issued a year ago": ({"issued": -YEAR_S}, "issue_instant"),
    "authenticated in a minute": ({"authenticated": 62}, "authentication_instant"),
    "the session is over": ({"session_ends": -61}, "session_is_over"),
    "nobody was authenticated": ({"authenticated": None}, "no_authentication"),
    "with an offset": ({"ends": "2036-01-01T00:00:00+01:00"}, "time"),
    "in the year 10000": ({"ends": "10000-01-01T00:00:00Z"}, "time"),
    "a day that is none": ({"ends": "2026-02-30T00:00:00Z"}, "against_schema"),
    "no zone": ({"ends": "2036-01-01T00:00:00"}, "time"),
    "words": ({"ends": "soon"}, "against_schema"),
    "a leap second": ({"begins": "2016-12-31T23:59:60Z"}, "against_schema"),
    "24 o'clock": ({"begins": "2026-01-01T24:00:00Z"}, "time"),
    "the confirmation begins some time": (
        replacing("<saml:SubjectConfirmationData ", r'\g<0>NotBefore="2026-01-01T00:00:00Z" '),
        "confirmation_window",
    ),
}
STRANGE_SUBJECTS: dict[str, tuple[dict[str, Any], str]] = {
    "empty": ({"name_id": ""}, "subject"),
    "space alone": ({"name_id": "   "}, "subject"),
    "space around": ({"name_id": " 00u1lena"}, "subject"),
    "a line break within": ({"name_id": "00u1&#10;lena"}, "subject"),
    "a tab": ({"name_id": "00u1&#9;lena"}, "subject"),
    "turned around": ({"name_id": "00u1\u202elena"}, "subject"),
    "a space of no width": ({"name_id": "00u1\u200blena"}, "subject"),
    "too long": ({"name_id": "x" * 513}, "subject"),
    "for once only": ({"name_id_format": f"{NAME_ID}:transient"}, "subject_format"),
    "an entity": ({"name_id_format": f"{NAME_ID}:entity"}, "subject_format"),
    "divided by an element": ({"name_id": "00u1<x/>lena"}, "against_schema"),
    "missing": (replacing(r"<saml:NameID .*?</saml:NameID>", ""), "not_one_nameid"),
    "twice": (replacing(r"(<saml:NameID .*?</saml:NameID>)", r"\1\1"), "against_schema"),
    "no subject": (replacing(r"<saml:Subject>.*</saml:Subject>", ""), "not_one_subject"),
}
STRANGE_CONFIRMATIONS: dict[str, tuple[dict[str, Any], str]] = {
    "sender vouches": ({"method": BEARER.replace("bearer", "sender-vouches")}, "confirmation_method"),
    "holder of key": ({"method": BEARER.replace("bearer", "holder-of-key")}, "confirmation_method"),
    "no method": ({"method": None}, "against_schema"),
    "upper case": ({"method": BEARER.upper()}, "confirmation_method"),
    "two": ({"extra_confirmation": f'<saml:SubjectConfirmation Method="{BEARER}"/>'}, "not_one_subjectconfirmation"),
    "without data": (
        replacing(r"<saml:SubjectConfirmationData [^>]*/>", ""),
        "not_one_subjectconfirmationdata",
    ),
    "none": (replacing(r"<saml:SubjectConfirmation .*</saml:SubjectConfirmation>", ""), "not_one_subjectconfirmation"),
}
STRANGE_HEADS: dict[str, tuple[dict[str, Any], str]] = {
    "the response names no issuer": ({"response_issuer": None}, "not_one_issuer"),
    "the response is another provider's": ({"response_issuer": "https://evil.example/"}, "issuer"),
    "the assertion names no issuer": ({"assertion_issuer": None}, "against_schema"),
    "the assertion is another provider's": ({"assertion_issuer": "https://evil.example/"}, "issuer"),
    "space around the issuer": ({"assertion_issuer": " https://idp.example/metadata "}, "issuer"),
    "upper case in the issuer": ({"assertion_issuer": "https://IDP.example/metadata"}, "issuer"),
    "a tail at the issuer": ({"response_issuer": "https://idp.example/metadata/"}, "issuer"),
    "an element in the issuer": ({"response_issuer": "https://idp.example/<x/>metadata"}, "against_schema"),
    "version 1.1": ({"version": "1.1"}, "version"),
    "version 3": ({"version": "3.0"}, "version"),
    "the status is the requester's fault": ({"status": f"{STATUS}:Requester"}, "status"),
    "the status is the responder's fault": ({"status": f"{STATUS}:Responder"}, "status"),
    "the status is nearly success": ({"status": f"{STATUS}:success"}, "status"),
    "success within a failure": (
        replacing(
            r"<samlp:StatusCode [^>]*/>",
            f'<samlp:StatusCode Value="{STATUS}:Responder"><samlp:StatusCode Value="{STATUS}:Success"/>'
            "</samlp:StatusCode>",
        ),
        "status",
    ),
    "no status": (replacing(r"<samlp:Status>.*</samlp:Status>", ""), "against_schema"),
    "no conditions": (replacing(r"<saml:Conditions .*</saml:Conditions>", ""), "not_one_conditions"),
    "an unknown condition": (
        {
            "extra_condition": '<saml:Condition xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            'xmlns:x="urn:x" xsi:type="x:Never"/>'
        },
        "against_schema",
    ),
    "no id of the assertion": (
        {**replacing(r'(<saml:Assertion [^>]*?) ID="[^"]*"', r"\1"), "signed": ("response",)},
        "against_schema",
    ),
    "an attribute with an element": (
        {"attributes": (("email", ("lena@example.com<x xmlns='urn:x'/>",)),)},
        "divided_text",
    ),
    "an attribute that is divided": (
        {"attributes": (("email", ("admin@example.com<x xmlns='urn:x'>.evil</x>",)),)},
        "divided_text",
    ),
    "two thousand and one values": (
        {"attributes": (("groups", tuple(f"g{number}" for number in range(2001))),)},
        "too_many_attributes",
    ),
    "a value of five thousand letters": ({"attributes": (("displayName", ("x" * 4001,)),)}, "too_many_attributes"),
}
STRANGE_REQUESTS: dict[str, tuple[dict[str, Any], str]] = {
    "no request in either layer": (
        {"response_in_response_to": None, "confirmation_in_response_to": None},
        "not_asked_for",
    ),
    "no request in the response": ({"response_in_response_to": None}, "not_asked_for"),
    "no request in the confirmation": ({"confirmation_in_response_to": None}, "answers_another_request"),
    "an unknown request": ({"response_in_response_to": "_0123456789abcdef"}, "not_asked_for"),
    "an unknown request in the confirmation": (
        {"confirmation_in_response_to": "_0123456789abcdef"},
        "answers_another_request",
    ),
    "an empty request": ({"response_in_response_to": ""}, "not_asked_for"),
}


def _cases() -> list[Any]:
    rows: list[tuple[str, dict[str, Any], str]] = []
    for signed in (("assertion",), ("response",)):
        for name, place in STRANGE_PLACES.items():
            if name == "missing" and signed == ("assertion",):
                continue
            reason = {"empty": "destination"}.get(name, "destination")
            rows.append((f"destination {name}, {signed[0]} signed", {"destination": place, "signed": signed}, reason))
    rows += [(f"recipient {name}", {"recipient": place}, "recipient") for name, place in STRANGE_PLACES.items()]
    rows += [(f"audience {name}", {"audiences": value}, "audience") for name, value in STRANGE_AUDIENCES.items()]
    for title, table in (
        ("time", STRANGE_TIMES),
        ("subject", STRANGE_SUBJECTS),
        ("confirmation", STRANGE_CONFIRMATIONS),
        ("head", STRANGE_HEADS),
        ("request", STRANGE_REQUESTS),
    ):
        rows += [(f"{title}: {name}", changes, reason) for name, (changes, reason) in table.items()]
    return [pytest.param(changes, reason, id=name) for name, changes, reason in rows]


@pytest.mark.parametrize(("changes", "reason"), _cases())
def test_it_is_refused_recorded_and_nobody_is_signed_in(
    browser: Browser, answer_with: Callable[..., Any], changes: dict[str, Any], reason: str
) -> None:
    people = User.objects.count()
    answer = answer_with(**changes)
    assert answer.status_code == 403
    assert last_reason() in {reason, "against_schema"}
    assert not browser.is_signed_in()
    assert User.objects.count() == people


def test_an_answer_is_used_once(browser: Browser) -> None:
    response = forged(shape_for(browser.begin()))
    first = browser.post(response)
    assert first.status_code == 302
    assert browser.post(response).status_code == 403
    assert last_reason() == "used_before"
    browser.collect(first)
    assert browser.is_signed_in()
    assert browser.post(response).status_code == 403


def test_a_request_is_answered_once_even_by_a_new_assertion(browser: Browser) -> None:
    request_id = browser.begin()
    assert browser.post(forged(shape_for(request_id))).status_code == 302
    assert browser.post(forged(shape_for(request_id))).status_code == 403
    assert last_reason() == "used_before"


def test_an_assertion_is_used_once_even_for_a_new_request(browser: Browser) -> None:
    first = shape_for(browser.begin())
    assert browser.post(forged(first)).status_code == 302
    again = shape_for(browser.begin(), assertion_id=first.assertion_id)
    assert browser.post(forged(again)).status_code == 403
    assert last_reason() == "used_before"
