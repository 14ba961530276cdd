"""What a browser's session remembers between two steps: a half sign-in, a challenge, a seed to be, when its person last proved themselves.

A half sign-in is signed for its organization and purpose, lives in the session on the server, and is worth nothing on another
browser, after its time, or once the person's password, role or access has changed.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.crypto import constant_time_compare

from apps.accounts.choices import RiskMode
from apps.accounts.circumstances import circumstances
from apps.accounts.errors import ReauthenticationRequiredError
from apps.accounts.models import User
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.errors import gettext_noop
from apps.kernel.signing import InvalidSignatureError, sign, verify
from apps.kernel.storage.sealed_values import seal, unseal
from apps.kernel.tenancy.context import current_tenant

HALF_SIGN_IN_S = 5 * 60
CHALLENGE_S = 5 * 60
FRESH_S = 10 * 60

PROVED_AT_S = "proved_at_s"
_HALF = "half_sign_in"
_GOAL = "half_sign_in_goal"
_ASKED = "half_sign_in_asked"
_PROVIDER_WORDS = "half_sign_in_provider"
_PROVED_FROM = "proved_from"
_CHALLENGE = "passkey_challenge"
_SEED = "authenticator_seed"
_STRENGTH = "sign_in_strength"
_HALF_PURPOSE = "accounts.half_sign_in"
_SEED_PURPOSE = "accounts.authenticator_app.pending"


class Strength(StrEnum):
    """How the person of a session has proven who they are."""

    PASSWORD = "password"  # noqa: S105 - a word
    SECOND_FACTOR = "second_factor"
    PASSKEY = "passkey"
    SSO = "sso"
    DIRECTORY = "directory"


class ChallengeUse(StrEnum):
    """What a challenge was made for: the answer to one is none to another."""

    REGISTER = "register"
    SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class HalfSignIn:
    """What is known of a sign-in that lacks a step: where its person wants to go, which judged sign-in it is, whether it is risky and
    nothing more was shown yet, how they came, and the name of the connection by which they did ("" for our password).
    """

    goal: str = "/"
    sign_in_id: UUID | None = None
    steps_up: bool = False
    strength: Strength = Strength.PASSWORD
    connection_name: str = ""
    provider_words: str = ""


def open_half_sign_in(
    session: SessionBase, person: User, *, goal: str, strength: Strength = Strength.PASSWORD, connection_name: str = ""
) -> None:
    """Remember that this browser knew the person's password, ours or a directory's, or came from their provider.

    Whatever was in the session before is gone, its key too.
    """
    session.flush()
    tenant_id = current_tenant().id
    session[_HALF] = sign(f"{person.pk}.{_state_of(person)}", purpose=_HALF_PURPOSE, tenant_id=tenant_id)
    session[_GOAL] = goal
    session[_ASKED] = {
        "sign_in": str(person.judged_id or ""),
        "steps_up": person.must_step_up,
        "strength": strength.value,
        "connection_name": connection_name,
    }


def half_signed_in(session: SessionBase) -> User | None:
    """The active person behind this browser's half sign-in; None when there is none, or none any more."""
    token, tenant_id = session.get(_HALF), current_tenant().id
    if not isinstance(token, str) or SESSION_KEY in session:
        return None
    try:
        value = verify(token, purpose=_HALF_PURPOSE, tenant_id=tenant_id, max_age_s=HALF_SIGN_IN_S)
    except InvalidSignatureError:
        return None
    person_id, _dot, state = value.partition(".")
    person = User.objects.filter(pk=person_id, is_active=True).first()
    return person if person is not None and constant_time_compare(state, _state_of(person)) else None


def half_sign_in(session: SessionBase) -> HalfSignIn:
    """What is known of this browser's half sign-in, if half_signed_in() says that there is one."""
    asked = session.get(_ASKED, {})
    return HalfSignIn(
        goal=str(session.get(_GOAL, "/")),
        sign_in_id=UUID(asked["sign_in"]) if asked.get("sign_in") else None,
        steps_up=bool(asked.get("steps_up")),
        strength=Strength(asked.get("strength", Strength.PASSWORD)),
        connection_name=str(asked.get("connection_name", "")),
        provider_words=str(session.get(_PROVIDER_WORDS, "")),
    )


def keep_provider_words(session: SessionBase, sealed: str) -> None:
    """Remember, sealed, what the provider calls the session that this half sign-in becomes."""
    session[_PROVIDER_WORDS] = sealed


def note_stepped_up(session: SessionBase) -> None:
    """More was shown, as the risk of this half sign-in asked for."""
    session[_ASKED] = {**session.get(_ASKED, {}), "steps_up": False}


def forget_half_sign_in(session: SessionBase) -> None:
    """The person is in, or begins anew."""
    for name in (_HALF, _GOAL, _ASKED, _PROVIDER_WORDS, _CHALLENGE, _SEED):
        session.pop(name, None)


def note_proof(session: SessionBase, strength: Strength | None = None) -> None:
    """The person has just proven who they are; with `strength`, a session begins so, or is worth more from now on."""
    session[PROVED_AT_S] = int(now().timestamp())
    session[_PROVED_FROM] = _seen_from_here()
    if strength is not None:
        session[_STRENGTH] = strength.value


def is_by_password_alone(session: SessionBase) -> bool:
    """Did the session begin with nothing but a password, ours or a directory's? start_session() notes it for every one."""
    return session.get(_STRENGTH) in {Strength.PASSWORD.value, Strength.DIRECTORY.value}


def is_fresh(session: SessionBase) -> bool:
    """Has the person proven who they are within the last ten minutes?"""
    proved_s, at_s = session.get(PROVED_AT_S), int(now().timestamp())
    return isinstance(proved_s, int) and 0 <= at_s - proved_s <= FRESH_S


def require_fresh(session: SessionBase) -> None:
    """ReauthenticationRequiredError unless is_fresh(), and unless asks_again() has no reason to ask."""
    if not is_fresh(session) or asks_again(session):
        raise ReauthenticationRequiredError


def asks_again(session: SessionBase) -> bool:
    """Does the organization enforce risk, and is the browser, its network or country another one than at the last proof? Records that
    its person is asked again. Costs no query unless it is so.
    """
    if getattr(session, "risk_mode", RiskMode.OFF) != RiskMode.ENFORCE:
        return False
    before, here = session.get(_PROVED_FROM), _seen_from_here()
    known = {name: value for name, value in before.items() if value} if isinstance(before, dict) else {}
    changed = [name for name in here if name in known and known[name] != here[name]]
    if not changed:
        return False
    person = User.objects.get(pk=session[SESSION_KEY])
    with transaction.atomic():
        record("person.asked_again", actor=person, target=person.pk, detail={"changed": changed[0]})
    return True


def keep_challenge(session: SessionBase, challenge: str, use: ChallengeUse) -> None:
    """Remember what an authenticator was asked; an older challenge of this browser is worth nothing any more."""
    session[_CHALLENGE] = {"challenge": challenge, "use": use.value, "made_at_s": int(now().timestamp())}


def take_challenge(session: SessionBase, use: ChallengeUse) -> str:
    """The challenge of this browser, once; "" when there is none for this use, or it is too old."""
    kept = session.pop(_CHALLENGE, None)
    if not isinstance(kept, dict) or kept.get("use") != use.value:
        return ""
    age_s = int(now().timestamp()) - int(kept["made_at_s"])
    return str(kept["challenge"]) if 0 <= age_s <= CHALLENGE_S else ""


def pending_seed(session: SessionBase) -> str:
    """The seed that this browser is shown and has not confirmed; "" when there is none."""
    sealed = session.get(_SEED)
    return unseal(sealed, purpose=_SEED_PURPOSE) if isinstance(sealed, str) else ""


def keep_pending_seed(session: SessionBase, seed: str) -> None:
    """Keep it, sealed, until it is confirmed."""
    session[_SEED] = seal(seed, purpose=_SEED_PURPOSE)


def forget_pending_seed(session: SessionBase) -> None:
    """It is confirmed."""
    session.pop(_SEED, None)


def _seen_from_here() -> dict[str, str]:
    seen = circumstances()
    return {
        gettext_noop("country"): seen.place.country,
        gettext_noop("network"): seen.network,
        gettext_noop("device"): seen.device,
    }


def _state_of(person: User) -> str:
    return person.get_session_auth_hash()[:32]
