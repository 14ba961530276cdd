"""A browser tab's end of a socket, driving the ASGI application in this process."""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator


class SocketClient(ApplicationCommunicator):
    """Opens one socket and speaks JSON frames. Every wait has a deadline."""

    def __init__(self, application: Any, path: str, *, headers: list[tuple[bytes, bytes]]) -> None:
        super().__init__(
            application,
            {"type": "websocket", "path": path, "query_string": b"", "headers": headers, "subprotocols": []},
        )
        self.greeting: dict[str, Any] = {}

    async def connect(self, *, timeout: float = 5) -> tuple[bool, int | None]:
        """Whether the socket was accepted, and the close code when not."""
        await self.send_input({"type": "websocket.connect"})
        answer = await self.receive_output(timeout)
        return answer["type"] == "websocket.accept", answer.get("code")

    async def send_text(self, text: str) -> None:
        await self.send_input({"type": "websocket.receive", "text": text, "bytes": None})

    async def send_bytes(self, content: bytes) -> None:
        await self.send_input({"type": "websocket.receive", "bytes": content})

    async def send_json(self, content: object) -> None:
        await self.send_text(json.dumps(content))

    async def receive_json(self, *, timeout: float = 5) -> dict[str, Any]:
        answer = await self.receive_output(timeout)
        assert answer["type"] == "websocket.send", answer
        content: dict[str, Any] = json.loads(answer["text"])
        return content

    async def disconnect(self, *, timeout: float = 5) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(timeout)
