"""Counters of tries: shared, ending, bounded, and there when the server that holds them is not."""

from typing import Any

import pytest
from django.core.cache import cache

from apps.accounts import limits
from apps.accounts.errors import TooManyAttemptsError
from apps.accounts.limits import ATTEMPTS_AN_ACCOUNT, Attempt, LocalCounters, begin_attempt, forgive_attempt

TRY = Attempt("sign_in", "analyst@example.com", "203.0.113.7")


def test_counters_here_are_bounded_so_that_spraying_fills_no_memory(monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "_MOST_LOCAL_COUNTERS", 3)
    counters = LocalCounters(60)
    for name in "abcde":
        assert counters.add(name, 1) == 1
    assert counters.add("e", 1) == 2, "the newest stay"
    assert counters.add("a", 1) == 1, "the oldest went"


def test_counters_that_ended_make_room_first(monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "_MOST_LOCAL_COUNTERS", 2)
    at_s = 1000.0
    monkeypatch.setattr(limits.time, "monotonic", lambda: at_s)
    counters = LocalCounters(60)
    counters.add("old", 5)
    at_s += 61
    counters.add("new", 1)
    counters.add("newer", 1)
    assert counters.add("new", 1) == 2, "only what had ended was forgotten"
    assert counters.add("old", 1) == 1


def test_a_counter_does_not_fall_below_nought() -> None:
    counters = LocalCounters(60)
    assert counters.add("a", -1) == 0
    assert counters.add("a", 1) == 1
    counters.forget("a")
    counters.forget("never there")
    assert counters.add("a", 0) == 0


def test_a_counter_that_ends_between_two_steps_begins_anew(tenant_a: Any, monkeypatch: Any) -> None:
    """Its end in the server may fall between making sure that it is there and counting."""
    monkeypatch.setattr(cache, "add", lambda *_args, **_kwargs: True, raising=False)
    for _ in range(ATTEMPTS_AN_ACCOUNT * 2):
        begin_attempt(TRY)


def test_forgiving_what_was_never_counted_counts_nothing(tenant_a: Any) -> None:
    forgive_attempt(TRY)
    for _ in range(ATTEMPTS_AN_ACCOUNT):
        begin_attempt(TRY)
    with pytest.raises(TooManyAttemptsError):
        begin_attempt(TRY)


def test_forgiving_gives_the_account_all_its_tries_back(tenant_a: Any) -> None:
    for _ in range(ATTEMPTS_AN_ACCOUNT):
        begin_attempt(TRY)
    forgive_attempt(TRY)
    for _ in range(ATTEMPTS_AN_ACCOUNT):
        begin_attempt(TRY)
    with pytest.raises(TooManyAttemptsError):
        begin_attempt(TRY)
