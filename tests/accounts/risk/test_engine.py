"""From measures to a score: tables, and what holds for every table."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.accounts.choices import SIGNAL_LABELS, RiskVerdict
from apps.accounts.risk.engine import Verdict, assess, verdict_of
from apps.accounts.risk.measures import FRESH_FOR, SeenSignIn, Standing, measure
from apps.accounts.risk.signals import WEIGHTS, Signal
from apps.accounts.risk.travel import NEARBY_KM, Point, distance_km, speed_km_h

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
BERLIN, PARIS, SYDNEY, TOKYO = Point(52.5, 13.4), Point(48.9, 2.35), Point(-33.9, 151.2), Point(35.7, 139.7)
MEASURES = st.dictionaries(st.sampled_from(list(Signal)), st.floats(0, 1e6, allow_nan=False))


def seen(**changes: Any) -> SeenSignIn:
    known: dict[str, Any] = {
        "at": NOON,
        "device_mark": "laptop",
        "device": "Firefox on Linux",
        "network": "203.0.113.0/24",
        "country": "DE",
        "point": BERLIN,
        "is_in": True,
    }
    return SeenSignIn(**{**known, **changes})


def standing(**changes: Any) -> Standing:
    usual: dict[str, Any] = {
        "time_zone": "UTC",
        "joined_at": NOON - timedelta(days=400),
        "last_seen_at": NOON - timedelta(days=1),
        "is_powerful": False,
        "uses_emergency_access": False,
        "has_known_password": False,
    }
    return Standing(**{**usual, **changes})


YESTERDAY = seen(at=NOON - timedelta(days=1))
LONG_AGO = seen(at=NOON - timedelta(days=120))


def score(present: SeenSignIn, earlier: list[SeenSignIn], account: Standing | None = None) -> float:
    return assess(measure(present, earlier, account or standing())).score


def signals(present: SeenSignIn, earlier: list[SeenSignIn], account: Standing | None = None) -> set[str]:
    return {reason.signal.value for reason in assess(measure(present, earlier, account or standing())).reasons}


def test_a_usual_sign_in_weighs_nothing() -> None:
    assert score(seen(), [YESTERDAY]) == 0


@pytest.mark.parametrize(
    ("signal", "present", "earlier", "account"),
    [
        ("new_device", {"device_mark": "other", "device": "Chrome on Windows"}, [YESTERDAY], {}),
        ("new_device", {"device_mark": "", "network": "198.51.100.0/24"}, [YESTERDAY], {}),
        ("new_country", {"country": "FR", "point": None}, [YESTERDAY], {}),
        ("impossible_travel", {"point": SYDNEY}, [seen(at=NOON - timedelta(hours=2))], {}),
        ("unusual_hour", {"at": NOON.replace(hour=3)}, [seen(at=NOON - timedelta(days=3))], {}),
        ("many_sign_ins", {}, [seen(at=NOON - timedelta(minutes=n)) for n in range(1, 6)], {}),
        (
            "many_networks",
            {},
            [YESTERDAY, *(seen(at=NOON - timedelta(minutes=5), network=n) for n in ("a", "b"))],
            {},
        ),
        ("failed_on_account", {}, [YESTERDAY], {"failed_on_account": 3}),
        ("failed_on_network", {}, [YESTERDAY], {"failed_on_network": 10}),
        ("known_password", {}, [YESTERDAY], {"has_known_password": True}),
        ("powerful_role", {}, [YESTERDAY], {"is_powerful": True}),
        ("dormant_account", {}, [LONG_AGO], {"last_seen_at": NOON - timedelta(days=90)}),
        ("dormant_account", {}, [LONG_AGO], {"last_seen_at": None}),
        ("fresh_account", {}, [YESTERDAY], {"joined_at": NOON - FRESH_FOR + timedelta(seconds=1)}),
        ("emergency_access", {}, [YESTERDAY], {"uses_emergency_access": True}),
    ],
)
def test_each_signal_alone_is_seen_and_raises_the_score(
    signal: str, present: dict[str, Any], earlier: list[SeenSignIn], account: dict[str, Any]
) -> None:
    assert signals(seen(**present), earlier, standing(**account)) == {signal}
    assert score(seen(**present), earlier, standing(**account)) > 0


@pytest.mark.parametrize(
    ("present", "earlier", "account"),
    [
        ({"country": ""}, [YESTERDAY], {}),
        ({"country": "FR", "point": None}, [seen(at=NOON - timedelta(days=1), country="", point=None)], {}),
        ({"point": PARIS}, [seen(at=NOON - timedelta(hours=2))], {}),
        ({"point": Point(52.4, 13.1)}, [seen(at=NOON - timedelta(seconds=1))], {}),
        ({"point": None}, [YESTERDAY], {}),
        ({"at": NOON.replace(hour=3)}, [seen(at=NOON.replace(day=3, hour=2))], {}),
        ({"at": NOON.replace(hour=2)}, [YESTERDAY], {"time_zone": "Asia/Tokyo"}),
        ({}, [seen(at=NOON - timedelta(minutes=n * 20)) for n in range(1, 5)], {}),
        ({}, [YESTERDAY], {"failed_on_account": 2, "failed_on_network": 9}),
        ({}, [LONG_AGO], {"last_seen_at": NOON - timedelta(days=89, hours=23)}),
        ({}, [YESTERDAY], {"last_seen_at": None}),
        ({}, [YESTERDAY], {"joined_at": NOON - FRESH_FOR}),
    ],
)
def test_what_is_usual_or_not_known_weighs_nothing(
    present: dict[str, Any], earlier: list[SeenSignIn], account: dict[str, Any]
) -> None:
    assert signals(seen(**present), earlier, standing(**account)) == set()


def test_the_hour_is_the_persons_own() -> None:
    at = NOON.replace(hour=16)
    habit = [seen(at=at - timedelta(days=1, hours=6))]
    assert signals(seen(at=at), habit, standing(time_zone="Asia/Tokyo", last_seen_at=at)) == {"unusual_hour"}
    assert signals(seen(at=at), habit, standing(time_zone="Europe/Berlin", last_seen_at=at)) == set()


def test_a_browser_without_our_note_that_looks_as_before_is_half_as_new() -> None:
    cleared = seen(device_mark="new")
    assert 0 < score(cleared, [YESTERDAY]) < score(seen(device_mark="new", device="curl"), [YESTERDAY])
    nameless = seen(device_mark="new", device="")
    assert score(nameless, [seen(at=NOON - timedelta(days=1), device="")]) == score(nameless, [])


def test_a_sign_in_that_was_not_finished_teaches_nothing() -> None:
    thief = seen(device_mark="thief", device="curl", network="n", country="RU", point=None, is_in=False)
    thief = SeenSignIn(**{**{name: getattr(thief, name) for name in thief.__slots__}, "at": NOON - timedelta(days=1)})
    again = seen(device_mark="thief", device="curl", network="n", country="RU", point=None)
    assert signals(again, [YESTERDAY, thief]) == {"new_device", "new_country"}


@pytest.mark.parametrize(
    ("present", "verdict"),
    [
        ({}, Verdict.ALLOW),
        ({"device_mark": "x", "device": "y"}, Verdict.ALLOW),
        ({"country": "FR", "point": PARIS}, Verdict.STEP_UP),
        ({"point": SYDNEY, "country": "DE"}, Verdict.STEP_UP),
        ({"device_mark": "x", "device": "y", "country": "AU", "point": SYDNEY}, Verdict.DENY),
    ],
)
def test_the_usual_thresholds_do_what_people_expect(present: dict[str, Any], verdict: Verdict) -> None:
    got = score(seen(**present), [seen(at=NOON - timedelta(hours=2))])
    assert verdict_of(got, step_up_from=0.3, deny_from=0.7) == verdict


def test_guesses_of_somebody_else_lock_nobody_out() -> None:
    worst = standing(failed_on_account=10_000, failed_on_network=10_000)
    assert verdict_of(score(seen(), [YESTERDAY], worst), step_up_from=0.3, deny_from=0.7) == Verdict.STEP_UP


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(0, "allow"), (0.2999, "allow"), (0.3, "step_up"), (0.6999, "step_up"), (0.7, "deny"), (1, "deny")],
)
def test_a_threshold_belongs_to_what_it_begins(value: float, verdict: str) -> None:
    assert verdict_of(value, step_up_from=0.3, deny_from=0.7) == verdict


@given(MEASURES)
@settings(deadline=None)
def test_the_score_lies_between_nought_and_one_and_is_made_of_its_reasons(measured: dict[Signal, float]) -> None:
    assessment = assess(measured)
    assert 0 <= assessment.score <= 1
    assert (assessment.score > 0) == bool(assessment.reasons)
    assert assessment.score >= max((reason.weight for reason in assessment.reasons), default=0) - 1e-4
    assert assessment == assess(dict(reversed(list(measured.items()))))


@given(MEASURES, st.sampled_from(list(Signal)), st.floats(0, 1e6, allow_nan=False))
@settings(deadline=None)
def test_more_of_a_signal_never_lowers_the_score(measured: dict[Signal, float], signal: Signal, more: float) -> None:
    raised = {**measured, signal: measured.get(signal, 0) + more}
    assert assess(raised).score >= assess(measured).score


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.05, 0.6))
def test_a_higher_score_never_asks_for_less(low: float, high: float, step_up: float) -> None:
    order = list(Verdict)
    low, high = sorted((low, high))
    verdicts = [verdict_of(value, step_up_from=step_up, deny_from=step_up + 0.3) for value in (low, high)]
    assert order.index(verdicts[0]) <= order.index(verdicts[1])


def test_the_table_is_whole_and_in_order() -> None:
    assert set(WEIGHTS) == set(Signal) == set(SIGNAL_LABELS)
    assert set(RiskVerdict.values) == {verdict.value for verdict in Verdict}
    for signal, steps in WEIGHTS.items():
        assert list(steps) == sorted(steps, key=lambda step: step.at_least), signal
        assert [step.weight for step in steps] == sorted(step.weight for step in steps), signal
        assert all(0 < step.weight < 1 and step.at_least > 0 for step in steps), signal


def test_distances_are_those_of_an_atlas() -> None:
    assert distance_km(BERLIN, PARIS) == pytest.approx(878, rel=0.02)
    assert distance_km(SYDNEY, TOKYO) == pytest.approx(7820, rel=0.02)
    assert distance_km(Point(0, 0), Point(0, 180)) == pytest.approx(20_015, rel=0.01)
    assert distance_km(BERLIN, BERLIN) == 0
    assert speed_km_h(BERLIN, PARIS, elapsed=timedelta(hours=2)) == pytest.approx(439, rel=0.02)
    assert speed_km_h(BERLIN, PARIS, elapsed=timedelta(0)) > 50_000
    assert distance_km(BERLIN, Point(52.5, 15.9)) < NEARBY_KM
    assert speed_km_h(BERLIN, Point(52.5, 15.9), elapsed=timedelta(0)) == 0


POINTS = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@given(POINTS, POINTS)
def test_a_distance_is_the_same_both_ways_and_at_most_half_around_the_earth(one: Point, other: Point) -> None:
    assert distance_km(one, other) == pytest.approx(distance_km(other, one), abs=1e-6)
    assert 0 <= distance_km(one, other) <= 20_016
