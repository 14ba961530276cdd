"""Filters of the document list."""

import django_filters
from django.db.models import QuerySet

from apps.documents.choices import FILE_KINDS, Classification
from apps.documents.models import Document
from apps.kernel.jobs.choices import JobState


class DocumentFilter(django_filters.FilterSet):  # type: ignore[misc]
    """?name= ?classification= ?kind= ?state= ?uploaded_by= ?created_after= ?created_before="""

    name = django_filters.CharFilter(lookup_expr="icontains", max_length=200, help_text="Part of the name.")
    classification = django_filters.ChoiceFilter(choices=Classification.choices)
    kind = django_filters.ChoiceFilter(choices=FILE_KINDS, method="of_kind", help_text="Of the current file.")
    state = django_filters.ChoiceFilter(choices=JobState.choices, method="in_state", help_text="Of the newest job.")
    uploaded_by = django_filters.UUIDFilter(field_name="uploaded_by_id", help_text="A person's id.")
    created_after = django_filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="gte", help_text="At this time or later."
    )
    created_before = django_filters.IsoDateTimeFilter(
        field_name="created_at", lookup_expr="lt", help_text="Before this time."
    )

    class Meta:
        model = Document
        fields: list[str] = []

    def of_kind(self, documents: "QuerySet[Document]", name: str, value: str) -> "QuerySet[Document]":
        """By the annotation of documents_visible_to()."""
        del name
        return documents.filter(kind=value)  # type: ignore[misc]

    def in_state(self, documents: "QuerySet[Document]", name: str, value: str) -> "QuerySet[Document]":
        """By the annotation of with_job_state()."""
        del name
        return documents.filter(job_state=value)  # type: ignore[misc]
