"""Amazon Bedrock through Converse. One HTTP call an ask; the route above is the only layer that retries.

Credentials come from the SDK's own chain (environment, profile, container or instance role). The endpoint is the SDK's too:
AWS_ENDPOINT_URL_BEDROCK_RUNTIME is honoured. Model names are model ids, inference profile ids or ARNs.
"""

import functools
import json
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
from botocore import exceptions as sdk
from botocore.config import Config
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from apps.kernel.errors import DomainError
from apps.kernel.llm.bedrock_faults import Fault, error_for
from apps.kernel.llm.deadline import answer_within
from apps.kernel.llm.errors import (
    ModelAccessError,
    ModelRefusedError,
    ModelRequestError,
    ModelTimeoutError,
    ModelUnavailableError,
    ReplyTooLongError,
)
from apps.kernel.llm.port import ModelReply, ModelRequest, Part, ReplyPiece, ReplyShape, StopReason, TokenCount

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient

logger = logging.getLogger(__name__)

SOURCE = "bedrock"
MAX_REPLY_CHARS = 400_000
_MODEL_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._:/-]{0,2047}")
_IAM_ACTION = re.compile(r"\bbedrock:[A-Z][A-Za-z]{2,60}\b")
# What each call needs, by the Bedrock Runtime API reference: Converse has no permission of its own.
_PERMISSION = {"Converse": "bedrock:InvokeModel", "ConverseStream": "bedrock:InvokeModelWithResponseStream"}
_REFUSED = {"guardrail_intervened", "content_filtered"}
_CUT_SHORT = {"max_tokens", "model_context_window_exceeded"}
_SET_UP_WRONG = (
    sdk.NoCredentialsError,
    sdk.PartialCredentialsError,
    sdk.CredentialRetrievalError,
    sdk.NoRegionError,
    sdk.InvalidRegionError,
    sdk.ProfileNotFound,
    sdk.ConfigNotFound,
    sdk.ConfigParseError,
    sdk.TokenRetrievalError,
    sdk.NoAuthTokenError,
    sdk.SSOError,
    sdk.EndpointProviderError,
)
_GARBLED = {"malformed_model_output", "malformed_tool_use"}


@dataclass(frozen=True, slots=True)
class BedrockSettings:
    """How Bedrock is reached. Empty strings leave the choice to the SDK."""

    region: str = ""
    guardrail: str = ""
    """Guardrail id or ARN; "" for none."""
    guardrail_version: str = "DRAFT"
    tool_choice: str = "tool"
    """How firmly the structure is asked for: "tool" (this one), "any" (models that cannot be told which) or "auto"."""
    connect_timeout_s: float = 5.0
    read_timeout_s: float = 60.0
    """Longest silence between two bytes; the deadline of the request is separate and hard."""


class BedrockModel:
    """One model on Bedrock."""

    source = SOURCE

    def __init__(self, name: str, *, settings: BedrockSettings) -> None:
        if not _MODEL_NAME.fullmatch(name):
            raise ModelAccessError(model=name[:80])
        self.name = name
        self._settings = settings

    def ask(self, request: ModelRequest) -> ModelReply:
        """Return the answer of one Converse call. See apps.kernel.llm.errors for what it raises."""
        with _as_our_errors(self.name):
            # Before the clock runs: reading the SDK's description of the service may take a busy machine seconds, once a process.
            client = _client(self._settings)
        started = time.monotonic()
        try:
            response = answer_within(request.deadline_s, lambda: self._converse(client, request))
        except TimeoutError as error:
            raise ModelTimeoutError(model=self.name, fault="deadline") from error
        return self._read(response, shape=request.shape, latency_s=time.monotonic() - started)

    def stream(self, request: ModelRequest) -> Iterator[ReplyPiece]:
        """Yield the answer's text as it arrives; the last piece carries usage and stop reason. Plain text only.

        The deadline is checked at each event; a fault in mid-stream is raised after the pieces before it.
        """
        ends_at = time.monotonic() + request.deadline_s
        stop, is_complete = "", False
        with _as_our_errors(self.name):
            client, question = _client(self._settings), self._question(request)
            events = client.converse_stream(**question)["stream"]
            try:
                for event in events:
                    if time.monotonic() > ends_at:
                        raise ModelTimeoutError(model=self.name, fault="deadline")
                    if text := event.get("contentBlockDelta", {}).get("delta", {}).get("text", ""):
                        yield ReplyPiece(text)
                    stop = event.get("messageStop", {}).get("stopReason", stop)
                    if "metadata" in event:
                        usage = _usage_of(event["metadata"].get("usage", {}))
                        self._refuse_unusable(stop, usage=usage, is_structured=False)
                        yield ReplyPiece("", usage=usage, stop=_stop_of(stop))
                        is_complete = True
            finally:
                events.close()
        # The SDK takes a connection closed in the middle of a frame for the end of the stream.
        if not is_complete:
            raise ModelUnavailableError(model=self.name, fault="stream_cut")

    def _converse(self, client: "BedrockRuntimeClient", request: ModelRequest) -> Any:
        with _as_our_errors(self.name):
            question = self._question(request)
            try:
                return client.converse(**question)
            except (TypeError, AttributeError, LookupError) as error:
                # The SDK's parser takes JSON of another form than it expects ("null", say) for a fault of its own.
                raise ModelUnavailableError(model=self.name, fault="no_answer") from error

    def _question(self, request: ModelRequest) -> dict[str, Any]:
        inference: dict[str, Any] = {"maxTokens": request.max_output_tokens}
        if request.temperature is not None:
            inference["temperature"] = request.temperature
        question: dict[str, Any] = {
            "modelId": self.name,
            "messages": _messages(request.parts),
            "inferenceConfig": inference,
        }
        if request.system:
            question["system"] = [{"text": request.system}]
        if request.shape:
            question["toolConfig"] = _tools(request.shape, choice=self._settings.tool_choice)
        if self._settings.guardrail:
            question["guardrailConfig"] = {
                "guardrailIdentifier": self._settings.guardrail,
                "guardrailVersion": self._settings.guardrail_version,
                "trace": "disabled",
            }
        return question

    def _read(self, response: Any, *, shape: ReplyShape | None, latency_s: float) -> ModelReply:
        # The SDK takes a body that is cut or no JSON for an answer without members.
        if not response.get("output"):
            raise ModelUnavailableError(model=self.name, fault="no_answer")
        usage = _usage_of(response.get("usage", {}))
        stop = str(response.get("stopReason", ""))
        self._refuse_unusable(stop, usage=usage, is_structured=shape is not None)
        text = _text_of(response, shape=shape)
        if len(text) > MAX_REPLY_CHARS:
            raise ReplyTooLongError(model=self.name, **_billed(usage))
        return ModelReply(
            text=text, model=self.name, source=SOURCE, usage=usage, latency_s=latency_s, stop=_stop_of(stop)
        )

    def _refuse_unusable(self, stop: str, *, usage: TokenCount, is_structured: bool) -> None:
        if stop in _REFUSED:
            raise ModelRefusedError(model=self.name, fault=stop, **_billed(usage))
        if stop in _CUT_SHORT and is_structured:
            raise ReplyTooLongError(model=self.name, **_billed(usage))
        if stop in _GARBLED:
            raise ModelUnavailableError(model=self.name, fault=stop, **_billed(usage))


def from_settings(name: str) -> BedrockModel:
    """Return the model of this name as the LLM_BEDROCK_* settings say."""
    from django.conf import settings

    return BedrockModel(
        name,
        settings=BedrockSettings(
            region=settings.LLM_BEDROCK_REGION,
            guardrail=settings.LLM_BEDROCK_GUARDRAIL,
            guardrail_version=settings.LLM_BEDROCK_GUARDRAIL_VERSION,
            tool_choice=settings.LLM_BEDROCK_TOOL_CHOICE,
            connect_timeout_s=settings.LLM_CONNECT_TIMEOUT_S,
            read_timeout_s=settings.LLM_READ_TIMEOUT_S,
        ),
    )


@functools.lru_cache(maxsize=8)
def _client(settings: BedrockSettings) -> "BedrockRuntimeClient":
    # total_max_attempts=1 switches the SDK's own retries off: two layers would multiply.
    config = Config(
        retries={"total_max_attempts": 1, "mode": "standard"},
        connect_timeout=settings.connect_timeout_s,
        read_timeout=settings.read_timeout_s,
        max_pool_connections=64,
    )
    client: BedrockRuntimeClient = boto3.Session().client(
        "bedrock-runtime", region_name=settings.region or None, config=config
    )
    return client


@contextmanager
def _as_our_errors(model: str) -> Iterator[None]:
    """Turn whatever the SDK or the network raises into our errors, without the provider's words: they may quote the input."""
    try:
        yield
    except (sdk.ClientError, sdk.EventStreamError) as error:
        raise _error_of(error, model=model) from None
    except (sdk.ConnectTimeoutError, sdk.ReadTimeoutError) as error:
        raise ModelTimeoutError(model=model, fault=type(error).__name__) from None
    except sdk.ParamValidationError:
        raise ModelRequestError(model=model, fault="ParamValidationError") from None
    except _SET_UP_WRONG as error:
        logger.error("model_set_up_wrong", extra={"model": model, "fault": type(error).__name__})
        raise ModelAccessError(model=model, fault=type(error).__name__) from None
    # A connection that breaks while a body is read surfaces as urllib3's own error; a body that is no JSON as a parser's.
    except (sdk.BotoCoreError, HTTPError, ResponseParserError) as error:
        raise ModelUnavailableError(model=model, fault=type(error).__name__) from None


def _error_of(error: sdk.ClientError, *, model: str) -> DomainError:
    body, meta = error.response.get("Error", {}), error.response.get("ResponseMetadata", {})
    code = str(body.get("Code", ""))
    fault = Fault(
        code=code[:1].upper() + code[1:],  # Exceptions in a stream are named in lower camel case.
        message=str(body.get("Message", "")),
        status=int(meta.get("HTTPStatusCode", 0)),
        retry_after=str(meta.get("HTTPHeaders", {}).get("retry-after", "")),
    )
    ours = error_for(fault, model=model)
    if isinstance(ours, ModelAccessError):
        _tell_operators(fault, operation=error.operation_name, model=model)
    return ours


def _tell_operators(fault: Fault, *, operation: str, model: str) -> None:
    """Name the permission that is missing, and nothing else of the provider's words."""
    if fault.code == "AccessDeniedException":
        named = _IAM_ACTION.search(fault.message)
        action = named.group() if named else _PERMISSION.get(operation, "")
        logger.error("model_access_denied", extra={"model": model, "iam_action": action, "fault": fault.code})
    else:
        logger.error("model_not_usable", extra={"model": model, "fault": fault.code, "status": fault.status})


def _messages(parts: tuple[Part, ...]) -> list[dict[str, Any]]:
    """Converse wants speakers to alternate, so neighbours of one speaker become blocks of one message."""
    messages: list[dict[str, Any]] = []
    for part in parts:
        if not messages or messages[-1]["role"] != part.speaker.value:
            messages.append({"role": part.speaker.value, "content": []})
        messages[-1]["content"].append({"text": part.text})
    return messages


def _tools(shape: ReplyShape, *, choice: str) -> dict[str, Any]:
    schema = {"json": json.loads(shape.schema_json)}
    spec = {"toolSpec": {"name": shape.name, "description": shape.description, "inputSchema": schema}}
    return {"tools": [spec], "toolChoice": {choice: {"name": shape.name} if choice == "tool" else {}}}


def _text_of(response: Any, *, shape: ReplyShape | None) -> str:
    """The tool's input as JSON when there is one, else the text blocks; reasoning blocks are no part of the answer."""
    blocks = response.get("output", {}).get("message", {}).get("content") or []
    for block in blocks:
        if shape and block.get("toolUse", {}).get("name") == shape.name:
            return json.dumps(block["toolUse"].get("input"), ensure_ascii=False)
    return "".join(block.get("text", "") for block in blocks)


def _usage_of(usage: Any) -> TokenCount:
    cached = usage.get("cacheReadInputTokens", 0) + usage.get("cacheWriteInputTokens", 0)
    return TokenCount(read=usage.get("inputTokens", 0) + cached, written=usage.get("outputTokens", 0))


def _billed(usage: TokenCount) -> dict[str, Any]:
    return {"tokens_read": usage.read, "tokens_written": usage.written}


def _stop_of(stop: str) -> StopReason:
    return StopReason.LENGTH if stop in _CUT_SHORT else StopReason.FINISHED
