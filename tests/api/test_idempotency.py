"""Idempotency-Key: one effect and one answer, whatever happens in between."""

import threading
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from apps.accounts.capabilities import Capability
from apps.accounts.models import ApiKey, User
from apps.documents.models import Document
from apps.kernel.clock import now
from apps.kernel.http.models import IdempotentReply
from apps.kernel.tenancy.context import inside
from tests.api.conftest import API, WRITE_UP, items_of, key_of, send
from tests.conftest import CommittingClient

KEYS = f"{API}/api-keys/"
NEW_KEY = {"name": "Nightly", "scopes": ["read_documents"]}


def _upload(client: Any, key: str, content: bytes = WRITE_UP, name: str = "case.docx") -> Any:
    return client.post(
        f"{API}/documents/", {"file": SimpleUploadedFile(name, content)}, headers={"Idempotency-Key": key}
    )


def test_an_upload_sent_twice_is_one_document(analyst: Any) -> None:
    first, second = _upload(analyst, "a"), _upload(analyst, "a")
    assert (first.status_code, second.status_code) == (201, 201)
    assert (second.json(), second["Location"]) == (first.json(), first["Location"])
    assert (second["Idempotency-Replayed"], "Idempotency-Replayed" in first) == ("true", False)
    assert Document.objects.count() == 1
    assert _upload(analyst, "b").status_code == 201
    assert Document.objects.count() == 2


def test_another_body_with_the_same_key_is_refused(analyst: Any) -> None:
    assert _upload(analyst, "a").status_code == 201
    # Equal name, equal size, another byte.
    other = _upload(analyst, "a", content=WRITE_UP[:-1] + bytes([WRITE_UP[-1] ^ 1]))
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert Document.objects.count() == 1


def test_another_address_with_the_same_key_is_refused(analyst: Any, document: dict[str, Any]) -> None:
    links = items_of(analyst, document)[0]["_links"]
    assert send(analyst, "post", links["accept"], {}, Idempotency_Key="a").status_code == 200
    assert send(analyst, "post", links["reject"], {}, Idempotency_Key="a").status_code == 422
    assert analyst.get(links["self"]).json()["state"] == "accepted"


def test_a_kept_decision_brings_its_etag_along(analyst: Any, document: dict[str, Any]) -> None:
    links = items_of(analyst, document)[0]["_links"]
    first = send(analyst, "post", links["accept"], {}, Idempotency_Key="a")
    send(analyst, "post", links["reject"], {})
    second = send(analyst, "post", links["accept"], {}, Idempotency_Key="a")
    assert (second.json(), second["ETag"]) == (first.json(), first["ETag"])
    assert analyst.get(links["self"]).json()["state"] == "rejected"


def test_every_post_takes_a_key(analyst: Any, admin: Any, document: dict[str, Any]) -> None:
    """Each is sent twice with one key: equal answers, one of them kept."""
    item = items_of(analyst, document)[0]["_links"]
    review = analyst.get(document["_links"]["review"]).json()["_links"]
    job = analyst.get(document["_links"]["job"]).json()["_links"]
    section = analyst.get(document["_links"]["sections"]).json()["results"][0]["id"]
    framework = admin.get(admin.get(f"{API}/frameworks/").json()["results"][0]["_links"]["self"]).json()
    calls = [
        (analyst, item["accept"], {"note": "yes"}),
        (analyst, item["reject"], {}),
        (analyst, item["revert"], {}),
        (analyst, item["reword"], {"description": "In other words."}),
        (analyst, document["_links"]["feedback"], {"section": section, "start": 0, "end": 0, "description": "Why?"}),
        (analyst, review["exports"], None),
        (analyst, review["close"], None),
        (analyst, review["reopen"], None),
        (analyst, review["revert_all"], None),
        (analyst, document["_links"]["analyze"], None),
        (analyst, job["cancel"], None),
        (analyst, KEYS, NEW_KEY),
        (admin, f"{API}/people/", {"email": "new@example.com", "role": "viewer"}),
        (admin, f"{API}/frameworks/", {"slug": "hawkeye", "source": framework["source"] + "# ours\n"}),
    ]
    for number, (client, url, body) in enumerate(calls):
        first = send(client, "post", url, body, Idempotency_Key=f"k{number}")
        second = send(client, "post", url, body, Idempotency_Key=f"k{number}")
        assert first.status_code < 300, (url, first.content)
        assert (second.status_code, second.json()) == (first.status_code, first.json()), url
        assert second.get("Idempotency-Replayed") == "true", url


def test_a_key_that_is_shown_once_is_kept_sealed(analyst: Any) -> None:
    first = send(analyst, "post", KEYS, NEW_KEY, Idempotency_Key="once")
    assert send(analyst, "post", KEYS, NEW_KEY, Idempotency_Key="once").json() == first.json()
    assert ApiKey.objects.count() == 1
    kept = bytes(IdempotentReply.objects.get().body)
    assert first.json()["key"].encode() not in kept
    assert first.json()["name"].encode() not in kept


def test_a_refused_request_may_be_mended_and_sent_again(analyst: Any) -> None:
    refused = send(analyst, "post", KEYS, {**NEW_KEY, "scopes": ["manage_organization"]}, Idempotency_Key="a")
    assert refused.status_code == 403
    assert send(analyst, "post", KEYS, NEW_KEY, Idempotency_Key="a").status_code == 201


def test_a_key_belongs_to_a_person(analyst: Any, team_lead: Any) -> None:
    assert send(analyst, "post", KEYS, NEW_KEY, Idempotency_Key="a").status_code == 201
    other = send(team_lead, "post", KEYS, {**NEW_KEY, "name": "Mine"}, Idempotency_Key="a")
    assert (other.status_code, other.json()["name"]) == (201, "Mine")


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb", "clé"])
def test_a_key_that_does_not_fit_is_refused(analyst: Any, key: str) -> None:
    answer = analyst.post(KEYS, NEW_KEY, content_type="application/json", HTTP_IDEMPOTENCY_KEY=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_invalid")


def test_what_is_no_mapping_is_refused_with_a_key_too(analyst: Any) -> None:
    for body in ([1, 2], [], "text", 7):
        assert send(analyst, "post", KEYS, body, Idempotency_Key="a").status_code == 400


@pytest.fixture
def program(committed_tenants: Any) -> Any:
    """A client with a key in a database where commits are real; its answers are those of committed work."""
    tenant = committed_tenants[0]
    with inside(tenant):
        person = User.objects.get(role="analyst")
        token = key_of(person, Capability.READ_DOCUMENTS, Capability.UPLOAD_DOCUMENTS)
    return CommittingClient(tenant, HTTP_AUTHORIZATION=f"Bearer {token}"), tenant, person


def test_while_the_first_still_runs_the_second_is_told_so(program: Any) -> None:
    client, tenant, person = program
    with inside(tenant):
        assert _upload(client, "warm").status_code == 201
        claim = IdempotentReply.objects.create(
            person_id=person.pk, key="a", route=f"{API}/documents/", body_digest=_digest_of("warm"), created_at=now()
        )
        with transaction.atomic():
            # The first request as the database sees it: its claim is committed, and locked until it has answered.
            assert IdempotentReply.objects.select_for_update().filter(pk=claim.pk).exists()
            answers: list[Any] = []
            second = threading.Thread(target=lambda: answers.append(_in_thread(client, "a")))
            second.start()
            second.join(timeout=20)
        assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "idempotency_in_progress")]
        assert Document.objects.count() == 1


def test_a_request_whose_process_died_can_be_sent_again(program: Any) -> None:
    client, tenant, person = program
    with inside(tenant):
        # What a crash leaves: a claim without an answer that nobody holds locked any more.
        IdempotentReply.objects.create(person_id=person.pk, key="a", route=f"{API}/documents/", body_digest="0" * 64)
        first = _upload(client, "a")
        assert first.status_code == 201
        assert _upload(client, "a").json() == first.json()
        assert Document.objects.count() == 1


def test_two_at_once_are_one_document(program: Any) -> None:
    client, tenant, _person = program
    answers: list[Any] = []
    together = threading.Barrier(4)

    def send_it() -> None:
        together.wait(timeout=20)
        answers.append(_in_thread(client, "a"))

    threads = [threading.Thread(target=send_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert 201 in {answer.status_code for answer in answers}
    with inside(tenant):
        assert Document.objects.count() == 1


def _in_thread(client: Any, key: str) -> Any:
    from django.test import Client

    try:
        # Not the committing one: what it captures belongs to one thread at a time.
        return _upload(Client(**client.defaults), key)
    finally:
        connection.close()


def _digest_of(key: str) -> str:
    return str(IdempotentReply.objects.get(key=key).body_digest)
