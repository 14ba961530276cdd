"""Signed values: of one organization and one purpose, until the secret is retired, and never changed."""

from typing import Any
from uuid import UUID

import pytest
import time_machine

from apps.kernel.clock import now
from apps.kernel.signing import InvalidSignatureError, keys_for, sign, verify

ALPHA, BETA = UUID(int=1), UUID(int=2)
SECOND = "another secret of more than fifty letters, for a test alone"


def test_what_was_signed_comes_back() -> None:
    token = sign("value", purpose="link", tenant_id=ALPHA)
    assert verify(token, purpose="link", tenant_id=ALPHA) == "value"
    assert "value" in token, "it is no secret"


@pytest.mark.parametrize(("purpose", "tenant_id"), [("link", BETA), ("other", ALPHA), ("link.", ALPHA), ("", ALPHA)])
def test_for_another_purpose_or_organization_it_is_worth_nothing(purpose: str, tenant_id: UUID) -> None:
    token = sign("value", purpose="link", tenant_id=ALPHA)
    with pytest.raises(InvalidSignatureError):
        verify(token, purpose=purpose, tenant_id=tenant_id)


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: "x" + t, lambda t: t.replace("value", "valve"), lambda t: ""]
)
def test_a_changed_one_is_refused(change: Any) -> None:
    with pytest.raises(InvalidSignatureError):
        verify(change(sign("value", purpose="link", tenant_id=ALPHA)), purpose="link", tenant_id=ALPHA)


def test_it_ends_with_its_age_where_one_is_asked_for() -> None:
    with time_machine.travel(now().replace(microsecond=0), tick=False) as clock:
        token = sign("value", purpose="link", tenant_id=ALPHA)
        clock.shift(60)
        assert verify(token, purpose="link", tenant_id=ALPHA, max_age_s=60) == "value"
        clock.shift(1)
        with pytest.raises(InvalidSignatureError):
            verify(token, purpose="link", tenant_id=ALPHA, max_age_s=60)
        assert verify(token, purpose="link", tenant_id=ALPHA) == "value"


def test_keys_differ_by_organization_purpose_and_secret(settings: Any) -> None:
    before = keys_for("token", tenant_id=ALPHA)
    assert len(before) == 1
    assert len({*before, *keys_for("token", tenant_id=BETA), *keys_for("other", tenant_id=ALPHA)}) == 3
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], SECOND
    after = keys_for("token", tenant_id=ALPHA)
    assert (len(after), after[1]) == (2, before[0])
    assert after[0] != before[0], "the newest signs"


def test_a_retired_secret_still_verifies(settings: Any) -> None:
    token = sign("value", purpose="link", tenant_id=ALPHA)
    retired, settings.SECRET_KEY = settings.SECRET_KEY, SECOND
    with pytest.raises(InvalidSignatureError):
        verify(token, purpose="link", tenant_id=ALPHA)
    settings.SECRET_KEY_FALLBACKS = [retired]
    assert verify(token, purpose="link", tenant_id=ALPHA) == "value"
