"""Filters of the list of items."""

import django_filters
from django.db.models import QuerySet

from apps.accounts.api.listing import IntegerFilter, TrueFalseFilter
from apps.analysis.choices import ITEM_TYPES, RISKS, Engine
from apps.feedback.choices import ItemState
from apps.feedback.models import Item

_PERSON = ("person", "person")


class ItemFilter(django_filters.FilterSet):  # type: ignore[misc]
    """?state= ?risk= ?type= ?point= ?section= ?kind= ?source= ?is_hidden="""

    state = django_filters.ChoiceFilter(choices=ItemState.choices)
    risk = django_filters.ChoiceFilter(choices=RISKS)
    type = django_filters.ChoiceFilter(choices=ITEM_TYPES)
    point = IntegerFilter(method="on_point", min_value=1, max_value=100, help_text="A point's number.")
    section = django_filters.UUIDFilter(field_name="section_id", help_text="A section's id.")
    kind = django_filters.CharFilter(max_length=40, help_text="A kind of defect, for example acronym.")
    source = django_filters.ChoiceFilter(
        choices=[*Engine.choices, _PERSON], method="said_by", help_text="An engine, or `person`."
    )
    is_hidden = TrueFalseFilter(help_text="Hidden for low confidence.")

    class Meta:
        model = Item
        fields: list[str] = []

    def on_point(self, items: "QuerySet[Item]", name: str, value: int) -> "QuerySet[Item]":
        """Items that name the point among others."""
        del name
        return items.filter(points__contains=[value])

    def said_by(self, items: "QuerySet[Item]", name: str, value: str) -> "QuerySet[Item]":
        """An engine's items, or those that people wrote."""
        del name
        return items.filter(author__isnull=False) if value == _PERSON[0] else items.filter(engine=value)
