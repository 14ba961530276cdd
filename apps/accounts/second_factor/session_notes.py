"""What a browser's session remembers between two steps: a half sign-in, a challenge, a seed to be, when its person last proved themselves.

A half sign-in is signed for its organization and purpose, lives in the session on the server, and is worth nothing on another
browser, after its time, or once the person's password, role or access has changed.
"""

from enum import StrEnum

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.utils.crypto import constant_time_compare

from apps.accounts.errors import ReauthenticationRequiredError
from apps.accounts.models import User
from apps.kernel.clock import now
from apps.kernel.signing import InvalidSignatureError, sign, verify
from apps.kernel.storage.sealed_values import seal, unseal
from apps.kernel.tenancy.context import current_tenant

HALF_SIGN_IN_S = 5 * 60
CHALLENGE_S = 5 * 60
FRESH_S = 10 * 60

PROVED_AT_S = "proved_at_s"
_HALF = "half_sign_in"
_GOAL = "half_sign_in_goal"
_CONNECTION = "half_sign_in_connection"
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


def open_half_sign_in(session: SessionBase, person: User, *, goal: str, connection_name: str = "") -> None:
    """Remember that this browser knew the person's password, ours or that of the directory with this name.

    Whatever was in the session before is gone, its key too.
    """
    session.flush()
    tenant_id = current_tenant().id
    session[_HALF] = sign(f"{person.pk}.{_state_of(person)}", purpose=_HALF_PURPOSE, tenant_id=tenant_id)
    session[_GOAL] = goal
    session[_CONNECTION] = connection_name


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


def goal_of_half_sign_in(session: SessionBase) -> str:
    """Where the person wanted to go."""
    return str(session.get(_GOAL, "/"))


def connection_of_half_sign_in(session: SessionBase) -> str:
    """The name of the directory whose password it was; "" for ours."""
    return str(session.get(_CONNECTION, ""))


def forget_half_sign_in(session: SessionBase) -> None:
    """The person is in, or begins anew."""
    for name in (_HALF, _GOAL, _CONNECTION, _CHALLENGE, _SEED):
        session.pop(name, None)


def note_proof(session: SessionBase, strength: Strength | None = None) -> None:
    """The person has just proven who they are; with `strength`, a session begins so, or is worth more from now on."""
    session[PROVED_AT_S] = int(now().timestamp())
    if strength is not None:
        session[_STRENGTH] = strength.value


def is_by_password_alone(session: SessionBase) -> bool:
    """Did the session begin with nothing but a password? start_session() notes it for every one."""
    return bool(session.get(_STRENGTH) == Strength.PASSWORD.value)


def is_fresh(session: SessionBase) -> bool:
    """Has the person proven who they are within the last ten minutes?"""
    proved_s, at_s = session.get(PROVED_AT_S), int(now().timestamp())
    return isinstance(proved_s, int) and 0 <= at_s - proved_s <= FRESH_S


def require_fresh(session: SessionBase) -> None:
    """ReauthenticationRequiredError unless is_fresh()."""
    if not is_fresh(session):
        raise ReauthenticationRequiredError


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


def _state_of(person: User) -> str:
    return person.get_session_auth_hash()[:32]
