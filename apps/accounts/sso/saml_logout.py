"""Single logout: what a provider may say, under the strict profile, and what we say.

A message without a signature could be sent by anybody to sign people out, so there is no such message: in an address the signature
lies beside it, in a form inside it, and never both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from apps.accounts.sso.saml_document import SAML, SAMLP, children, decoded, only_child, parsed, plain_text
from apps.accounts.sso.saml_errors import SAMLInvalidError
from apps.accounts.sso.saml_profile import SKEW, SessionWords, check_issuer, read_name_id, time_of
from apps.accounts.sso.saml_redirect import RedirectMessage, read_redirect
from apps.accounts.sso.saml_signature import refuse_against_schema, refuse_signatures, signed_message

LONGEST_AGE = timedelta(minutes=10)
OWN_LIFE = timedelta(minutes=5)
LONGEST_RELAY_STATE_BYTES = 80
"""As the standard has it; a longer one does not go back."""
_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
_MOST_INDEXES = 100
_LONGEST_INDEX = 512
_ROOTS = {"SAMLRequest": f"{{{SAMLP}}}LogoutRequest", "SAMLResponse": f"{{{SAMLP}}}LogoutResponse"}


@dataclass(frozen=True, slots=True)
class Received:
    """What came to our sign-out address: the query as it was sent, and for a form its fields with all their values."""

    query: str
    fields: Mapping[str, Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class LogoutMessage:
    """A message of the provider's key. `is_request`: it asks; else it answers what we asked."""

    root: "etree._Element"
    is_request: bool
    relay_state: str


@dataclass(frozen=True, slots=True)
class LogoutExpectation:
    """From whom, to which address, when."""

    provider_entity_id: str
    sls_url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AskedLogout:
    """Whose sessions end: those of these indexes, all of the person's when it names none. Good until `usable_until`, once."""

    request_id: str
    subject: str
    indexes: tuple[str, ...]
    usable_until: datetime


def read_message(received: Received, *, certificates: Sequence[str]) -> LogoutMessage:
    """The one message that came, once its signature is found good; SAMLInvalidError."""
    if received.fields is None:
        message = read_redirect(received.query, certificates=certificates)
        root = parsed(message.data)
        refuse_signatures(root)
        refuse_against_schema(root)
    else:
        message = _read_fields(received)
        root = signed_message(parsed(message.data), certificates=certificates)
    if root.tag != _ROOTS[message.parameter]:
        raise SAMLInvalidError("not_a_logout")
    return LogoutMessage(root, message.parameter == "SAMLRequest", _returnable(message.relay_state))


def read_logout_request(root: "etree._Element", expected: LogoutExpectation) -> AskedLogout:
    """What the provider asks; SAMLInvalidError."""
    issued = _check_head(root, expected)
    if root.get("NotOnOrAfter") is not None and time_of(root, "NotOnOrAfter") <= expected.at - SKEW:
        raise SAMLInvalidError("logout_expired")
    subject, _format = read_name_id(only_child(root, "NameID"))
    indexes = tuple(plain_text(index) for index in children(root, "SessionIndex", namespace=SAMLP))
    if len(indexes) > _MOST_INDEXES or not all(1 <= len(index) <= _LONGEST_INDEX for index in indexes):
        raise SAMLInvalidError("session_index")
    return AskedLogout(root.get("ID", ""), subject, indexes, issued + LONGEST_AGE + SKEW)


def read_logout_response(root: "etree._Element", expected: LogoutExpectation) -> tuple[str, bool]:
    """Which request of ours the provider answers, and whether it has ended its session; SAMLInvalidError."""
    _check_head(root, expected)
    status = only_child(only_child(root, "Status", namespace=SAMLP), "StatusCode", namespace=SAMLP)
    is_done = status.get("Value") == _SUCCESS and not len(status)
    return root.get("InResponseTo", ""), is_done


def logout_request(words: SessionWords, *, request_id: str, own_entity_id: str, to: str, at: datetime) -> bytes:
    """Our question to the provider, good for five minutes."""
    root = _message("LogoutRequest", message_id=request_id, to=to, at=at, issuer=own_entity_id)
    root.set("NotOnOrAfter", _written(at + OWN_LIFE))
    name_id = etree.SubElement(root, f"{{{SAML}}}NameID")
    name_id.text = words.subject
    for name, value in (
        ("Format", words.subject_format),
        ("NameQualifier", words.name_qualifier),
        ("SPNameQualifier", words.sp_name_qualifier),
    ):
        if value:
            name_id.set(name, value)
    if words.session_index:
        etree.SubElement(root, f"{{{SAMLP}}}SessionIndex").text = words.session_index
    return etree.tostring(root)


def logout_response(answered_id: str, *, response_id: str, own_entity_id: str, to: str, at: datetime) -> bytes:
    """Our answer: it is done."""
    root = _message("LogoutResponse", message_id=response_id, to=to, at=at, issuer=own_entity_id)
    root.set("InResponseTo", answered_id)
    status = etree.SubElement(root, f"{{{SAMLP}}}Status")
    etree.SubElement(status, f"{{{SAMLP}}}StatusCode", Value=_SUCCESS)
    return etree.tostring(root)


def _read_fields(received: Received) -> RedirectMessage:
    """A form holds one message; a signature beside it, or another message in the address, is a trick."""
    fields = received.fields or {}
    found = [name for name in _ROOTS if name in fields]
    if len(found) != 1 or any(name in received.query for name in _ROOTS):
        raise SAMLInvalidError("two_messages" if found else "no_message")
    if "SigAlg" in fields or "Signature" in fields:
        raise SAMLInvalidError("signature_misplaced")
    relay_states = fields.get("RelayState", [""])
    if len(fields[found[0]]) != 1 or len(relay_states) != 1:
        raise SAMLInvalidError("repeated_parameter")
    return RedirectMessage(found[0], decoded(fields[found[0]][0]), relay_states[0])


def _returnable(relay_state: str) -> str:
    """What may go back to the provider: short and of plain characters. It has no say in where anybody lands here."""
    is_short = len(relay_state.encode(errors="replace")) <= LONGEST_RELAY_STATE_BYTES
    return relay_state if is_short and relay_state.isprintable() else ""


def _check_head(root: "etree._Element", expected: LogoutExpectation) -> datetime:
    if root.get("Version") != "2.0":
        raise SAMLInvalidError("version")
    if root.get("Destination") != expected.sls_url:
        raise SAMLInvalidError("destination")
    check_issuer(root, expected.provider_entity_id)
    issued = time_of(root, "IssueInstant")
    if not expected.at - LONGEST_AGE <= issued <= expected.at + SKEW:
        raise SAMLInvalidError("issue_instant")
    return issued


def _message(name: str, *, message_id: str, to: str, at: datetime, issuer: str) -> "etree._Element":
    root = etree.Element(f"{{{SAMLP}}}{name}", nsmap={"samlp": SAMLP, "saml": SAML})
    for attribute, value in (
        ("ID", message_id),
        ("Version", "2.0"),
        ("IssueInstant", _written(at)),
        ("Destination", to),
    ):
        root.set(attribute, value)
    etree.SubElement(root, f"{{{SAML}}}Issuer").text = issuer
    return root


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
