"""What a verified assertion must say before anybody is believed: the strict profile over what SAML leaves open.

Each rule refuses by SAMLInvalidError with its own reason. Nothing is read here but the bytes that were signed, and of the response
around them only what can make it be refused.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lxml import etree

from apps.accounts.sso.saml_document import SAML, SAMLP, children, only_child, plain_text
from apps.accounts.sso.saml_errors import SAMLInvalidError

SKEW = timedelta(seconds=60)
LONGEST_CONFIRMATION = timedelta(minutes=10)
LONGEST_CONDITIONS = timedelta(hours=12)
LONGEST_UNASKED_AGE = timedelta(seconds=60)
_OLDEST = timedelta(minutes=10)
_BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
_TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
_ENTITY = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?Z", re.ASCII)
_LONGEST_SUBJECT = 512
_MOST_VALUES = 2_000
_LONGEST_VALUE = 4_000
_KNOWN_CONDITIONS = frozenset(f"{{{SAML}}}{name}" for name in ("AudienceRestriction", "OneTimeUse", "ProxyRestriction"))


@dataclass(frozen=True, slots=True)
class Expectation:
    """To whom the answer must be addressed, by whom given, and to which question. `request_id` "" means: to none."""

    provider_entity_id: str
    own_entity_id: str
    acs_url: str
    request_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SessionWords:
    """What the provider calls this person and this session of theirs; both ends say it when they end one."""

    subject: str
    subject_format: str = ""
    name_qualifier: str = ""
    sp_name_qualifier: str = ""
    session_index: str = ""


@dataclass(frozen=True, slots=True)
class VerifiedAssertion:
    """What may be believed. Values of an attribute keep the order in which they came."""

    assertion_id: str
    words: SessionWords
    attributes: dict[str, tuple[str, ...]]
    authentication_context: str
    usable_until: datetime

    @property
    def subject(self) -> str:
        """Who it is about."""
        return self.words.subject


def answered_request(root: "etree._Element") -> str:
    """The id of the request that the response says it answers, "" for none. A claim: only the signed one decides."""
    return root.get("InResponseTo", "")


def read_assertion(
    root: "etree._Element", assertion: "etree._Element", *, is_response_signed: bool, expected: Expectation
) -> VerifiedAssertion:
    """What the assertion says, once each rule of the profile has passed; SAMLInvalidError."""
    _check_response(root, is_response_signed=is_response_signed, expected=expected)
    _check_head(assertion, expected)
    until = _check_confirmation(only_child(assertion, "Subject"), expected)
    until = min(until, _check_conditions(only_child(assertion, "Conditions"), expected))
    return VerifiedAssertion(
        assertion_id=assertion.get("ID", ""),
        words=_session_words(assertion),
        attributes=_attributes(assertion),
        authentication_context=_authentication_context(assertion, expected),
        usable_until=until + SKEW,
    )


def read_name_id(name_id: "etree._Element") -> tuple[str, str]:
    """Who is meant, and in which format. Passing names, and characters that are not seen, are refused."""
    value, name_format = plain_text(name_id), name_id.get("Format", "")
    if name_format in {_TRANSIENT, _ENTITY}:
        raise SAMLInvalidError("subject_format")
    # Cc, Cf, Zl, Zp: characters that are not seen, or turn what is seen around.
    if not 1 <= len(value) <= _LONGEST_SUBJECT or value != value.strip() or not _is_plain(value):
        raise SAMLInvalidError("subject")
    return value, name_format


def check_issuer(element: "etree._Element", provider_entity_id: str) -> None:
    """Exactly this provider, to the letter."""
    if plain_text(only_child(element, "Issuer")) != provider_entity_id:
        raise SAMLInvalidError("issuer")


def time_of(element: "etree._Element", name: str) -> datetime:
    """A time in UTC, written with `Z` as the standard asks; other forms have been read differently by different readers."""
    match = _TIME.fullmatch(element.get(name, ""))
    if match is None:
        raise SAMLInvalidError("time")
    try:
        return datetime.strptime(match.group(1), "%Y-%m-%dT%H:%M:%S").replace(tzinfo=UTC)
    except ValueError as error:
        raise SAMLInvalidError("time") from error


def _check_response(root: "etree._Element", *, is_response_signed: bool, expected: Expectation) -> None:
    if root.get("Version") != "2.0":
        raise SAMLInvalidError("version")
    status = only_child(only_child(root, "Status", namespace=SAMLP), "StatusCode", namespace=SAMLP)
    if status.get("Value") != _SUCCESS:
        raise SAMLInvalidError("status")
    destination = root.get("Destination")
    if destination is None and is_response_signed:
        raise SAMLInvalidError("destination")
    if destination is not None and destination != expected.acs_url:
        raise SAMLInvalidError("destination")
    if root.get("InResponseTo", "") != expected.request_id:
        raise SAMLInvalidError("answers_another_request")
    check_issuer(root, expected.provider_entity_id)
    _check_issue_instant(root, expected)


def _check_head(assertion: "etree._Element", expected: Expectation) -> None:
    if assertion.get("Version") != "2.0":
        raise SAMLInvalidError("version")
    check_issuer(assertion, expected.provider_entity_id)
    _check_issue_instant(assertion, expected)


def _check_issue_instant(element: "etree._Element", expected: Expectation) -> None:
    issued = time_of(element, "IssueInstant")
    oldest = _OLDEST if expected.request_id else LONGEST_UNASKED_AGE
    if issued > expected.at + SKEW or issued < expected.at - oldest - (SKEW if expected.request_id else timedelta(0)):
        raise SAMLInvalidError("issue_instant")


def _check_confirmation(subject: "etree._Element", expected: Expectation) -> datetime:
    confirmation = only_child(subject, "SubjectConfirmation")
    if confirmation.get("Method") != _BEARER:
        raise SAMLInvalidError("confirmation_method")
    data = only_child(confirmation, "SubjectConfirmationData")
    if data.get("Recipient") != expected.acs_url:
        raise SAMLInvalidError("recipient")
    if data.get("InResponseTo", "") != expected.request_id:
        raise SAMLInvalidError("answers_another_request")
    if data.get("NotBefore") is not None:
        raise SAMLInvalidError("confirmation_window")
    until = time_of(data, "NotOnOrAfter")
    if not expected.at - SKEW < until <= expected.at + LONGEST_CONFIRMATION + SKEW:
        raise SAMLInvalidError("confirmation_window")
    return until


def _check_conditions(conditions: "etree._Element", expected: Expectation) -> datetime:
    begins, until = time_of(conditions, "NotBefore"), time_of(conditions, "NotOnOrAfter")
    is_open = begins <= expected.at + SKEW and expected.at - SKEW < until
    if not is_open or not timedelta(0) < until - begins <= LONGEST_CONDITIONS:
        raise SAMLInvalidError("conditions_window")
    if any(child.tag not in _KNOWN_CONDITIONS for child in conditions):
        raise SAMLInvalidError("unknown_condition")
    restrictions = children(conditions, "AudienceRestriction")
    if not restrictions:
        raise SAMLInvalidError("audience")
    for restriction in restrictions:
        if expected.own_entity_id not in [plain_text(audience) for audience in children(restriction, "Audience")]:
            raise SAMLInvalidError("audience")
    return until


def _session_words(assertion: "etree._Element") -> SessionWords:
    name_id = only_child(only_child(assertion, "Subject"), "NameID")
    subject, subject_format = read_name_id(name_id)
    statement = next(iter(children(assertion, "AuthnStatement")), None)
    return SessionWords(
        subject=subject,
        subject_format=subject_format,
        name_qualifier=name_id.get("NameQualifier", "")[:_LONGEST_SUBJECT],
        sp_name_qualifier=name_id.get("SPNameQualifier", "")[:_LONGEST_SUBJECT],
        session_index=statement.get("SessionIndex", "")[:_LONGEST_SUBJECT] if statement is not None else "",
    )


def _is_plain(text: str) -> bool:
    return not any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for character in text)


def _authentication_context(assertion: "etree._Element", expected: Expectation) -> str:
    statements = children(assertion, "AuthnStatement")
    if not statements:
        raise SAMLInvalidError("no_authentication")
    for statement in statements:
        if time_of(statement, "AuthnInstant") > expected.at + SKEW:
            raise SAMLInvalidError("authentication_instant")
        ends = statement.get("SessionNotOnOrAfter")
        if ends is not None and time_of(statement, "SessionNotOnOrAfter") <= expected.at - SKEW:
            raise SAMLInvalidError("session_is_over")
    context = only_child(statements[0], "AuthnContext")
    found = children(context, "AuthnContextClassRef")
    return plain_text(found[0]).strip() if found else ""


def _attributes(assertion: "etree._Element") -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    count = 0
    for statement in children(assertion, "AttributeStatement"):
        if children(statement, "EncryptedAttribute"):
            raise SAMLInvalidError("encrypted_attribute")
        for attribute in children(statement, "Attribute"):
            for value in children(attribute, "AttributeValue"):
                text, count = plain_text(value).strip(), count + 1
                if count > _MOST_VALUES or len(text) > _LONGEST_VALUE:
                    raise SAMLInvalidError("too_many_attributes")
                found.setdefault(attribute.get("Name", ""), []).append(text)
    return {name: tuple(values) for name, values in found.items()}
