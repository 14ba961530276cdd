"""The OpenAPI description: complete, valid, served, and the one in the repository."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.urls import get_resolver

from apps.kernel.errors import DomainError, known_errors
from tests.api.conftest import API

METHODS = {"get", "post", "patch", "put", "delete"}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """As it lies in the repository; that it is current is a test below."""
    text = (Path(settings.ROOT) / "docs" / "reference" / "openapi.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


def operations(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


def test_it_is_made_without_a_warning(tmp_path: Path) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "openapi.yaml"))
    assert (tmp_path / "openapi.yaml").read_text(encoding="utf-8").startswith("openapi: 3.1.0")


def test_the_one_in_the_repository_is_current(tmp_path: Path) -> None:
    call_command("spectacular", "--file", str(tmp_path / "openapi.yaml"))
    kept = (Path(settings.ROOT) / "docs" / "reference" / "openapi.yaml").read_text(encoding="utf-8")
    assert kept == (tmp_path / "openapi.yaml").read_text(encoding="utf-8"), "run make openapi"


def test_every_address_of_the_api_is_in_it(described: dict[str, Any]) -> None:
    endpoints = {
        "/" + str(pattern.pattern)
        for pattern in _patterns(get_resolver("config.urls.api"))
        if pattern.name not in {"api_schema", "api_docs"}
    }
    assert len(endpoints) > 30
    assert len(described["paths"]) == len(endpoints)


def _patterns(resolver: Any) -> list[Any]:
    found = []
    for entry in resolver.url_patterns:
        found += _patterns(entry) if hasattr(entry, "url_patterns") else [entry]
    return found


def test_every_operation_has_a_name_of_its_own_and_a_summary(described: dict[str, Any]) -> None:
    names = Counter(operation["operationId"] for _path, _method, operation in operations(described))
    assert [name for name, count in names.items() if count > 1] == []
    assert [name for _p, _m, one in operations(described) if not (name := one.get("summary"))] == []


def test_every_operation_says_who_may_and_what_can_go_wrong(described: dict[str, Any]) -> None:
    assert described["components"]["securitySchemes"].keys() == {"apiKey", "accessToken", "session"}
    for path, method, operation in operations(described):
        signed_in = [{"apiKey": []}, {"accessToken": []}, {"session": []}]
        # Where tokens are given out, a password or a refresh token does as well.
        expected = {"tokens_issue": [*signed_in, {}], "tokens_revoke": [*signed_in, {}], "tokens_refresh": [{}]}
        assert operation["security"] == expected.get(operation["operationId"], signed_in), (path, method)
        refusals = {code: answer for code, answer in operation["responses"].items() if int(code) >= 400}
        assert refusals.keys() >= {"400", "401", "403", "429", "500", "503"}, (path, method)
        assert ("404" in refusals) == ("{" in path)
        for answer in refusals.values():
            schema = answer["content"]["application/problem+json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}, (path, method)


def test_every_post_takes_an_idempotency_key(described: dict[str, Any]) -> None:
    assert sum(method == "post" for _path, method, _operation in operations(described)) > 5
    for path, method, operation in operations(described):
        headers = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
        # A token is in one answer and kept nowhere.
        is_kept = not path.startswith("/api/v2/tokens/")
        assert ("Idempotency-Key" in headers) == (method == "post" and is_kept), path


def test_the_main_operations_have_examples(described: dict[str, Any]) -> None:
    by_name = {operation["operationId"]: operation for _p, _m, operation in operations(described)}
    for name in ("people_invite", "api_keys_create", "documents_change", "feedback_add", "feedback_reword"):
        content = by_name[name]["requestBody"]["content"]["application/json"]
        assert content["examples"], name
    assert by_name["feedback_read"]["responses"]["200"]["content"]["application/json"]["examples"]


@pytest.mark.parametrize(
    ("accept", "asked", "media_type"),
    [
        ("*/*", {}, "application/vnd.oai.openapi"),
        ("application/yaml", {}, "application/yaml"),
        ("application/json", {}, "application/json"),
        ("application/vnd.oai.openapi+json", {}, "application/vnd.oai.openapi+json"),
        ("*/*", {"format": "json"}, "application/vnd.oai.openapi+json"),
    ],
)
def test_it_is_served_in_the_form_that_is_asked_for(
    viewer: Any, described: dict[str, Any], accept: str, asked: dict[str, str], media_type: str
) -> None:
    answer = viewer.get(f"{API}/schema/", asked, headers={"Accept": accept})
    assert (answer.status_code, answer["Content-Type"]) == (200, media_type)
    assert yaml.safe_load(answer.content)["paths"].keys() == described["paths"].keys()
    again = viewer.get(f"{API}/schema/", asked, headers={"Accept": accept, "If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_its_page_has_nothing_that_the_content_security_policy_forbids(viewer: Any) -> None:
    answer = viewer.get(f"{API}/docs/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "<style" not in page
    assert all("src=" in tag.partition(">")[0] for tag in page.split("<script")[1:])
    assert f"{API}/schema/" in page


def test_every_code_stands_for_one_status() -> None:
    """Programs decide by code; the page that lists them is checked with the other generated pages."""
    from apps.kernel.http.problem_details import status_of

    statuses: dict[str, set[int]] = {}
    for kind in known_errors():
        statuses.setdefault(kind.code, set()).add(status_of(kind.__new__(kind)))
    assert len(statuses) > 40
    assert {code: found for code, found in statuses.items() if len(found) > 1} == {}
    listed = (Path(settings.ROOT) / "docs" / "reference" / "error-codes.md").read_text(encoding="utf-8")
    loaded = {kind.code for kind in known_errors() if kind is not DomainError and kind.__module__.startswith("apps.")}
    assert {code for code in loaded if f"| `{code}` |" not in listed} == set()
