"""A server on loopback that speaks Bedrock's Converse and ConverseStream, for real boto3. Scripts say how it behaves."""

import json
import re
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLEEXAMPLE00",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass(frozen=True, slots=True)
class Says:
    """An ordinary answer: through the tool when one is offered and `structure` is set, else as text. None computes one."""

    structure: Any = None
    text: str = ""
    stop: str = ""
    delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Fails:
    """An error as Bedrock sends it."""

    status: int
    code: str
    message: str = "refused"
    retry_after: str = ""


@dataclass(frozen=True, slots=True)
class Drips:
    """A correct head, then one byte at a time."""

    pause_s: float = 0.02


@dataclass(frozen=True, slots=True)
class Cuts:
    """Half an answer, then the connection is closed (in a stream: after `events` events)."""

    events: int = 1


@dataclass(frozen=True, slots=True)
class Raw:
    """Any body with status 200."""

    body: bytes


Act = Says | Fails | Drips | Cuts | Raw


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it arrived."""

    model: str
    operation: str
    body: dict[str, Any]

    @property
    def prompt(self) -> str:
        """Everything the user side says."""
        return "\n".join(block.get("text", "") for message in self.body["messages"] for block in message["content"])


THROTTLED = Fails(429, "ThrottlingException", "Too many tokens, please wait before trying again.")


@dataclass
class BedrockWire:
    """The running server. `script` acts are used up in order; then `otherwise` decides."""

    url: str = ""
    script: list[Act] = field(default_factory=list)
    otherwise: Callable[[Call], Act] = lambda _call: Says()
    calls: list[Call] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    closing: threading.Event = field(default_factory=threading.Event)
    at_once: int = 0
    most_at_once: int = 0
    tokens_read: int = 0
    tokens_written: int = 0

    @property
    def call_count(self) -> int:
        """Requests that arrived, refused ones included."""
        return len(self.calls)

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Count how many calls are answered side by side."""
        with self.lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            yield
        finally:
            with self.lock:
                self.at_once -= 1

    def bill(self, usage: dict[str, int]) -> None:
        """Add to what was billed."""
        with self.lock:
            self.tokens_read += usage["inputTokens"]
            self.tokens_written += usage["outputTokens"]

    def act_for(self, call: Call) -> Act:
        """Record the call and choose what to do."""
        with self.lock:
            self.calls.append(call)
            return self.script.pop(0) if self.script else self.otherwise(call)


def throttled_half_of_the_time(window_s: float) -> Callable[[Call], Act]:
    """A quota that is spent in every other window; Retry-After says when the next one opens."""
    started = time.monotonic()

    def act(_call: Call) -> Act:
        passed = (time.monotonic() - started) % (2 * window_s)
        if passed < window_s:
            return Says()
        return Fails(429, "ThrottlingException", retry_after=f"{2 * window_s - passed:.4f}")

    return act


def review_of(call: Call) -> dict[str, Any]:
    """A review whose quotes are real: one item for each of the first two sentences of the fenced section."""
    fenced = re.search(r"<document-([0-9a-f]+)>\n(.*)\n</document-\1>", call.prompt, re.DOTALL)
    text = fenced.group(2).split("\nTEXT\n", 1)[-1] if fenced else call.prompt
    sentences = [sentence.strip() for sentence in re.split(r"(?<=[.!?])\s+", text) if len(sentence.split()) >= 3]
    return {
        "items": [
            {
                "points": [1 + number],
                "type": "important",
                "risk": "Medium",
                "confidence": 0.9,
                "quote": sentence[:300],
                "description": f"Remark {number + 1}: this says too little about who was affected.",
                "suggestion": "State who, how many and for how long.",
                "example": "",
                "questions": ["How many were affected?"],
            }
            for number, sentence in enumerate(sentences[:2])
        ],
        "checks": [],
    }


@contextmanager
def bedrock_wire() -> Iterator[BedrockWire]:
    """A server on a free port of loopback for as long as the block lasts."""
    wire = BedrockWire()
    server = _Server(wire)
    wire.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        wire.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, wire: BedrockWire) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.wire = wire


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        _, _, model, operation = self.path.split("/", 3)
        call = Call(model=unquote(model), operation=operation, body=body)
        try:
            with self.server.wire.busy():
                self.play(self.server.wire.act_for(call), call)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def play(self, act: Act, call: Call) -> None:
        match act:
            case Fails():
                extra = {"Retry-After": act.retry_after} if act.retry_after else {}
                head = {"x-amzn-ErrorType": act.code, **extra}
                self.answer(json.dumps({"message": act.message}).encode(), status=act.status, headers=head)
            case Raw():
                self.answer(act.body)
            case Drips():
                self.drip(json.dumps(_reply(Says(), call)).encode(), pause_s=act.pause_s)
            case _ if call.operation == "converse-stream":
                self.stream(act, call)
            case Cuts():
                self.answer(json.dumps(_reply(Says(), call)).encode(), cut=True)
            case Says():
                self.server.wire.closing.wait(act.delay_s)
                reply = _reply(act, call)
                self.server.wire.bill(reply["usage"])
                self.answer(json.dumps(reply).encode())

    def head(self, length: int | None, *, status: int = 200, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is None:
            self.send_header("Connection", "close")
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(length))

    def answer(
        self, body: bytes, *, status: int = 200, headers: dict[str, str] | None = None, cut: bool = False
    ) -> None:
        self.head(len(body), status=status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = self.close_connection or cut

    def drip(self, body: bytes, *, pause_s: float) -> None:
        self.head(len(body))
        self.end_headers()
        for byte in body:
            self.wfile.write(bytes([byte]))
            if self.server.wire.closing.wait(pause_s):
                self.close_connection = True
                return

    def stream(self, act: Act, call: Call) -> None:
        text = act.text if isinstance(act, Says) and act.text else "One two three four."
        events = [("messageStart", {"role": "assistant"})]
        events += [
            ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": word}})
            for word in re.findall(r"\S+\s*", text)
        ]
        events += [
            ("messageStop", {"stopReason": "end_turn"}),
            ("metadata", {"usage": _usage(call, text), "metrics": {"latencyMs": 1}}),
        ]
        self.head(None, kind="application/vnd.amazon.eventstream")
        self.end_headers()
        cut_after = act.events if isinstance(act, Cuts) else len(events)
        for name, payload in events[:cut_after]:
            self.wfile.write(_frame(name, payload))
        if cut_after < len(events):
            self.wfile.write(_frame(*events[cut_after])[:10])

    def log_message(self, *_args: object) -> None:
        pass


def _reply(act: Says, call: Call) -> dict[str, Any]:
    tools = call.body.get("toolConfig", {}).get("tools", [])
    if tools and not act.text:
        structure = review_of(call) if act.structure is None else act.structure
        content: list[dict[str, Any]] = [
            {"text": "Here is my review."},
            {"toolUse": {"toolUseId": "t1", "name": tools[0]["toolSpec"]["name"], "input": structure}},
        ]
        written = json.dumps(structure)
    else:
        written = act.text or "An answer."
        content = [{"reasoningContent": {"reasoningText": {"text": "hm"}}}, {"text": written}]
    return {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": act.stop or ("tool_use" if tools else "end_turn"),
        "usage": _usage(call, written),
        "metrics": {"latencyMs": 1},
    }


def _usage(call: Call, written: str) -> dict[str, int]:
    read, out = len(call.prompt) // 4 + 1, len(written) // 4 + 1
    return {"inputTokens": read, "outputTokens": out, "totalTokens": read + out}


def _frame(name: str, payload: dict[str, Any]) -> bytes:
    """One message of application/vnd.amazon.eventstream."""
    headers = b"".join(
        bytes([len(key)]) + key.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()
        for key, value in (
            (":event-type", name),
            (":content-type", "application/json"),
            (":message-type", "event"),
        )
    )
    body = json.dumps(payload).encode()
    prelude = struct.pack(">II", 16 + len(headers) + len(body), len(headers))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + body
    return message + struct.pack(">I", zlib.crc32(message))
