"""What the record keeps as a word is read in the reader's language."""

from typing import Any

from django.utils import translation

from apps.accounts.choices import shown_device
from apps.kernel.audit.models import AuditEntry
from apps.kernel.audit.record import record
from apps.kernel.audit.selectors import described


def _in_german(action: str, actor: Any, **detail: Any) -> str:
    entry: AuditEntry = record(action, actor=actor, target=actor.pk, detail=detail)
    with translation.override("de"):
        return described(entry)


def test_what_somebody_showed_is_translated(cast_a: Any) -> None:
    assert "Wiederherstellungscode" in _in_german("person.reauthenticated", cast_a.analyst, by="recovery code")


def test_why_a_factor_was_refused_is_translated(cast_a: Any) -> None:
    assert "falscher Code" in _in_german("person.second_factor_failed", cast_a.analyst, reason="wrong code")


def test_a_devices_name_is_translated(cast_a: Any) -> None:
    assert "Firefox unter Linux" in _in_german("session.ended", cast_a.analyst, device="Firefox on Linux")
    assert shown_device("curl") == "curl"


def test_a_name_that_happens_to_be_a_word_is_left_alone(cast_a: Any) -> None:
    assert "password" in _in_german("passkey.registered", cast_a.analyst, name="password")


def test_an_empty_word_stays_empty(cast_a: Any) -> None:
    assert "Project-Id-Version" not in _in_german("session.ended", cast_a.analyst, device="")
