"""/api/v2/documents/<id>/access"""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.capabilities import Capability, Whose
from apps.accounts.choices import ROLE_CHOICES
from apps.feedback.access import Deed, Reason, access_to
from apps.kernel.http.entity_tags import answer_with_tag

_DEEDS = [(deed.value, deed.value) for deed in Deed]
_REASONS = [(reason.value, reason.value) for reason in Reason]


class AccessCountsSerializer(serializers.Serializer[Any]):
    """How many active people can do each thing."""

    read = serializers.IntegerField()
    edit = serializers.IntegerField()
    decide = serializers.IntegerField()
    delete = serializers.IntegerField()


class AccessPersonSerializer(serializers.Serializer[Any]):
    """One of them, with what they can do and why."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=ROLE_CHOICES)
    may = serializers.ListField(child=serializers.ChoiceField(choices=_DEEDS))
    why = serializers.ChoiceField(choices=_REASONS)


class AccessSerializer(serializers.Serializer[Any]):
    """Administrators get everybody by name, others themselves and the owner; `unnamed` counts the rest."""

    counts = AccessCountsSerializer()
    people = AccessPersonSerializer(many=True)
    unnamed = serializers.IntegerField()


class DocumentAccess(CapabilityAPIView):
    """Read."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.READABLE
    tag = "documents"
    is_tagged = True

    @extend_schema(operation_id="documents_access", responses=AccessSerializer)
    def get(self, request: Request, document_id: UUID) -> Response:
        """Who can read the document, change it, decide in it and delete it, and why."""
        access = access_to(caller_of(request), document_id)
        people = [
            {
                "id": str(one.person.pk),
                "name": one.person.name,
                "role": one.person.role,
                "may": [deed.value for deed in one.deeds],
                "why": one.reason.value,
            }
            for one in access.named
        ]
        counts = {deed.value: count for deed, count in access.counts.items()}
        return answer_with_tag(request, {"counts": counts, "people": people, "unnamed": access.unnamed_count})
