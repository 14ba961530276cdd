"""Lists: filtered, ordered, in cursor pages; what a list does not know is refused, and what it knows is in the schema."""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

import django_filters
from django import forms
from django.db.models import Model, QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from apps.accounts.api.gate import CapabilityGate
from apps.kernel.errors import InvalidInputError, gettext_noop
from apps.kernel.http.pagination import PARAMETERS, CursorPages, page_response, page_schema
from apps.kernel.kept_queries import KeptQuery

M = TypeVar("M", bound=Model)
NEWEST_FIRST: Mapping[str, tuple[str, ...]] = {"-created_at": ("-id",), "created_at": ("id",)}
"""Ids are time-ordered, so they are the order of making, and total."""


class InvalidOrderingError(InvalidInputError):
    """?ordering= names no order that this list has. Field: known."""

    code = "invalid_ordering"
    sentence = gettext_noop("ordering is one of: %(known)s")


class IntegerFilter(django_filters.Filter):  # type: ignore[misc]
    """A whole number; django-filter's own takes 1e5 and 2.5 as well."""

    field_class = forms.IntegerField


class TrueFalseFilter(django_filters.TypedChoiceFilter):  # type: ignore[misc]
    """`true` or `false`; django-filter's own takes anything, and what it does not understand as no filter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(
            *args, choices=[("true", "true"), ("false", "false")], coerce=lambda text: text == "true", **kwargs
        )


class PageSchema:
    """What the schema generator asks a view's `pagination_class` for; the parameters are described with the filters."""

    def get_schema_operation_parameters(self, view: object) -> list[dict[str, Any]]:
        """None of its own."""
        del view
        return []

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The schema of one page."""
        return page_schema(schema)


class CapabilityListView(CapabilityGate):
    """An endpoint whose GET is a list. `orderings`: name for ?ordering= to fields, the last one unique; the first is the usual one."""

    filterset: ClassVar[type[django_filters.FilterSet] | None] = None
    orderings: ClassVar[Mapping[str, tuple[str, ...]]] = NEWEST_FIRST
    pagination_class = PageSchema

    def known_parameters(self) -> frozenset[str]:
        """Paging, ordering and the filters."""
        return PARAMETERS | {"ordering"} | self.filters().keys()

    @classmethod
    def filters(cls) -> dict[str, django_filters.Filter]:
        """The filters by their name in the address."""
        return dict(cls.filterset.base_filters) if cls.filterset else {}

    def page(
        self,
        request: Request,
        rows: "QuerySet[M] | KeptQuery[M]",
        serializer: type[BaseSerializer[Any]],
        context: Mapping[str, Any] | None = None,
    ) -> Response:
        """The page asked for. Raises ValidationError for a filter's value, InvalidOrderingError, InvalidCursorError."""
        # Making a filter set costs as much as a query, and most calls ask for no filter.
        if self.filterset is not None and self.filters().keys() & request.query_params.keys():
            asked = rows.queryset() if isinstance(rows, KeptQuery) else rows
            given = self.filterset(request.query_params, queryset=asked, request=request)
            if not given.is_valid():
                raise ValidationError({name: list(faults) for name, faults in given.errors.items()})
            rows = given.qs
        page, links = CursorPages(self._ordering(request)).page_of(rows, request)
        return page_response(links, serializer(page, many=True, context=dict(context or {})).data)

    def _ordering(self, request: Request) -> tuple[str, ...]:
        asked = request.query_params.get("ordering", next(iter(self.orderings)))
        if asked not in self.orderings:
            raise InvalidOrderingError(known=", ".join(self.orderings))
        return self.orderings[asked]
