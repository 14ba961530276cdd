"""One template a page; htmx gets a named part of it from the same address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def is_partial(request: HttpRequest) -> bool:
    """True when htmx asks for a part of the page (not for a boosted whole page)."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def render_page(
    request: HttpRequest, page: str, context: dict[str, Any], *, part: str = "", status: int = 200
) -> HttpResponse:
    """The page, or its part's own file when htmx asks; the answer says that it depends on who asks."""
    template = part if part and is_partial(request) else page
    response = render(request, template, context, status=status)
    response["Vary"] = "HX-Request"
    return response
