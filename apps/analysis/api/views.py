"""/api/v2/documents/<id>/analysis"""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.capabilities import Capability
from apps.analysis.api.serializers import RunSerializer
from apps.analysis.selectors import finished_run_for
from apps.analysis.services.request_run import request_run
from apps.kernel.http.idempotency import answer_once


class Analysis(CapabilityAPIView):
    """The newest finished run."""

    capability = Capability.READ_DOCUMENTS

    @extend_schema(operation_id="analysis_read", responses=RunSerializer)
    def get(self, request: Request, document_id: UUID) -> Response:
        """The run with its scorecard; 409 `not_analysed_yet` before there is one."""
        return Response(RunSerializer(finished_run_for(caller_of(request), document_id)).data)


class Analyze(CapabilityAPIView):
    """Ask for a new run."""

    capabilities: ClassVar[dict[str, Capability]] = {"POST": Capability.RUN_ANALYSIS}

    @extend_schema(
        operation_id="analysis_request",
        request=None,
        responses={202: OpenApiTypes.OBJECT},
        parameters=[OpenApiParameter("Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER)],
    )
    def post(self, request: Request, document_id: UUID) -> HttpResponse:
        """202 with the job's address; a job that still runs is returned as it is."""
        return answer_once(request, lambda: self._start(request, document_id))

    def _start(self, request: Request, document_id: UUID) -> Response:
        job = request_run(caller_of(request), document_id=document_id)
        address = reverse("documents_api:job", args=[document_id])
        return Response({"job": str(job.id), "state": job.state}, status=202, headers={"Location": address})
