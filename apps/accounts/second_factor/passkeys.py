"""Passkeys (WebAuthn): what is asked of an authenticator, and whether what it answers is good.

The relying party is the host that was asked, never its parent domain: organizations that are neighbours under one domain share no
passkey. The origin must be exactly the page's own.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

LONGEST_ANSWER = 16 * 1024
_LONGEST_ID = 1023


class PasskeyNotGoodError(Exception):
    """The answer is damaged, forged, or meant for another page, challenge or key. Why stays with us."""


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """This organization's page as an authenticator knows it: host without port, and the exact origin."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page's script passes to the browser, and the challenge that the answer must hold."""

    options: dict[str, Any]
    challenge: str


@dataclass(frozen=True, slots=True)
class MadePasskey:
    """A new passkey: its id, its public part, and where its counter stands."""

    credential_id: str
    public_part: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class ShownPasskey:
    """Which passkey an answer claims to be, and of whom; not yet checked."""

    credential_id: str
    user_handle: bytes | None
    answer: Mapping[str, Any]


def ask_to_register(party: RelyingParty, *, user_handle: bytes, account: str, known_ids: Iterable[str]) -> Asked:
    """Options for a passkey that can sign in by itself: kept on the authenticator, and its owner verified by it."""
    user = PublicKeyCredentialUserEntity(id=user_handle, name=account, display_name=account)
    options, state = _server(party).register_begin(
        user,
        credentials=[_descriptor(known) for known in known_ids],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Asked(_plain(options.public_key), str(state["challenge"]))


def ask_to_sign_in(party: RelyingParty) -> Asked:
    """Options for any passkey of this host: they name nobody, so they tell nobody who has one."""
    options, state = _server(party).authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
    return Asked(_plain(options.public_key), str(state["challenge"]))


def check_registration(party: RelyingParty, *, challenge: str, answer: str) -> MadePasskey:
    """The passkey that was made for this challenge; PasskeyNotGoodError for everything else."""
    try:
        response = RegistrationResponse.from_dict(_parsed(answer))
        _refuse_foreign_frame(response.response.client_data.cross_origin)
        made = _server(party).register_complete(_state(challenge), response)
        credential = made.credential_data
        if credential is None or len(credential.credential_id) > _LONGEST_ID:
            raise PasskeyNotGoodError  # noqa: TRY301 - one answer for whatever is wrong
        return MadePasskey(websafe_encode(credential.credential_id), bytes(credential), made.counter)
    except Exception as error:
        # The answer is whatever somebody sent, and the kit says of it whatever comes to its parsers' mind.
        raise PasskeyNotGoodError from error


def read_answer(answer: str) -> ShownPasskey:
    """What a sign-in's answer says of itself, to look its passkey up by; PasskeyNotGoodError when it cannot be read."""
    try:
        parsed = _parsed(answer)
        response = AuthenticationResponse.from_dict(parsed)
        return ShownPasskey(websafe_encode(response.raw_id), response.response.user_handle, parsed)
    except Exception as error:
        raise PasskeyNotGoodError from error


def check_sign_in(party: RelyingParty, *, challenge: str, shown: ShownPasskey, public_part: bytes) -> int:
    """Where the passkey's counter stands, once the answer is proven to be its own; PasskeyNotGoodError."""
    try:
        response = AuthenticationResponse.from_dict(shown.answer)
        _refuse_foreign_frame(response.response.client_data.cross_origin)
        known = AttestedCredentialData(public_part)
        _server(party).authenticate_complete(_state(challenge), [known], response)
        return int(response.response.authenticator_data.counter)
    except Exception as error:
        raise PasskeyNotGoodError from error


def _server(party: RelyingParty) -> Fido2Server:
    entity = PublicKeyCredentialRpEntity(name=party.name, id=party.host)
    return Fido2Server(entity, verify_origin=lambda origin: origin == party.origin)


def _state(challenge: str) -> dict[str, Any]:
    return {"challenge": challenge, "user_verification": UserVerificationRequirement.REQUIRED}


def _descriptor(credential_id: str) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=websafe_decode(credential_id))


def _refuse_foreign_frame(is_cross_origin: bool | None) -> None:  # noqa: FBT001 - the one thing it is asked
    if is_cross_origin:
        raise PasskeyNotGoodError


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyNotGoodError
    parsed = json.loads(answer)
    if not isinstance(parsed, dict):
        raise PasskeyNotGoodError
    return parsed


def _plain(options: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dict(options), default=dict))
    return plain
