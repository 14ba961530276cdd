"""Made-up calls against the real WSGI application: no fault of ours, and every answer is one that the description promises."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
import werkzeug
import yaml
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from apps.kernel.http.description import api_description
from config.wsgi import application
from tests.api.conftest import API, items_of, send
from tests.conftest import PASSWORD

EXAMPLES = 3
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CSRF = "a" * 32


@contextmanager
def connection_kept() -> Iterator[None]:
    """As Django's own test client does for each of its requests: the test's transaction outlives them."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    try:
        yield
    finally:
        request_started.connect(close_old_connections)
        request_finished.connect(close_old_connections)


@pytest.fixture
def known_ids(analyst: Client, admin: Client, document: dict[str, Any]) -> dict[str, str]:
    """Something real for each parameter of an address, so that calls get past the 404."""
    item = items_of(analyst, document)[0]
    send(analyst, "post", item["_links"]["accept"])
    export = analyst.post(document["_links"]["exports"], content_type="application/json").json()
    invitation = send(admin, "post", f"{API}/people/", {"email": "new@example.com", "role": "viewer"}).json()
    key = send(admin, "post", f"{API}/api-keys/", {"name": "K", "scopes": ["read_documents"]}).json()
    return {
        "document_id": document["id"],
        "item_id": item["id"],
        "job_id": analyst.get(document["_links"]["job"]).json()["id"],
        "export_id": export["id"],
        "person_id": document["uploaded_by"]["id"],
        "invitation_id": invitation["id"],
        "key_id": key["id"],
        "session_id": analyst.get(f"{API}/sessions/").json()["results"][0]["id"],
        "framework_id": analyst.get(f"{API}/frameworks/").json()["results"][0]["id"],
        **_ids_of_people(admin, document["uploaded_by"]["id"]),
        **_ids_of_sign_ins(analyst),
    }


def _ids_of_people(admin: Client, person_id: str) -> dict[str, str]:
    said = {"name": "Import", "purpose": "x", "role": "analyst", "responsible": person_id}
    account = send(admin, "post", f"{API}/service-accounts/", said).json()
    team = send(admin, "post", f"{API}/teams/", {"name": "Fraud"}).json()
    membership = send(admin, "post", f"{API}/teams/{team['id']}/members/", {"person": person_id}).json()
    people = [{"email": "list@example.com", "role": "viewer"}]
    batch = send(admin, "post", f"{API}/invitations/bulk/", {"people": people}).json()
    return {
        "account_id": account["id"],
        "team_id": team["id"],
        "membership_id": membership["id"],
        "batch_id": batch["id"],
    }


def _ids_of_sign_ins(analyst: Client) -> dict[str, str]:
    """A program signs in as the analyst."""
    said = {"email": "analyst@example.com", "password": PASSWORD}
    assert send(analyst, "post", f"{API}/tokens/", said).status_code == 201
    lists = {"family_id": "tokens", "sign_in_id": "sign-ins"}
    return {name: analyst.get(f"{API}/{path}/").json()["results"][0]["id"] for name, path in lists.items()}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "unfitting"])
@pytest.mark.parametrize("role", ["analyst", "admin"])
def test_made_up_calls_get_the_answers_that_are_promised(
    request: Any, known_ids: dict[str, str], settings: Any, role: str, mode: GenerationMode
) -> None:
    settings.API_CALLS_PER_MINUTE = settings.API_RUNS_PER_MINUTE = 10**9
    settings.API_CALLS_PER_KEY_PER_MINUTE = settings.API_CALLS_PER_ORGANIZATION_PER_MINUTE = 10**9
    client: Client = request.getfixturevalue(role)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()} | {"csrftoken": CSRF}
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    count = 0
    for result in _described().get_all_operations():
        operation = result.ok()
        ids = {one.name: known_ids[one.name] for one in operation.path_parameters}
        count += bool(_fuzz(operation, mode, ids, {"Cookie": cookie, "X-CSRFToken": CSRF}))
    assert count > (40 if mode == GenerationMode.POSITIVE else 25)


def _described() -> Any:
    """The description with the real application behind it, and without sign-in: credentials are given, not made up."""
    content = yaml.safe_load(api_description("yaml"))
    del content["components"]["securitySchemes"]
    for methods in content["paths"].values():
        for operation in methods.values():
            del operation["security"]
    described = schemathesis.openapi.from_dict(content)
    described.app = application
    return described


def _fuzz(operation: Any, mode: GenerationMode, ids: dict[str, str], headers: dict[str, str]) -> int:
    """The number of calls; none where nothing can be made up that would not fit."""
    calls = 0

    @settings_for_few
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=ids))
    def call(case: Any) -> None:
        nonlocal calls
        calls += 1
        answer = _answered(case, headers)
        # A made-up refresh token is nobody's, whoever's session comes with it.
        is_by_token = operation.path.endswith("/tokens/refresh/")
        assert answer.status_code != 401 or is_by_token, "the session was not recognized, so nothing was tried"
        case.validate_response(answer, checks=CHECKS)

    try:
        call()
    except Unsatisfiable:
        assert mode == GenerationMode.NEGATIVE
    return calls


def settings_for_few(test: Callable[..., None]) -> Callable[..., None]:
    """A few examples, always the same ones."""
    few = settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    return few(test)


def _answered(case: Any, headers: dict[str, str]) -> Any:
    """The answer; whatever the call has changed is undone, so that the next one finds everything as it was."""
    with connection_kept(), transaction.atomic():
        # Its own cookie jar would put another Cookie header in the place of ours.
        session = werkzeug.Client(application, use_cookies=False)
        answer = case.call(base_url="http://alpha.localhost", headers=headers, session=session)
        transaction.set_rollback(True)
        return answer
