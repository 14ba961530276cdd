"""Error pages for people: a sentence, a way on, and no need for what has just broken."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import translation

from apps.kernel.errors import ConflictError, DomainError, known_errors
from apps.kernel.http.error_pages import error_answer, server_error
from apps.kernel.http.error_sentences import sentence_for_people
from apps.kernel.tenancy.context import TenantRef
from tests.conftest import Cast


def request_to(path: str = "/", **headers: str) -> HttpRequest:
    request = RequestFactory().get(path, headers=headers)
    request.request_id = "0123456789"  # type: ignore[attr-defined]
    return request


def refusal(status: int) -> DomainError:
    """An error that is answered with this status."""
    error = ConflictError()
    error.sentence = "This is why."  # type: ignore[misc]
    error.http_status = status  # type: ignore[attr-defined]
    return error


@pytest.mark.parametrize("status", [400, 403, 404, 409, 412, 429, 500, 503, 507])
def test_each_status_has_a_page_with_its_sentence_and_a_way_on(status: int) -> None:
    answer = error_answer(request_to(), refusal(status))
    page = answer.content.decode()
    assert answer.status_code == status
    assert "This is why." in page
    assert 'href="/"' in page
    assert "0123456789" in page


@pytest.mark.parametrize("status", [500, 503])
def test_a_page_about_a_broken_server_asks_it_nothing(status: int) -> None:
    # No database fixture: a query would fail this test.
    request = request_to()
    assert error_answer(request, refusal(status)).status_code == status
    assert server_error(request).status_code == 500


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/api/v2/documents/", {}), ("/", {"Accept": "application/json"}), ("/", {"HX-Request": "true"})],
)
def test_a_program_and_a_swap_get_the_sentence_alone(path: str, headers: dict[str, str]) -> None:
    answer = error_answer(request_to(path, **headers), refusal(409))
    assert answer["Content-Type"] == "application/problem+json"
    assert "<html" not in answer.content.decode()


def test_what_does_not_exist_and_what_is_not_yours_look_the_same(
    tenant_a: TenantRef, cast_a: Cast, client_for: Callable[..., Client]
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    answer = client.get("/documents/0190a000-0000-7000-8000-000000000999/")
    assert answer.status_code == 404
    assert "This does not exist, or you have no access to it." in answer.content.decode()


def test_every_code_that_can_be_stored_has_a_sentence_of_its_own() -> None:
    for kind in known_errors():
        if kind is not DomainError and kind.code != DomainError.code:
            assert sentence_for_people(kind.code) != DomainError.sentence
    for code in ("fault", "worker_lost", "stage_too_slow", "database_unavailable"):
        assert "please try again" in sentence_for_people(code).lower()
    assert sentence_for_people("") == ""
    assert sentence_for_people("from_the_future") == DomainError.sentence


def test_stored_fields_fill_the_sentence_and_foreign_ones_do_not_break_it() -> None:
    with translation.override("en"):
        assert "200" in sentence_for_people("upload_too_large", {"limit_mb": 200})
        assert "%(" not in sentence_for_people("upload_too_large", {"other": 1})
