"""What every language model takes and gives. Pure: no framework, no vendor kit, no network."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Speaker(StrEnum):
    """Who says a part of the conversation."""

    USER = "user"
    MODEL = "assistant"


class StopReason(StrEnum):
    """Why the model stopped writing."""

    FINISHED = "finished"
    LENGTH = "length"
    """It reached the output limit; the text ends in the middle."""


@dataclass(frozen=True, slots=True)
class Part:
    """One turn of the conversation."""

    text: str
    speaker: Speaker = Speaker.USER


@dataclass(frozen=True, slots=True)
class ReplyShape:
    """The structure that a reply must have; the adapter asks for it through a tool call."""

    name: str
    """Letters, digits, _ and - only, at most 64."""
    description: str
    schema_json: str
    """A JSON schema, as JSON text."""


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One question to a model, complete in itself."""

    system: str
    parts: tuple[Part, ...]
    shape: ReplyShape | None = None
    """None asks for plain text."""
    max_output_tokens: int = 4096
    temperature: float | None = 0.0
    """None leaves it to the model (some refuse the parameter)."""
    deadline_s: float = 60.0
    """Seconds for everything: waiting for a turn, every attempt and the pauses between them."""
    models: tuple[str, ...] = ()
    """Model names to use, in order, out of the configured ones; () means all of them in their configured order."""
    purpose: str = ""
    """What it is for ("section_review"); for logs and usage, never sent."""
    prompt_version: str = ""
    """Which prompt text made it ("section_review.v1"); kept beside the reply, never sent."""

    @property
    def input_chars(self) -> int:
        """Characters that will be sent."""
        shape_chars = len(self.shape.schema_json) + len(self.shape.description) if self.shape else 0
        return len(self.system) + sum(len(part.text) for part in self.parts) + shape_chars

    @property
    def estimated_input_tokens(self) -> int:
        """A cautious guess at 3 characters a token; English takes about 4, tables and identifiers fewer."""
        return -(-self.input_chars // 3)


@dataclass(frozen=True, slots=True)
class TokenCount:
    """Tokens as the provider billed them."""

    read: int
    written: int

    @property
    def total(self) -> int:
        """Read and written together."""
        return self.read + self.written


@dataclass(frozen=True, slots=True)
class ModelReply:
    """One answer. `text` is JSON when a shape was asked for and the model kept to it; it is untrusted input either way."""

    text: str
    model: str
    source: str
    """The adapter that gave it: "bedrock", "scripted"; always shown to people."""
    usage: TokenCount
    latency_s: float
    stop: StopReason = StopReason.FINISHED
    attempts: int = 1
    """Calls made for it, the failed ones included."""


@dataclass(frozen=True, slots=True)
class ReplyPiece:
    """A part of a streamed answer; the last one carries the usage."""

    text: str
    usage: TokenCount | None = None
    stop: StopReason | None = None


class LanguageModel(Protocol):
    """One model behind one adapter. Does not retry: the route does."""

    @property
    def name(self) -> str:
        """The model's id as configured; unique in the route."""
        ...

    @property
    def source(self) -> str:
        """The adapter's name."""
        ...

    def ask(self, request: ModelRequest) -> ModelReply:
        """Return the answer of one call, or raise a child of the errors in apps.kernel.llm.errors within request.deadline_s."""
        ...


class StreamingModel(LanguageModel, Protocol):
    """A model that can also answer piece by piece."""

    def stream(self, request: ModelRequest) -> Iterator[ReplyPiece]:
        """Yield the answer as it is written; raises what ask() raises, possibly after some pieces."""
        ...
