"""Where sessions are kept (SESSION_ENGINE): one query finds the session and how long this organization lets it live.

A session that was idle, or lived, too long is not found, by a page as little as by an open socket that asks again.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.db.models import Q, Subquery

from apps.accounts.choices import RiskMode, SecondFactorRule, SignInWay
from apps.accounts.models import BrowserSession, SignInPolicy
from apps.accounts.models.browser_session import session_id_of, within_limits
from apps.accounts.selectors import sign_in_policy
from apps.kernel.clock import now

_NOTE_EVERY_S = 60
_STARTED = "started_at_s"
_SEEN = "seen_at_s"
_SIGN_IN = "sign_in"


class SignInNote(TypedDict):
    """From where and how somebody signed in."""

    address: str | None
    country: str
    device: str
    way: str
    connection_name: str


class SessionStore(SessionBase):
    """Django's session in a row of ours. The rules are the organization's at the time of loading, from the same query."""

    second_factor_rule: str = SecondFactorRule.NOBODY
    risk_mode: str = RiskMode.OBSERVE

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing when it is unknown, ended, or over."""
        row = _row(session_id_of(self.session_key or ""))
        if row is None:
            self._session_key = None
            return {}
        self.second_factor_rule = row.second_factor_rule or SecondFactorRule.NOBODY
        self.risk_mode = row.risk_mode or RiskMode.OBSERVE
        return self.decode(row.content)

    def exists(self, session_key: str) -> bool:
        """Is there a session with this key?"""
        return BrowserSession.objects.filter(pk=session_id_of(session_key)).exists()

    def create(self) -> None:
        """Begin a session under a new key."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Keep the session. One that was ended meanwhile stays ended: UpdateError."""
        if self.session_key is None:
            self.create()
            return
        values = self._values(self._get_session(no_load=must_create))  # type: ignore[attr-defined]
        key = session_id_of(self.session_key)
        if must_create:
            try:
                with transaction.atomic():
                    BrowserSession.objects.create(pk=key, **values)
            except IntegrityError as error:
                raise CreateError from error
        elif not BrowserSession.objects.filter(pk=key).update(**values):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """End the session; the one with this key, or this one."""
        key = session_key or self.session_key
        if key is not None:
            BrowserSession.objects.filter(pk=session_id_of(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Remove what has expired from the current organization."""
        remove_ended_sessions()

    def note_sign_in(self, note: SignInNote) -> None:
        """Keep with the session from where and how its person came."""
        self[_SIGN_IN] = note

    def note_use(self) -> bool:
        """Note that the session is used; False when that was noted within the last minute."""
        at_s = int(now().timestamp())
        if at_s - self.get(_SEEN, 0) < _NOTE_EVERY_S:
            return False
        self[_SEEN] = at_s
        return True

    def _values(self, content: dict[str, Any]) -> dict[str, Any]:
        at_s = int(now().timestamp())
        if SESSION_KEY in content:
            content.setdefault(_STARTED, at_s)
            content.setdefault(_SEEN, at_s)
        note: SignInNote | dict[str, Any] = content.get(_SIGN_IN, {})
        return {
            "person_id": content.get(SESSION_KEY),
            "content": self.encode(content),
            "auth_hash": content.get(HASH_SESSION_KEY, ""),
            "expires_at": self.get_expiry_date(),
            "started_at": _moment(content.get(_STARTED, at_s)),
            "last_seen_at": _moment(content.get(_SEEN, at_s)),
            "address": note.get("address"),
            "country": note.get("country", ""),
            "device": note.get("device", ""),
            "way": note.get("way", SignInWay.PASSWORD),
            "connection_name": note.get("connection_name", ""),
        }


def remove_ended_sessions() -> int:
    """Remove the rows of sessions that are over from the current organization; returns their number."""
    over = Q(expires_at__lte=now()) | (Q(person__isnull=False) & ~within_limits(sign_in_policy(), now()))
    removed, _by_model = BrowserSession.objects.filter(over).delete()
    return removed


def _row(key: UUID) -> Any:
    found = BrowserSession.objects.filter(pk=key, expires_at__gt=now()).annotate(
        idle_limit_s=Subquery(SignInPolicy.objects.values("idle_limit_s")[:1]),
        absolute_limit_s=Subquery(SignInPolicy.objects.values("absolute_limit_s")[:1]),
        second_factor_rule=Subquery(SignInPolicy.objects.values("second_factor")[:1]),
        risk_mode=Subquery(SignInPolicy.objects.values("risk_mode")[:1]),
    )
    row = found.first()
    if row is None or row.person_id is None:
        return row
    usual = SignInPolicy()
    idle = timedelta(seconds=row.idle_limit_s or usual.idle_limit_s)
    absolute = timedelta(seconds=row.absolute_limit_s or usual.absolute_limit_s)
    at = now()
    return row if at - row.last_seen_at <= idle and at - row.started_at <= absolute else None


def _moment(at_s: int) -> datetime:
    return datetime.fromtimestamp(at_s, UTC)
