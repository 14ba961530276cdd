"""Filters of the document list; an unknown one is refused."""

import django_filters
from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError

from apps.documents.choices import Classification
from apps.documents.models import Document

_PAGING = frozenset({"cursor", "limit"})


class DocumentFilter(django_filters.FilterSet):  # type: ignore[misc]
    """?name= ?classification= ?created_after= ?created_before="""

    name = django_filters.CharFilter(lookup_expr="icontains", max_length=200)
    classification = django_filters.ChoiceFilter(choices=Classification.choices)
    created_after = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = django_filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")

    def filter_queryset(self, queryset: QuerySet[Document]) -> QuerySet[Document]:
        """Refuse what is not known, then filter."""
        unknown = sorted(set(self.data) - set(self.filters) - _PAGING)
        if unknown:
            raise ValidationError(dict.fromkeys(unknown, "unknown parameter"))
        found: QuerySet[Document] = super().filter_queryset(queryset)
        return found
