"""Bedrock through real boto3 over HTTP, against a loopback server that behaves well, badly, or not at all."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest

from apps.analysis.parsing import reply_schema
from apps.analysis.parsing.read_reply import Expectation, read_reply
from apps.analysis.prompts.render import Brief, Passage, PointBrief, PromptSettings, section_request
from apps.analysis.prompts.windows import Window
from apps.analysis.rules.port import SectionText
from apps.kernel.errors import DomainError, UnavailableError
from apps.kernel.llm import bedrock
from apps.kernel.llm.bedrock import BedrockModel, BedrockSettings
from apps.kernel.llm.breaker import Breaker, BreakerSettings
from apps.kernel.llm.errors import (
    InputTooLargeError,
    ModelAccessError,
    ModelRefusedError,
    ModelRequestError,
    ModelThrottledError,
    ModelTimeoutError,
    ModelUnavailableError,
    ReplyTooLongError,
    tokens_of,
)
from apps.kernel.llm.port import ModelRequest, Part, ReplyShape, Speaker
from apps.kernel.llm.routing import ModelRoute, Patience, Restraint
from apps.kernel.llm.shared_cells import LocalCells
from apps.kernel.llm.throttle import Quota, Throttle
from tests.doubles.bedrock_wire import (
    CREDENTIALS,
    THROTTLED,
    BedrockWire,
    Cuts,
    Drips,
    Fails,
    Raw,
    Says,
    bedrock_wire,
    throttled_half_of_the_time,
)

SHAPE = ReplyShape(name="review", description="Hand it in.", schema_json='{"type": "object"}')
ARN = "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.some-model-v1:0"


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[BedrockWire]:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_BEARER_TOKEN_BEDROCK", raising=False)
    bedrock._client.cache_clear()
    with bedrock_wire() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", server.url)
        yield server
    # A call that was given up goes on in its thread, and would look for its server where the next test has put another.
    for thread in threading.enumerate():
        if thread.name == "model-call":
            thread.join(timeout=30)
    bedrock._client.cache_clear()


def model(name: str = "some.model-v1:0", **settings: object) -> BedrockModel:
    return BedrockModel(name, settings=BedrockSettings(**settings))  # type: ignore[arg-type]


def route(*models: BedrockModel, attempts: int = 4, first_pause_s: float = 0.001) -> ModelRoute:
    cells = LocalCells()
    return ModelRoute(
        models,
        restraint=Restraint(
            throttle=Throttle(cells, Quota()),
            breaker=Breaker(cells, BreakerSettings(failures=50)),
            patience=Patience(attempts=attempts, first_pause_s=first_pause_s, longest_pause_s=0.01),
        ),
    )


def question(text: str = "Seller A lost access. The team restored it.", **more: object) -> ModelRequest:
    return ModelRequest(system="You review.", parts=(Part(text),), **more)  # type: ignore[arg-type]


def test_a_structured_answer_comes_back_as_json_with_what_it_cost(wire: BedrockWire) -> None:
    wire.script = [Says(structure={"items": [{"é": 1}]})]
    reply = model().ask(question(shape=SHAPE))
    assert json.loads(reply.text) == {"items": [{"é": 1}]}
    assert (reply.model, reply.source) == ("some.model-v1:0", "bedrock")
    assert reply.usage.read > 0
    assert reply.usage.written > 0


def test_a_plain_answer_leaves_the_models_reasoning_out(wire: BedrockWire) -> None:
    wire.script = [Says(text="Yes.")]
    assert model().ask(question()).text == "Yes."


def test_the_request_carries_system_tool_limits_guardrail_and_alternating_speakers(wire: BedrockWire) -> None:
    parts = (Part("a"), Part("b"), Part("c", Speaker.MODEL), Part("d"))
    request = ModelRequest(system="S", parts=parts, shape=SHAPE, max_output_tokens=77, temperature=0.25)
    model(ARN, guardrail="gr-1", guardrail_version="3").ask(request)
    call = wire.calls[0]
    assert call.model == ARN
    assert call.body["system"] == [{"text": "S"}]
    assert [message["role"] for message in call.body["messages"]] == ["user", "assistant", "user"]
    assert call.body["messages"][0]["content"] == [{"text": "a"}, {"text": "b"}]
    assert call.body["inferenceConfig"] == {"maxTokens": 77, "temperature": 0.25}
    assert call.body["toolConfig"]["toolChoice"] == {"tool": {"name": "review"}}
    assert call.body["guardrailConfig"]["guardrailIdentifier"] == "gr-1"


def test_a_temperature_of_none_is_not_sent(wire: BedrockWire) -> None:
    model().ask(question(temperature=None))
    assert "temperature" not in wire.calls[0].body["inferenceConfig"]


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (THROTTLED, ModelThrottledError),
        (Fails(400, "ServiceQuotaExceededException"), ModelThrottledError),
        (Fails(408, "ModelTimeoutException"), ModelTimeoutError),
        (Fails(424, "ModelErrorException"), ModelUnavailableError),
        (Fails(429, "ModelNotReadyException"), ModelUnavailableError),
        (Fails(500, "InternalServerException"), ModelUnavailableError),
        (Fails(503, "ServiceUnavailableException"), ModelUnavailableError),
        (Fails(502, "BadGateway"), ModelUnavailableError),
        (Fails(429, "SomethingNew"), ModelThrottledError),
        (Fails(403, "AccessDeniedException"), ModelAccessError),
        (Fails(403, "ExpiredTokenException"), ModelAccessError),
        (Fails(404, "ResourceNotFoundException"), ModelAccessError),
        (Fails(400, "ValidationException", "Input is too long for requested model."), InputTooLargeError),
        (Fails(400, "ValidationException", "The provided model identifier is invalid."), ModelAccessError),
        (Fails(400, "ValidationException", "messages: roles must alternate"), ModelRequestError),
        (Says(stop="guardrail_intervened", text="no"), ModelRefusedError),
        (Says(stop="content_filtered", text="no"), ModelRefusedError),
        (Says(stop="max_tokens"), ReplyTooLongError),
        (Says(stop="malformed_tool_use"), ModelUnavailableError),
        (Raw(b"<html>a proxy's page</html>"), ModelUnavailableError),
        (Raw(b"null"), ModelUnavailableError),
        (Raw(b'[{"output": 1}]'), ModelUnavailableError),
        (Raw(b'{"output": null}'), ModelUnavailableError),
        (Raw(b'{"output": {"message": null}, "usage": null}'), ModelUnavailableError),
        (Cuts(), ModelUnavailableError),
    ],
)
def test_each_fault_has_one_meaning_and_costs_one_call(
    wire: BedrockWire, act: Fails | Says | Raw | Cuts, error: type[DomainError]
) -> None:
    wire.script = [act]
    with pytest.raises(DomainError) as caught:
        model().ask(question(shape=SHAPE))
    assert type(caught.value) is error
    assert wire.call_count == 1


def test_an_error_never_repeats_the_providers_words_as_they_may_quote_the_document(wire: BedrockWire) -> None:
    wire.script = [Fails(400, "ValidationException", "bad text: CANARY-9")]
    with pytest.raises(ModelRequestError) as caught:
        model().ask(question())
    assert "CANARY-9" not in repr(caught.value) + str(caught.value.fields)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_what_a_useless_answer_cost_is_known(wire: BedrockWire) -> None:
    wire.script = [Says(stop="max_tokens")]
    with pytest.raises(ReplyTooLongError) as caught:
        model().ask(question(shape=SHAPE))
    assert tokens_of(caught.value).total > 0


def test_a_giant_answer_is_refused(wire: BedrockWire) -> None:
    wire.script = [Says(structure={"items": ["x" * (bedrock.MAX_REPLY_CHARS + 1)]})]
    with pytest.raises(ReplyTooLongError):
        model().ask(question(shape=SHAPE))


def test_the_deadline_holds_against_a_server_that_drips(wire: BedrockWire) -> None:
    wire.script = [Drips()]
    started = time.monotonic()
    with pytest.raises(ModelTimeoutError):
        model().ask(question(deadline_s=0.1))
    assert time.monotonic() - started < 3.0, "the whole answer would have dripped for five seconds"


def test_loading_the_sdk_is_not_counted_as_the_models_time_and_never_left_to_a_call_that_was_given_up(
    wire: BedrockWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine it took longer than the deadline, and the forgotten call then made the client of whoever asked next."""
    makers = []
    make = boto3.Session.client

    def noted(session: boto3.Session, *args: object, **kwargs: object) -> object:
        makers.append(threading.current_thread().name)
        return make(session, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(boto3.Session, "client", noted)
    with pytest.raises(ModelTimeoutError):
        model().ask(question(deadline_s=0.0))
    assert makers == [threading.current_thread().name]


def test_silence_ends_with_the_read_timeout(wire: BedrockWire) -> None:
    wire.script = [Says(delay_s=20.0)]
    with pytest.raises(ModelTimeoutError) as caught:
        model(read_timeout_s=0.5).ask(question(deadline_s=15.0))
    assert caught.value.fields["fault"] == "ReadTimeoutError"


def test_a_closed_port_is_unavailable(wire: BedrockWire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:9")
    with pytest.raises(UnavailableError):
        model(connect_timeout_s=0.5).ask(question())


def test_without_credentials_an_operator_is_asked_for_and_no_call_is_made(
    wire: BedrockWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "absent")
    monkeypatch.setenv("AWS_CONFIG_FILE", "absent")
    with pytest.raises(ModelAccessError):
        model().ask(question())
    assert wire.call_count == 0


@pytest.mark.parametrize("name", ["", "../x", "http://evil.example/model", "a b", "x" * 3000])
def test_a_model_name_that_is_no_model_name_is_refused(name: str) -> None:
    if name.startswith("http"):
        name += "?x"
    with pytest.raises(ModelAccessError):
        model(name)


def test_a_throttled_call_is_repeated_after_the_wait_it_was_told(wire: BedrockWire) -> None:
    wire.script = [Fails(429, "ThrottlingException", retry_after="0.03"), Says()]
    started = time.monotonic()
    reply = route(model()).ask(question(shape=SHAPE))
    assert reply.attempts == 2
    assert time.monotonic() - started >= 0.03


def test_all_layers_together_make_at_most_four_calls(wire: BedrockWire) -> None:
    wire.otherwise = lambda _call: Fails(500, "InternalServerException")
    with pytest.raises(ModelUnavailableError):
        route(model("model-a"), model("model-b")).ask(question())
    assert [call.model for call in wire.calls] == ["model-a", "model-b", "model-a", "model-b"]


@pytest.mark.parametrize(
    "act",
    [
        Fails(400, "ValidationException", "malformed"),
        Fails(400, "ValidationException", "Input is too long"),
        Fails(403, "AccessDeniedException"),
        Says(stop="guardrail_intervened", text="no"),
        Says(stop="max_tokens"),
    ],
)
def test_what_trying_again_cannot_mend_is_one_call(wire: BedrockWire, act: Fails | Says) -> None:
    wire.otherwise = lambda _call: act
    with pytest.raises(DomainError):
        route(model()).ask(question(shape=SHAPE))
    assert wire.call_count == 1


def test_throttled_half_of_the_time_every_section_is_answered_at_few_extra_calls(wire: BedrockWire) -> None:
    asked = 150
    wire.otherwise = throttled_half_of_the_time(0.1)
    shared = route(model())
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _number: shared.ask(question(shape=SHAPE)), range(asked)))
    assert len(replies) == asked
    assert wire.call_count / asked <= 1.3


def test_a_stream_yields_the_words_and_then_the_usage(wire: BedrockWire) -> None:
    wire.script = [Says(text="One two three.")]
    pieces = list(model().stream(question()))
    assert "".join(piece.text for piece in pieces) == "One two three."
    assert pieces[-1].usage is not None


def test_a_stream_that_breaks_gives_what_came_and_then_an_error(wire: BedrockWire) -> None:
    wire.script = [Cuts(events=3)]
    seen: list[str] = []
    with pytest.raises(ModelUnavailableError):
        seen.extend(piece.text for piece in model().stream(question()))
    assert seen == ["One ", "two "]


def test_a_stream_that_is_refused_says_why(wire: BedrockWire) -> None:
    wire.script = [THROTTLED]
    with pytest.raises(ModelThrottledError):
        list(model().stream(question()))


def test_the_double_answers_a_review_request_with_quotes_that_stand_in_the_section(wire: BedrockWire) -> None:
    text = "Seller A lost access on 3 May. The team restored it later."
    section = SectionText(index=0, heading="Summary", kind="narrative", text=text)
    shape = ReplyShape(
        reply_schema.NAME, reply_schema.DESCRIPTION, reply_schema.schema_json(point_numbers=(1, 2), max_items=5)
    )
    request = section_request(
        Passage(section, Window(0, len(text))),
        brief=Brief(points=(PointBrief(1, "Impact", "Who?", "missing", "stated"),)),
        nonce="0123456789abcdef",
        settings=PromptSettings(shape=shape),
    )
    reply = route(model()).ask(request)
    read = read_reply(reply.text, expected=Expectation(section, frozenset({1, 2})))
    assert [finding.quote.text for finding in read.findings] == [
        "Seller A lost access on 3 May.",
        "The team restored it later.",
    ]
    assert read.problems == ()
