"""Filters of the list of people."""

import django_filters

from apps.accounts.api.listing import TrueFalseFilter
from apps.accounts.choices import ROLE_CHOICES
from apps.accounts.models import User


class PersonFilter(django_filters.FilterSet):  # type: ignore[misc]
    """?name= ?email= ?role= ?is_active="""

    name = django_filters.CharFilter(lookup_expr="icontains", max_length=150, help_text="Part of the name.")
    email = django_filters.CharFilter(lookup_expr="icontains", max_length=254, help_text="Part of the address.")
    role = django_filters.ChoiceFilter(choices=ROLE_CHOICES)
    is_active = TrueFalseFilter()

    class Meta:
        model = User
        fields: list[str] = []
