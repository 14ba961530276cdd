"""/api/v2/documents/<id>/analysis and /analyze"""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.capabilities import Capability, Whose
from apps.analysis.api.serializers import RunSerializer, StartedSerializer
from apps.analysis.selectors import finished_run_for
from apps.analysis.services.request_run import request_run
from apps.kernel.http.entity_tags import answer_with_tag
from apps.kernel.http.idempotency import answer_once


class Analysis(CapabilityAPIView):
    """The newest finished run."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.READABLE
    is_tagged = True

    @extend_schema(operation_id="analysis_read", responses=RunSerializer)
    def get(self, request: Request, document_id: UUID) -> Response:
        """The newest finished run with its scorecard; 409 `not_analysed_yet` before there is one."""
        return answer_with_tag(request, RunSerializer(finished_run_for(caller_of(request), document_id)).data)


class Analyze(CapabilityAPIView):
    """Ask for a new run."""

    capabilities: ClassVar[dict[str, Capability]] = {"POST": Capability.RUN_ANALYSIS}
    whose = Whose.READABLE
    tag = "analysis"
    starts_run = True

    @extend_schema(operation_id="analysis_request", request=None, responses={202: StartedSerializer})
    def post(self, request: Request, document_id: UUID) -> HttpResponse:
        """Have the document reviewed again; decisions stay. A job that still runs is returned as it is."""
        return answer_once(request, lambda: self._start(request, document_id))

    def _start(self, request: Request, document_id: UUID) -> Response:
        job = request_run(caller_of(request), document_id=document_id)
        address = reverse("documents_api:job", args=[job.id])
        links = {"job": address, "analysis": reverse("analysis_api:analysis", args=[document_id])}
        body = {"job": str(job.id), "state": job.state, "_links": links}
        return Response(body, status=202, headers={"Location": address})
