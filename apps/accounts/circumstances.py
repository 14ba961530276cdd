"""From where the work in hand was asked for: address, browser, the note that the browser kept from an earlier sign-in.

One object a request, in a context variable, as the audit's request context: a deed that judges a sign-in sees no request.
"""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property

from apps.accounts.device_names import device_name
from apps.accounts.limits import network_of
from apps.accounts.places import Place, place_of
from apps.kernel.audit.request_context import request_context
from apps.kernel.signing import InvalidSignatureError, sign, verify
from apps.kernel.tenancy.context import current_tenant

NOTE_LIFE_S = 400 * 24 * 3600
"""Browsers keep no cookie for longer."""
_PURPOSE = "accounts.device"


class Circumstances:
    """What a browser or program looks like from here. Everything is worked out when it is first asked for."""

    def __init__(self, *, user_agent: str = "", note: str = "") -> None:
        self._user_agent = user_agent
        self._note = note
        self.is_to_be_remembered = False

    @property
    def address(self) -> str:
        """The peer's, as the audit has it; "" when there is none."""
        return request_context().ip or ""

    @property
    def network(self) -> str:
        """What one attacker commonly owns of it."""
        return network_of(self.address)

    @cached_property
    def device(self) -> str:
        """The browser's name, in our words."""
        return device_name(self._user_agent)

    @cached_property
    def place(self) -> Place:
        """Where the address is, as far as that is known."""
        return place_of(self.address)

    @property
    def device_mark(self) -> str:
        """A digest that names the browser in rows: who reads them can forge no note."""
        return hashlib.sha256(self._device_id.encode()).hexdigest()

    def new_note(self) -> str:
        """What the browser is to keep: signed, so that it is worth something here alone."""
        return sign(self._device_id, purpose=_PURPOSE, tenant_id=current_tenant().id)

    @cached_property
    def _device_id(self) -> str:
        """The one that the browser shows; a new one for a browser that shows none, or one of another organization."""
        try:
            return verify(self._note, purpose=_PURPOSE, tenant_id=current_tenant().id, max_age_s=NOTE_LIFE_S)
        except InvalidSignatureError:
            return secrets.token_hex(16)


_current: ContextVar[Circumstances | None] = ContextVar("circumstances", default=None)


def circumstances() -> Circumstances:
    """Those of the work in hand; empty ones outside of a request."""
    return _current.get() or Circumstances()


@contextmanager
def coming_from(seen: Circumstances) -> Iterator[None]:
    """Work under these circumstances; the ones before are put back."""
    token = _current.set(seen)
    try:
        yield
    finally:
        _current.reset(token)
