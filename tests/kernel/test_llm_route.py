"""Which model is asked, how often, and what holds calls back; on a clock that the test owns."""

import threading
from decimal import Decimal
from pathlib import Path

import pytest
import redis

from apps.kernel.errors import DomainError
from apps.kernel.llm.breaker import Breaker, BreakerSettings
from apps.kernel.llm.errors import (
    InputTooLargeError,
    ModelAccessError,
    ModelNotAllowedError,
    ModelPausedError,
    ModelRefusedError,
    ModelThrottledError,
    ModelUnavailableError,
    NoModelError,
)
from apps.kernel.llm.port import ModelRequest, Part, TokenCount
from apps.kernel.llm.prices import PriceFileError, cost_usd_cents, prices_in
from apps.kernel.llm.routing import ModelRoute, Patience, Restraint, Timing
from apps.kernel.llm.scripted import RecordedReply, ScriptedModel, recorded_in
from apps.kernel.llm.shared_cells import FallingBackCells, LocalCells, Step, ValkeyCells
from apps.kernel.llm.throttle import Quota, Throttle


class Clock:
    """Time passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def route(
    clock: Clock, *models: ScriptedModel, quota: Quota | None = None, breaker: BreakerSettings | None = None
) -> ModelRoute:
    cells = LocalCells(clock.read)
    restraint = Restraint(
        throttle=Throttle(cells, quota or Quota()),
        breaker=Breaker(cells, breaker or BreakerSettings()),
        patience=Patience(attempts=4, first_pause_s=1.0, max_input_tokens=1_000),
        timing=Timing(clock=clock.read, sleep=clock.sleep),
    )
    return ModelRoute(models, restraint=restraint)


def scripted(*replies: str | DomainError, name: str = "one") -> ScriptedModel:
    return ScriptedModel([RecordedReply(r) if isinstance(r, str) else r for r in replies], name=name)


def question(text: str = "A text.", **more: object) -> ModelRequest:
    return ModelRequest(system="", parts=(Part(text),), **more)  # type: ignore[arg-type]


def test_a_scripted_reply_says_that_it_is_scripted(clock: Clock) -> None:
    reply = route(clock, scripted("hello")).ask(question())
    assert (reply.text, reply.source, reply.model) == ("hello", "scripted", "one")


def test_without_a_model_nothing_is_asked_and_the_error_says_so(clock: Clock) -> None:
    with pytest.raises(NoModelError):
        route(clock).ask(question())


def test_an_input_over_the_cap_costs_no_call(clock: Clock) -> None:
    model = scripted("x")
    with pytest.raises(InputTooLargeError):
        route(clock, model).ask(question("a" * 3_001))
    assert model.requests == []


def test_the_next_model_answers_when_the_first_is_throttled_without_waiting(clock: Clock) -> None:
    first, second = scripted(ModelThrottledError(retry_after_s=9.0)), scripted("yes", name="two")
    reply = route(clock, first, second).ask(question())
    assert (reply.model, reply.attempts, clock.slept) == ("two", 2, [])


def test_a_model_that_may_not_be_used_is_skipped_for_the_next(clock: Clock) -> None:
    reply = route(clock, scripted(ModelAccessError()), scripted("yes", name="two")).ask(question())
    assert reply.model == "two"


def test_a_refusal_is_not_taken_to_another_model(clock: Clock) -> None:
    second = scripted("yes", name="two")
    with pytest.raises(ModelRefusedError):
        route(clock, scripted(ModelRefusedError()), second).ask(question())
    assert second.requests == []


def test_a_request_may_choose_among_the_configured_models_only(clock: Clock) -> None:
    both = route(clock, scripted("1"), scripted("2", name="two"))
    assert both.ask(question(models=("two",))).text == "2"
    with pytest.raises(ModelNotAllowedError):
        both.ask(question(models=("arn:aws:bedrock:us-east-1:999999999999:x",)))


def test_it_waits_no_longer_than_the_deadline(clock: Clock) -> None:
    with pytest.raises(ModelThrottledError) as caught:
        route(clock, scripted(ModelThrottledError(retry_after_s=30.0), "late")).ask(question(deadline_s=20.0))
    assert (caught.value.retry_after_s, clock.slept) == (30.0, [])


def test_pauses_grow_and_four_calls_are_the_most(clock: Clock) -> None:
    model = scripted(*[ModelUnavailableError() for _ in range(9)])
    with pytest.raises(ModelUnavailableError):
        route(clock, model).ask(question())
    assert len(model.requests) == 4
    assert 0.5 <= clock.slept[0] <= 1.0
    assert 2.0 <= clock.slept[2] <= 4.0


def test_what_is_left_of_the_deadline_is_passed_on(clock: Clock) -> None:
    model = scripted(ModelThrottledError(retry_after_s=3.0), "yes")
    route(clock, model).ask(question(deadline_s=10.0))
    assert [request.deadline_s for request in model.requests] == [10.0, 7.0]


def test_one_throttled_call_holds_back_everybody_elses(clock: Clock) -> None:
    cells = LocalCells(clock.read)
    one, other = Throttle(cells, Quota()), Throttle(cells, Quota())
    one.pause("m", seconds=5.0)
    assert other.seconds_until_turn("m", tokens=1) == 5.0
    assert other.seconds_until_turn("another", tokens=1) == 0.0
    clock.now += 5.0
    assert other.seconds_until_turn("m", tokens=1) == 0.0


def test_a_throttled_answer_holds_back_the_next_request_too(clock: Clock) -> None:
    model = scripted(ModelThrottledError(retry_after_s=30.0), "yes")
    only = route(clock, model)
    with pytest.raises(ModelThrottledError):
        only.ask(question(deadline_s=1.0))
    assert only.ask(question(deadline_s=60.0)).text == "yes"
    assert clock.slept == [30.0]


def test_a_minute_holds_no_more_requests_than_the_quota_and_its_burst(clock: Clock) -> None:
    throttle = Throttle(LocalCells(clock.read), Quota(requests_per_minute=60))
    taken = 0
    while clock.now < 1_060.0:
        wait_s = throttle.seconds_until_turn("m", tokens=1)
        taken += not wait_s
        clock.now += max(wait_s, 0.001)
    assert 60 <= taken <= 71


def test_tokens_are_counted_and_a_request_over_the_bucket_waits_for_a_full_one(clock: Clock) -> None:
    throttle = Throttle(LocalCells(clock.read), Quota(tokens_per_minute=600))
    assert throttle.seconds_until_turn("m", tokens=500) == 0.0
    assert throttle.seconds_until_turn("m", tokens=10) == pytest.approx(41.0)


def test_a_model_that_keeps_failing_is_left_alone_then_tried_by_one(clock: Clock) -> None:
    breaker = Breaker(LocalCells(clock.read), BreakerSettings(failures=3, pause_s=30.0, trial_s=60.0))
    for _ in range(3):
        assert breaker.seconds_until_usable("m") == 0.0
        breaker.record_failure("m")
    assert breaker.seconds_until_usable("m") == 30.0
    clock.now += 30.0
    assert breaker.seconds_until_usable("m") == 0.0
    assert breaker.seconds_until_usable("m") == 60.0
    breaker.record_failure("m")
    assert breaker.seconds_until_usable("m") == 60.0
    clock.now += 60.0
    breaker.record_success("m")
    assert breaker.seconds_until_usable("m") == 0.0


def test_an_open_breaker_costs_no_call(clock: Clock) -> None:
    model = scripted(*[ModelUnavailableError() for _ in range(4)], "yes")
    only = route(clock, model, breaker=BreakerSettings(failures=2, pause_s=500.0, longest_pause_s=500.0))
    with pytest.raises(ModelPausedError):
        only.ask(question())
    with pytest.raises(ModelPausedError):
        only.ask(question())
    assert len(model.requests) == 2


def test_throttling_never_opens_the_breaker(clock: Clock) -> None:
    model = scripted(*[ModelThrottledError(retry_after_s=1.0) for _ in range(3)], "yes")
    assert route(clock, model, breaker=BreakerSettings(failures=1)).ask(question()).text == "yes"


class Gone:
    """Cells whose server does not answer."""

    asked = 0

    def change(self, key: str, step: Step) -> float:
        self.asked += 1
        raise redis.ConnectionError


def test_with_the_shared_cells_gone_limits_go_on_in_this_process(clock: Clock) -> None:
    gone = Gone()
    throttle = Throttle(FallingBackCells(gone, local=LocalCells(clock.read)), Quota(requests_per_minute=6))
    assert throttle.seconds_until_turn("m", tokens=1) == 0.0
    assert throttle.seconds_until_turn("m", tokens=1) == pytest.approx(10.0)
    assert gone.asked == 1


def test_a_server_that_is_not_there_is_given_up_quickly() -> None:
    with pytest.raises(redis.RedisError):
        ValkeyCells("redis://127.0.0.1:9/0").change("k", lambda _numbers, _now: 0.0)


def test_local_cells_change_one_at_a_time() -> None:
    cells = LocalCells()

    def add(numbers: dict[str, float], _now: float) -> float:
        numbers["n"] = numbers.get("n", 0.0) + 1
        return numbers["n"]

    threads = [threading.Thread(target=lambda: [cells.change("k", add) for _ in range(500)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cells.change("k", add) == 2_001


def test_a_script_answers_by_words_or_in_turn_and_then_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_text("first")
    (tmp_path / "2.json").write_text('{"when": "root cause", "reply": {"items": []}}')
    model = ScriptedModel(recorded_in(tmp_path))
    assert model.ask(question("the root cause is")).text == '{"items": []}'
    assert model.ask(question()).text == "first"
    with pytest.raises(ModelUnavailableError):
        model.ask(question())


def test_a_missing_script_folder_is_a_setting_to_mend(tmp_path: Path) -> None:
    with pytest.raises(ModelAccessError):
        recorded_in(tmp_path / "absent")


PRICES = """
- model: m
  usd_per_1000_tokens_read: "0.003"
  usd_per_1000_tokens_written: "0.015"
  source: contract
  read_on: 2026-01-10
"""


def test_a_cost_is_the_operators_price_times_the_tokens_and_unknown_without_one(tmp_path: Path) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(PRICES)
    prices = prices_in(file)
    usage = TokenCount(read=2_000, written=1_000)
    assert cost_usd_cents(prices, model="m", usage=usage) == Decimal("2.1")
    assert cost_usd_cents(prices, model="other", usage=usage) is None


@pytest.mark.parametrize(
    "content",
    [
        "a: b",
        "- 3",
        PRICES.replace("  source: contract\n", ""),
        PRICES.replace("0.003", "-1"),
        PRICES.replace("0.003", "cheap"),
        PRICES.replace("2026-01-10", "lately"),
        ": [",
    ],
)
def test_a_price_without_source_date_or_sense_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "prices.yaml"
    file.write_text(content)
    with pytest.raises(PriceFileError):
        prices_in(file)
