"""One question and its answer, in a transaction that is rolled back, in a form that can be compared with another one."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

from django.db import transaction

NOBODYS_KEY = UUID("01a00000-0000-7000-8000-00000000dead")
# Enough for every form and every serializer: what a deed does not know it leaves alone.
BODY = {
    "verdict": "accepted",
    "revision": 0,
    "name": "New name",
    "role": "viewer",
    "is_active": True,
    "classification": "internal",
    "description": "Said",
    "suggestion": "Do",
    "type": "question",
    "risk": "Low",
    "start": 0,
    "end": 1,
    "note": "Because",
    "points": [1],
    "scopes": ["read_documents"],
    "life_days": 30,
    "overlap_days": 1,
    "section": str(NOBODYS_KEY),
    "reverted_at": "2026-01-01T00:00:00Z",
}
_IN_JSON = ("/api/", "/scim/")
_CHANGING_HEADERS = {"ratelimit", "ratelimit-policy", "content-length", "set-cookie", "content-security-policy"}


@dataclass
class Asked:
    """What is sent with a question, and what is done to the rows before it, in the same transaction."""

    body: dict[str, Any] = field(default_factory=lambda: dict(BODY))
    headers: dict[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] = lambda: None
    unknown: set[str] = field(default_factory=set)


class Cell:
    """One answer, in a transaction that is rolled back, and in a form that can be compared with another one."""

    def __init__(self, client: Any, method: str, url: str, key: object = None, asked: Asked | None = None) -> None:
        self.asked = asked or Asked()
        answer, self.body = self._ask(client, method, url, self._known())
        if unknown := _unknown_fields(answer):
            # Kept with the question: the next one of its kind is asked but once.
            self.asked.unknown |= unknown
            answer, self.body = self._ask(client, method, url, self._known())
        self.status = answer.status_code
        self.headers = {name.lower(): value for name, value in answer.headers.items()}
        self.key = str(key)

    def _known(self) -> dict[str, Any]:
        return {name: value for name, value in self.asked.body.items() if name not in self.asked.unknown}

    def _ask(self, client: Any, method: str, url: str, body: dict[str, Any]) -> tuple[Any, bytes]:
        given: dict[str, Any] = {"headers": {"X-Request-ID": "the-same-for-all", **self.asked.headers}}
        if url.startswith(_IN_JSON) and method not in {"GET", "HEAD", "TRACE"}:
            given |= {"data": body, "content_type": "application/json"}
        elif method == "POST":
            given |= {"data": body}
        cookies = client.cookies.copy()
        with transaction.atomic():
            self.asked.prepare()
            answer = getattr(client, method.lower())(url, **given)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        # Who signed out, or was told something, is as before: the next cell is asked by the same browser.
        client.cookies = SimpleCookie(cookies)
        return answer, content

    def plain(self) -> tuple[object, ...]:
        """Without what differs from one request to the next, and with the key that was asked for taken out."""
        body = self.body.decode("utf-8", "replace").replace(self.key, "<key>")
        body = re.sub(r'(csrfmiddlewaretoken" value|csrf-token" content|nonce)="[^"]*"', r"\1", body)
        # The name that a form gives to what it is about to make.
        body = re.sub(r'name="batch_id" value="[^"]*"', "", body)
        body = re.sub(r'"?X-CSRFToken"?: ?"[^"]*"', "", body.replace("&quot;", '"'))
        headers = {
            name: value.replace(self.key, "<key>")
            for name, value in self.headers.items()
            if name not in _CHANGING_HEADERS
        }
        return self.status, body, tuple(sorted(headers.items()))

    def holds(self, canary: str) -> bool:
        return canary.encode() in self.body or any(canary in value for value in self.headers.values())


def _unknown_fields(answer: Any) -> set[str]:
    """What the API would not take; the same request is then sent without it, so that it gets as far as the object."""
    if answer.status_code != 400 or "json" not in answer.headers.get("Content-Type", ""):
        return set()
    faults = json.loads(answer.content).get("errors", [])
    return {fault["pointer"].removeprefix("/") for fault in faults if fault["detail"] == "unknown field"}
