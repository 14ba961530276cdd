"""A model behind real boto3 on loopback, and write-ups for it to read."""

from collections.abc import Callable, Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.documents.word.builder import Heading, Paragraph, build
from apps.kernel.llm import bedrock, registry
from tests.doubles.bedrock_wire import CREDENTIALS, BedrockWire, bedrock_wire

MODEL = "some.model-v1:0"
_KINDS = ("Background", "Timeline", "Root Cause", "Preventative Actions", "Outreach", "Impact", "Evidence", "Decision")


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch, settings) -> Iterator[BedrockWire]:
    """A server that speaks Bedrock, and settings under which a run asks it."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_BEARER_TOKEN_BEDROCK", raising=False)
    settings.VALKEY_URL = ""  # limits and breaker of this test alone
    settings.LLM_MODELS = (f"bedrock:{MODEL}",)
    settings.LLM_FIRST_PAUSE_S = 0.001
    settings.LLM_BREAKER_FAILURES = 50
    settings.LLM_DEADLINE_S = 5.0
    bedrock._client.cache_clear()
    registry._route.cache_clear()
    with bedrock_wire() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", server.url)
        yield server
    bedrock._client.cache_clear()
    registry._route.cache_clear()


def write_up(section_count: int = 4, *, salt: str = "") -> bytes:
    """A Word file of so many sections, each with words of its own."""
    parts: list[Heading | Paragraph] = []
    for number in range(section_count):
        parts.append(Heading(f"{_KINDS[number % len(_KINDS)]} {number + 1}"))
        parts.append(
            Paragraph(
                f"In step {number + 1}{salt} many buyers wrote to the seller about parcel {number + 100}. "
                f"The team of group {number + 1} looked at the account and wrote down what it saw there."
            )
        )
    return build(parts)


@pytest.fixture
def uploaded(tenant_a, cast_a, client_for) -> Callable[..., str]:
    """uploaded(content): the id of a document that the analyst uploaded and that is reviewed by now."""

    def upload(content: bytes, *, client: Client | None = None, name: str = "case.docx") -> str:
        person = client or client_for(cast_a.analyst, tenant_a)
        answer = person.post(
            "/documents/upload/", {"file": SimpleUploadedFile(name, content)}, headers={"Accept": "application/json"}
        )
        assert answer.status_code == 201, answer.content
        document_id: str = answer.json()["id"]
        return document_id

    return upload
