"""/api/v2/: where everything is."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView
from apps.accounts.capabilities import Capability


class RootSerializer(serializers.Serializer[Any]):
    """The links of the API's front door."""

    _links = serializers.DictField(child=serializers.CharField())


class Root(CapabilityAPIView):
    """The front door."""

    capability = Capability.READ_DOCUMENTS
    links: ClassVar[Mapping[str, str]] = {}

    @extend_schema(operation_id="root", responses=RootSerializer)
    def get(self, request: Request) -> Response:
        """Where everything is."""
        del request
        return Response({"_links": {name: reverse(route) for name, route in self.links.items()}})
