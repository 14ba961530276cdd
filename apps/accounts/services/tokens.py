"""Tokens with which a program acts for a person: issue, renew, use, revoke."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from apps.accounts.device_names import device_name
from apps.accounts.errors import NeedsBrowserError
from apps.accounts.events import TokenReused
from apps.accounts.limits import network_of
from apps.accounts.models import TokenFamily, User
from apps.accounts.policies import require_person
from apps.accounts.selectors import token_families_of
from apps.accounts.services.administrators import lock_person
from apps.accounts.services.sign_in import NextStep, sign_in
from apps.accounts.tokens.signed_tokens import ACCESS_LIFE, TokenClaims, TokenKind, claims_of, signed
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.errors import NotFoundError
from apps.kernel.events.bus import publish
from apps.kernel.http.protocol_errors import InvalidTokenError
from apps.kernel.identifiers import new_id
from apps.kernel.kept_queries import KeptQuery

REFRESH_LIFE = timedelta(days=7)
LONGEST_PROGRAM = 60
GRACE = timedelta(seconds=10)
_NOTE_EVERY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a program is given."""

    access: str
    refresh: str
    access_expires_at: datetime
    refresh_expires_at: datetime


@dataclass(frozen=True, slots=True)
class Device:
    """What a program looks like from here: a digest that tells it from others, a name for people, its network."""

    digest: str
    program: str
    network: str


def device_of(user_agent: str, address: str, *, program: str = "") -> Device:
    """The device of a request; `program` is what it calls itself, else its User-Agent names it."""
    network = network_of(address)
    digest = hashlib.sha256(f"{user_agent}\n{network}".encode()).hexdigest()
    return Device(digest, (program.strip() or device_name(user_agent))[:LONGEST_PROGRAM], network)


def person_by_password(email: str, *, password: str, address: str) -> User:
    """The person, where a password is all that is asked. Raises what sign_in() raises, and NeedsBrowserError."""
    accepted = sign_in(email, password=password, address=address)
    if accepted.next_step != NextStep.COME_IN:
        raise NeedsBrowserError
    return accepted.person


@transaction.atomic
def issue_tokens(user: User, *, device: Device, session_id: UUID | None = None) -> TokenPair:
    """The first tokens of a new family. NeedsPersonError for a program: it has no tokens to give."""
    require_person(user)
    at = now()
    family = TokenFamily.objects.create(
        person=user,
        epoch=user.session_epoch,
        session_id=session_id,
        device=device.digest,
        program=device.program,
        last_network=device.network,
        last_used_at=at,
        current=new_id(),
        rotated_at=at,
        expires_at=at + REFRESH_LIFE,
    )
    record("token.issued", actor=user, target=family.pk, detail={"program": family.program})
    return _pair(family)


def refresh_tokens(token: str, *, device: Device) -> TokenPair:
    """The next tokens of the family. InvalidTokenError for a token that is not good, or was used before.

    A used one means that somebody has a copy: the family is revoked, which is recorded and told to the person. Only the device that
    used it may ask again within ten seconds (its answer was lost, or it asked twice at once): it gets the same token as before.
    """
    claims = claims_of(TokenKind.REFRESH, token)
    pair = _rotated(claims, device) if claims is not None else None
    if pair is None:
        raise InvalidTokenError
    return pair


def use_access_token(token: str, *, address: str = "") -> TokenFamily | None:
    """The family of a good access token, its person narrowed to what programs may do; None for any other token."""
    claims = claims_of(TokenKind.ACCESS, token)
    if claims is None:
        return None
    asked = {"family_id": claims.family_id, "person_id": claims.person_id}
    family = KeptQuery(TokenFamily, _with_person, values=asked).first()
    if family is None or not family.is_good() or claims.epoch != family.epoch:
        return None
    at = now()
    if family.last_used_at < at - _NOTE_EVERY:
        stale = TokenFamily.objects.filter(pk=family.pk, last_used_at__lt=at - _NOTE_EVERY)
        stale.update(last_used_at=at, last_network=network_of(address))
    person = family.person
    # Like an API key that may all: it neither makes keys, nor changes passwords, nor ends sessions.
    person.key_scopes = frozenset(capability.value for capability in person.grants())
    return family


@transaction.atomic
def revoke_family(user: User, *, family_id: UUID) -> None:
    """End one of one's own families with all its tokens."""
    revoked = TokenFamily.objects.filter(pk=family_id, person_id=user.pk, revoked_at=None).update(revoked_at=now())
    if revoked:
        record("token.revoked", actor=user, target=family_id)


@transaction.atomic
def revoke_families(user: User) -> None:
    """End all of one's own families. NeedsPersonError for a program."""
    require_person(user)
    revoked = TokenFamily.objects.filter(person_id=user.pk, revoked_at=None).update(revoked_at=now())
    if revoked:
        record("token.all_revoked", actor=user, target=user.pk, detail={"count": revoked})


@transaction.atomic
def end_family(user: User, *, family_id: UUID) -> None:
    """End one of one's own families, by its person. NeedsPersonError, NotFoundError for one that is not one's own or has ended."""
    family = token_families_of(user).select_for_update(of=("self",)).filter(pk=family_id).first()
    if family is None:
        raise NotFoundError
    family.revoked_at = now()
    family.save(update_fields=["revoked_at", "updated_at"])
    record("token.revoked", actor=user, target=family_id)


@transaction.atomic
def end_programs_of(user: User, *, person_id: UUID) -> User:
    """The person, whose programs' tokens have ended; their sessions go on. Raises NotAllowedError, NotFoundError."""
    person = lock_person(user, person_id)
    ended = TokenFamily.objects.filter(person_id=person.pk, revoked_at=None).update(revoked_at=now())
    if ended:
        record("token.all_revoked_by_admin", actor=user, target=person.pk, detail={"count": ended})
    return person


def _with_person(*, family_id: UUID, person_id: UUID) -> "QuerySet[TokenFamily]":
    return TokenFamily.objects.select_related("person").filter(pk=family_id, person=person_id).order_by()


@transaction.atomic
def _rotated(claims: TokenClaims, device: Device) -> TokenPair | None:
    # Of parallel calls each waits here for the one before: the second finds that its token has been used.
    family = (
        TokenFamily.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(Q(pk=claims.family_id) & Q(person_id=claims.person_id))
        .first()
    )
    at = now()
    if family is None or not family.is_good() or claims.epoch != family.epoch:
        return None
    if claims.number == family.current:
        family.previous, family.current = family.current, new_id()
        family.rotated_at, family.expires_at = at, at + REFRESH_LIFE
        family.device, family.last_network, family.last_used_at = device.digest, device.network, at
        family.save()
        return _pair(family)
    if claims.number == family.previous and at - family.rotated_at <= GRACE and device.digest == family.device:
        return _pair(family)
    _tell_of_theft(family)
    return None


def _tell_of_theft(family: TokenFamily) -> None:
    family.revoked_at = now()
    family.save(update_fields=["revoked_at", "updated_at"])
    record("token.reused", actor=None, target=family.person_id)
    publish(TokenReused(person_id=family.person_id))


def _pair(family: TokenFamily) -> TokenPair:
    """A fresh access token, and the refresh token that is the family's current one."""
    at = now()
    ends = at + ACCESS_LIFE
    person_id, family_id, epoch = family.person_id, family.pk, family.epoch
    access = TokenClaims(person_id, family_id, epoch, new_id())
    refresh = TokenClaims(person_id, family_id, epoch, family.current)
    return TokenPair(
        access=signed(TokenKind.ACCESS, access, issued_at=at, expires_at=ends),
        refresh=signed(TokenKind.REFRESH, refresh, issued_at=family.rotated_at, expires_at=family.expires_at),
        access_expires_at=ends,
        refresh_expires_at=family.expires_at,
    )
