"""Filters of the list of people; an unknown one is refused."""

import django_filters
from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError

from apps.accounts.choices import ROLE_CHOICES
from apps.accounts.models import User

_PAGING = frozenset({"cursor", "limit"})


class PersonFilter(django_filters.FilterSet):  # type: ignore[misc]
    """?name= ?role= ?is_active="""

    name = django_filters.CharFilter(lookup_expr="icontains", max_length=150)
    role = django_filters.ChoiceFilter(choices=ROLE_CHOICES)
    is_active = django_filters.BooleanFilter()

    def filter_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        """Refuse what is not known, then filter."""
        unknown = sorted(set(self.data) - set(self.filters) - _PAGING)
        if unknown:
            raise ValidationError(dict.fromkeys(unknown, "unknown parameter"))
        found: QuerySet[User] = super().filter_queryset(queryset)
        return found
