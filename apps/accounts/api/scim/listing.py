"""Lists by filter and page, and which attributes of a resource are answered."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.request import Request
from scim2_models import Context, ResponseParameters

from apps.accounts.api.scim.answers import list_body
from apps.accounts.api.scim.bodies import is_storable
from apps.accounts.api.scim.filters import condition_for
from apps.accounts.api.scim.resources import Group, User
from apps.kernel.errors import InvalidInputError

MOST_RESULTS = 200
_USUAL_RESULTS = 100
_LAST_START = 10_000_000
_LONGEST_PARAMETER = 2000


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the list was asked for: the number of its first, from 1, and how many at most."""

    start: int
    count: int

    def of(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """The rows of this page."""
        return rows[self.start - 1 : self.start - 1 + self.count]


def page_of(request: Request) -> Page:
    """By `startIndex` and `count`; what is out of bounds is brought in, what is no number is refused."""
    start = _whole_number(request, "startIndex", usual=1)
    count = _whole_number(request, "count", usual=_USUAL_RESULTS)
    return Page(start=min(max(1, start), _LAST_START), count=min(max(0, count), MOST_RESULTS))


def filtered(request: Request, rows: "QuerySet[Any]", model: type[User] | type[Group]) -> "QuerySet[Any]":
    """The rows that the filter of the request asks for; all without one. InvalidFilterException."""
    expression = request.query_params.get("filter", "")
    if not expression.strip():
        return rows
    condition: Q = condition_for(expression, model)
    # By key: a condition on what a row has several of would find it several times.
    return rows.filter(pk__in=rows.order_by().filter(condition).values("pk"))


def shown(resource: User | Group, parameters: ResponseParameters[Any] | None) -> dict[str, Any]:
    """The resource with the attributes that were asked for."""
    body: dict[str, Any] = resource.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=parameters)
    return body


def asks_for_members(request: Request) -> bool:
    """Whether a group's members shall be answered: Entra ID leaves them out wherever it can."""
    left_out = {name.strip().casefold() for name in request.query_params.get("excludedAttributes", "").split(",")}
    return "members" not in left_out


def answer_page(resources: list[dict[str, Any]], *, total: int, page: Page) -> dict[str, Any]:
    """The body of a list."""
    return list_body(resources, total=total, start=page.start)


def parameters_of(request: Request, model: type[User] | type[Group]) -> ResponseParameters[Any] | None:
    """Which attributes were asked for; None without such a wish. InvalidInputError, pydantic's ValidationError."""
    given = {name: request.query_params.get(name, "") for name in ("attributes", "excludedAttributes")}
    given = {name: text for name, text in given.items() if text.strip()}
    if not given:
        return None
    if any(len(text) > _LONGEST_PARAMETER or not is_storable(text) for text in given.values()):
        raise InvalidInputError
    parameters: type[ResponseParameters[Any]] = ResponseParameters.__class_getitem__(model)  # type: ignore[assignment]
    return parameters.model_validate(given)


def _whole_number(request: Request, name: str, *, usual: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return usual
    try:
        return int(text[:20])
    except ValueError as error:
        raise InvalidInputError from error
