"""Cursor pages for lists of the API: a page begins after a row's own values, so rows that come or go move nothing."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Model, Q, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from apps.kernel.errors import InvalidInputError, gettext_noop
from apps.kernel.http.protocol_errors import InvalidCursorError
from apps.kernel.kept_queries import KeptQuery

M = TypeVar("M", bound=Model)

DEFAULT_LIMIT = 20
MOST_ROWS = 100
PARAMETERS = frozenset({"cursor", "limit"})
_LONGEST_CURSOR = 1000


class InvalidLimitError(InvalidInputError):
    """?limit= is no number from 1."""

    code = "invalid_limit"
    sentence = gettext_noop("limit is a whole number from 1 to 100; more count as 100.")


@dataclass(frozen=True, slots=True)
class _Place:
    """Between two rows: the values of the row beside it, and which way to go from there."""

    is_backward: bool
    values: tuple[Any, ...]


class CursorPages:
    """One page of rows in a total order.

    `ordering` names fields with their direction, `-` for descending; the last one must be unique, none may be null.
    """

    def __init__(self, ordering: Sequence[str] = ("-id",)) -> None:
        self._ordering = tuple(ordering)
        self._names = [name.lstrip("-") for name in ordering]

    def page_of(self, rows: "QuerySet[M] | KeptQuery[M]", request: Request) -> "tuple[list[M], dict[str, str | None]]":
        """The rows, and the addresses of the pages before and after. Raises InvalidCursorError, InvalidLimitError."""
        limit = _limit(request)
        place = self._place(rows.model, request.query_params.get("cursor"))
        backward = place is not None and place.is_backward
        shape = (self._ordering, backward, limit + 1)
        values = {f"place_{n}": value for n, value in enumerate(place.values)} if place is not None else {}
        if isinstance(rows, KeptQuery):
            rows = rows.narrowed(_rows_beyond, shape, values)
        page = rows.rows() if isinstance(rows, KeptQuery) else list(_rows_beyond(rows, *shape, **values))
        is_more = len(page) > limit
        page = page[:limit]
        if backward:
            page.reverse()
        has_next, has_previous = (place is not None, is_more) if backward else (is_more, place is not None)
        return page, {
            "next": self._address(request, page[-1], is_backward=False) if has_next and page else None,
            "previous": self._address(request, page[0], is_backward=True) if has_previous and page else None,
        }

    def _place(self, model: type[Model], text: str | None) -> _Place | None:
        if text is None:
            return None
        try:
            if len(text) > _LONGEST_CURSOR:
                raise InvalidCursorError
            way, *values = json.loads(base64.urlsafe_b64decode(text.encode("ascii")))
            fields = [_field(model, name) for name in self._names]
            if way not in ("next", "previous"):
                raise InvalidCursorError
            typed = tuple(_typed(field, value) for field, value in zip(fields, values, strict=True))
        except (ValueError, TypeError, binascii.Error, ValidationError, RecursionError) as error:
            raise InvalidCursorError from error
        return _Place(way == "previous", typed)

    def _address(self, request: Request, row: Model, *, is_backward: bool) -> str:
        values = [_plain(_value(row, name)) for name in self._names]
        content = json.dumps(["previous" if is_backward else "next", *values], separators=(",", ":"))
        cursor = base64.urlsafe_b64encode(content.encode()).decode()
        return replace_query_param(remove_query_param(request.build_absolute_uri(), "cursor"), "cursor", cursor)


def page_response(links: dict[str, str | None], results: object) -> Response:
    """The page with its neighbours, in the body and in the Link header."""
    response = Response({**links, "results": results})
    named = (("next", links["next"]), ("prev", links["previous"]))
    header = ", ".join(f'<{url}>; rel="{name}"' for name, url in named if url)
    if header:
        response["Link"] = header
    return response


def page_schema(results: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI schema of page_response."""
    address = {"type": ["string", "null"], "format": "uri", "example": None}
    return {
        "type": "object",
        "required": ["next", "previous", "results"],
        "properties": {"next": address, "previous": address, "results": results},
    }


def _rows_beyond(
    rows: "QuerySet[M]",
    ordering: tuple[str, ...],
    is_backward: bool,  # noqa: FBT001
    most: int,
    **place: Any,
) -> "QuerySet[M]":
    """The first rows after the place: equal in the first n fields and beyond it in the next one, for each n. No place: from the start."""
    found, equal, directions = Q(), Q(), []
    for n, name in enumerate(ordering):
        field, is_down = name.lstrip("-"), name.startswith("-") != is_backward
        directions.append(f"-{field}" if is_down else field)
        if place:
            found |= equal & Q(**{f"{field}__{'lt' if is_down else 'gt'}": place[f"place_{n}"]})
            equal &= Q(**{field: place[f"place_{n}"]})
    return rows.order_by(*directions).filter(found)[:most]


def _limit(request: Request) -> int:
    given = request.query_params.get("limit")
    if given is None:
        return DEFAULT_LIMIT
    if not (given.isascii() and given.isdigit() and len(given) <= 9 and int(given) > 0):
        raise InvalidLimitError
    return min(int(given), MOST_ROWS)


def _field(model: type[Model], path: str) -> "Field[Any, Any]":
    """The field at the end of a path such as section__index."""
    first, *rest = path.split("__")
    try:
        field = model._meta.get_field(  # noqa: SLF001 - Django documents _meta
            "id" if first == "pk" else first
        )
    except FieldDoesNotExist as error:
        raise InvalidCursorError from error
    if not rest:
        return field  # type: ignore[return-value]
    related = field.related_model
    if not isinstance(related, type):
        raise InvalidCursorError
    return _field(related, "__".join(rest))


def _typed(field: "Field[Any, Any]", value: Any) -> Any:
    """The value as the field holds it; a Boolean or a container is nobody's position."""
    if value is None or isinstance(value, bool | list | dict):
        raise InvalidCursorError
    if isinstance(value, str) and "\0" in value:
        raise InvalidCursorError
    typed = field.to_python(value)
    if typed is None:
        raise InvalidCursorError
    return typed


def _value(row: Model, path: str) -> Any:
    if path in row.__dict__:
        return row.__dict__[path]
    found: Any = row
    for name in path.split("__"):
        found = getattr(found, name)
    return found


def _plain(value: Any) -> str | int | float:
    if isinstance(value, date):
        return value.isoformat()
    found: str | int | float = str(value) if isinstance(value, UUID) else value
    return found
