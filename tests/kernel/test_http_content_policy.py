"""The Content-Security-Policy: the same for every answer, and one's own where an answer asks for it."""

from collections.abc import Callable

import pytest
from csp.constants import HEADER
from csp.decorators import csp_exempt, csp_update
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from apps.kernel.http.content_policy import ContentPolicyMiddleware

View = Callable[[HttpRequest], HttpResponse]


def plain(request: HttpRequest) -> HttpResponse:
    del request
    return HttpResponse()


def with_nonce(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.csp_nonce))  # type: ignore[attr-defined]


def with_header_of_its_own(request: HttpRequest) -> HttpResponse:
    del request
    return HttpResponse(headers={HEADER: "default-src 'none'"})


def directives(middleware: type[CSPMiddleware], view: View) -> set[str]:
    answer = middleware(view)(RequestFactory().get("/"))
    return set(filter(None, answer.get(HEADER, "").split("; ")))


@pytest.mark.parametrize(
    "view",
    [
        plain,
        with_nonce,
        with_header_of_its_own,
        csp_exempt()(plain),
        csp_update({"img-src": ["https://example.org"]})(plain),
    ],
)
def test_each_answer_has_the_policy_that_django_csp_gives_it(view: View) -> None:
    for _ in range(2):
        assert directives(ContentPolicyMiddleware, view) == directives(CSPMiddleware, view)
        assert {part.split(" ")[0] for part in directives(ContentPolicyMiddleware, plain)} == set(
            settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        )


def test_a_policy_of_one_answer_is_not_the_next_ones() -> None:
    before = directives(ContentPolicyMiddleware, plain)
    updated = directives(ContentPolicyMiddleware, csp_update({"img-src": ["https://example.org"]})(plain))
    assert updated != before
    assert directives(ContentPolicyMiddleware, plain) == before


def test_a_nonce_that_is_asked_for_too_late_is_refused() -> None:
    """It would stand in no header: the page's script would silently not run."""
    from csp.exceptions import CSPNonceError

    request = RequestFactory().get("/")
    ContentPolicyMiddleware(plain)(request)
    with pytest.raises(CSPNonceError):
        str(request.csp_nonce)  # type: ignore[attr-defined]
