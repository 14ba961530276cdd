"""Every refusal is problem+json, says no more than it must, and what is not yours is the same as what is not there."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from apps.accounts.capabilities import Capability
from apps.documents.models import Document
from apps.kernel.tenancy.context import inside
from apps.tenants.services.suspend import suspend_tenant
from tests.api.conftest import API, PROBLEM, items_of, key_of, send, upload
from tests.conftest import CommittingClient

MEMBERS = {"type", "title", "status", "code", "detail", "request_id"}


def refusal(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), answer.content
    body: dict[str, Any] = answer.json()
    assert body.keys() >= MEMBERS
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:prism:error:{code}")
    assert body["request_id"] == answer["X-Request-ID"] != ""
    assert body["title"] != "Error"
    assert "Traceback" not in answer.content.decode()
    return body


def test_an_address_that_is_none(analyst: Any) -> None:
    refusal(analyst.get(f"{API}/nothing/"), 404, "not_found")
    refusal(analyst.get("/api/"), 404, "not_found")
    refusal(analyst.get(f"{API}/documents/not-an-id/"), 404, "not_found")


def test_a_method_that_is_none(analyst: Any) -> None:
    answer = analyst.put(f"{API}/documents/", {}, content_type="application/json")
    refusal(answer, 405, "method_not_allowed")
    assert answer["Allow"] == "GET, POST, HEAD, OPTIONS"


def test_nobody(anonymous_client: Any, tenant_a: Any) -> None:
    answer = anonymous_client(tenant_a).get(f"{API}/documents/")
    refusal(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


def test_a_capability_that_is_missing(viewer: Any) -> None:
    refusal(viewer.get(f"{API}/people/"), 403, "not_allowed")


@pytest.mark.parametrize(
    "body",
    ["{", "[", '{"theme": NaN}', "\xff", '{"a": ' * 5000, "[" * 200_000, '"\\ud800"', "7", "null", "[]", '"theme"'],
)
def test_a_body_that_is_no_object(analyst: Any, body: str) -> None:
    answer = analyst.patch(f"{API}/me/", body.encode("latin-1"), content_type="application/json")
    assert answer.json()["code"] in {"parse_error", "invalid_input"}
    refusal(answer, 400, answer.json()["code"])


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "", " ", "x" * 151])
def test_a_text_that_no_column_takes(analyst: Any, name: str) -> None:
    answer = analyst.patch(f"{API}/me/", json.dumps({"name": name}), content_type="application/json")
    faults = refusal(answer, 400, "invalid_input")["errors"]
    assert [fault["pointer"] for fault in faults] == ["/name"]


def test_faults_are_named_by_their_place(admin: Any) -> None:
    body = {"email": "no address", "role": "emperor", "extra": 1}
    faults = refusal(send(admin, "post", f"{API}/people/", body), 400, "invalid_input")["errors"]
    assert [fault["pointer"] for fault in faults] == ["/extra"]
    faults = refusal(send(admin, "post", f"{API}/people/", {"email": "no address"}), 400, "invalid_input")["errors"]
    assert {fault["pointer"] for fault in faults} == {"/email", "/role"}
    scopes = {"name": "K", "scopes": ["read_documents", "fly"]}
    faults = refusal(send(admin, "post", f"{API}/api-keys/", scopes), 400, "invalid_input")["errors"]
    assert [fault["pointer"] for fault in faults] == ["/scopes/1"]


def test_a_body_in_another_form(analyst: Any) -> None:
    refusal(analyst.patch(f"{API}/me/", "theme=dark", content_type="text/plain"), 415, "unsupported_media_type")
    refusal(send(analyst, "post", f"{API}/documents/", {"file": "x"}), 415, "unsupported_media_type")
    broken = analyst.post(f"{API}/documents/", b"x", content_type="multipart/form-data")
    refusal(broken, 400, "parse_error")


def test_an_answer_in_another_form(analyst: Any) -> None:
    refusal(analyst.get(f"{API}/me/", headers={"Accept": "text/html"}), 406, "not_acceptable")


def test_a_body_without_end(analyst: Any, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert send(analyst, "patch", f"{API}/me/", {"name": "x" * 100}).status_code == 200
    refusal(send(analyst, "patch", f"{API}/me/", {"name": "x" * 1000}), 413, "body_too_large")


def test_a_file_without_end(analyst: Any, settings: Any) -> None:
    upload(analyst)
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    answer = analyst.generic(
        "POST",
        f"{API}/documents/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(2 * 1024 * 1024),
    )
    refusal(answer, 413, "upload_too_large")


def test_a_file_that_is_no_document(analyst: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = analyst.post(f"{API}/documents/", {"file": SimpleUploadedFile("x.docx", b"MZ\x90\x00" * 100)})
    assert answer.status_code == 400
    assert refusal(answer, 400, answer.json()["code"])["code"] not in {"invalid_input", "bad_request"}
    refusal(analyst.post(f"{API}/documents/", {}), 400, "no_file")


def test_a_session_without_its_csrf_token(client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    client = client_for(cast_a.analyst, tenant_a, enforce_csrf_checks=True)
    assert client.get(f"{API}/me/").status_code == 200
    refusal(send(client, "patch", f"{API}/me/", {"theme": "dark"}), 403, "csrf_failed")
    token = key_of(cast_a.analyst)
    with_key = send(client, "patch", f"{API}/me/", {"theme": "dark"}, Authorization=f"Bearer {token}")
    assert with_key.json()["theme"] == "dark"


def test_a_parameter_that_is_not_known(analyst: Any, document: dict[str, Any]) -> None:
    for url in (f"{API}/", f"{API}/me/", f"{API}/documents/", document["_links"]["feedback"], f"{API}/api-keys/"):
        body = refusal(analyst.get(url, {"stat": "open", "format": "xml"}), 400, "unknown_parameter")
        assert body["names"] == "format, stat"
    refusal(analyst.post(f"{document['_links']['analyze']}?force=1"), 400, "unknown_parameter")


@pytest.mark.parametrize(
    "asked",
    [
        {"classification": "secret"},
        {"created_after": "yesterday"},
        {"uploaded_by": "1"},
        {"state": "asleep"},
        {"name": "x" * 201},
        {"name": "a\0b"},
    ],
)
def test_a_filter_with_a_value_that_it_does_not_take(analyst: Any, asked: dict[str, str]) -> None:
    faults = refusal(analyst.get(f"{API}/documents/", asked), 400, "invalid_input")["errors"]
    assert [fault["pointer"] for fault in faults] == [f"/{name}" for name in asked]


def test_a_fault_of_ours_shows_nothing_of_itself(analyst: Any, document: dict[str, Any]) -> None:
    url = document["_links"]["sections"]
    assert analyst.get(url).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE documents_section RENAME TO elsewhere")
    analyst.raise_request_exception = False
    body = refusal(analyst.get(url), 500, "server_error")
    assert body.keys() == MEMBERS
    assert "documents_section" not in str(body)


def test_a_database_that_does_not_answer_in_time_is_worth_another_try(analyst: Any, document: dict[str, Any]) -> None:
    analyst.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE documents_section RENAME TO slow")
        cursor.execute(
            "CREATE VIEW documents_section AS SELECT slow.* FROM slow, LATERAL (SELECT pg_sleep(5) WHERE slow.index >= 0) AS wait"
        )
        cursor.execute("SET LOCAL statement_timeout = 200")
    answer = analyst.get(document["_links"]["sections"])
    body = refusal(answer, 503, "database_unavailable")
    assert answer["Retry-After"] == str(body["retry_after_s"])


def test_a_request_id_comes_back(analyst: Any) -> None:
    answer = analyst.get(f"{API}/nothing/", headers={"X-Request-ID": "import-2026-01-15"})
    assert refusal(answer, 404, "not_found")["request_id"] == "import-2026-01-15"
    forged = analyst.get(f"{API}/me/", headers={"X-Request-ID": "a b\tc"})
    assert forged["X-Request-ID"] != "a b\tc"


def test_an_unknown_host_and_a_suspended_organization(analyst: Any, both_tenants: Any, db: None) -> None:
    assert analyst.get(f"{API}/me/").status_code == 200
    refusal(Client(HTTP_HOST="nobody.localhost").get(f"{API}/me/"), 404, "unknown_host")
    suspend_tenant("alpha", reason="unpaid")
    refusal(analyst.get(f"{API}/me/"), 403, "organization_suspended")


def test_what_is_not_yours_is_what_is_not_there(
    analyst: Any, viewer: Any, client_for: Any, cast_b: Any, tenant_b: Any
) -> None:
    """Byte for byte: a restricted document of somebody else, another organization's, and one that nobody has."""
    secret = upload(analyst, classification="restricted")
    item = items_of(analyst, secret)[0]
    job = analyst.get(secret["_links"]["job"]).json()
    with inside(tenant_b):
        other = client_for(cast_b.org_admin, tenant_b)
    addresses = {
        secret["id"]: [url for name, url in secret["_links"].items() if name not in {"analyze", "exports"}],
        item["id"]: [item["_links"]["self"], item["_links"]["decisions"]],
        job["id"]: [job["_links"]["self"]],
    }
    same = {"X-Request-ID": "one-and-the-same"}
    for known, urls in addresses.items():
        for url in urls:
            assert analyst.get(url).status_code == 200, url
            missing = viewer.get(url.replace(known, str(uuid4())), headers=same)
            refusal(missing, 404, "not_found")
            for stranger in (viewer, other):
                hidden = stranger.get(url, headers=same)
                assert (hidden.status_code, hidden.content) == (404, missing.content), url
    assert Document.objects.count() == 1
    assert viewer.get(f"{API}/documents/").json()["results"] == []


def test_a_key_sees_what_its_owner_sees_and_does_what_its_scopes_say(
    analyst: Any, cast_a: Any, tenant_a: Any, both_tenants: Any
) -> None:
    secret = upload(analyst, classification="restricted")
    program = CommittingClient(tenant_a)
    of_viewer = {"Authorization": f"Bearer {key_of(cast_a.viewer)}"}
    of_analyst = {"Authorization": f"Bearer {key_of(cast_a.analyst, Capability.READ_DOCUMENTS)}"}
    assert program.get(secret["_links"]["self"], headers=of_viewer).status_code == 404
    assert program.get(secret["_links"]["self"], headers=of_analyst).status_code == 200
    refused = program.post(secret["_links"]["analyze"], content_type="application/json", headers=of_analyst)
    refusal(refused, 403, "not_allowed")
    wide = key_of(cast_a.analyst, Capability.READ_DOCUMENTS, Capability.RUN_ANALYSIS)
    started = program.post(
        secret["_links"]["analyze"], content_type="application/json", headers={"Authorization": f"Bearer {wide}"}
    )
    assert started.status_code == 202
