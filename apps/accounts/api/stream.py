"""/api/v2/stream/: what happened since, for a program without a socket."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.capabilities import Capability
from apps.kernel.events.selectors import stream_page


class StreamEventSerializer(serializers.Serializer[Any]):
    """One line, as the socket sends it."""

    seq = serializers.IntegerField()
    type = serializers.CharField()
    at = serializers.DateTimeField()
    # The socket's own word.
    data = serializers.DictField()  # type: ignore[assignment]


class StreamSerializer(serializers.Serializer[Any]):
    """The lines after `after`. `resync` true: you have missed lines that are not kept any more; load what you need anew."""

    events = StreamEventSerializer(many=True)
    last_seq = serializers.IntegerField()
    resync = serializers.BooleanField()


class Stream(CapabilityAPIView):
    """The organization's stream by polling."""

    capability = Capability.READ_DOCUMENTS
    query_parameters = frozenset({"after"})

    @extend_schema(
        operation_id="stream_read",
        responses=StreamSerializer,
        parameters=[
            OpenApiParameter(
                "after",
                OpenApiTypes.INT64,
                description="The last_seq that you have; without it only where the stream stands.",
            )
        ],
    )
    def get(self, request: Request) -> Response:
        """What happened after a line, at most 200 lines at once."""
        return Response(stream_page(caller_of(request).pk, request.query_params.get("after")))
