"""/api/v2/jobs: how far a document's review is, and how to stop it or start it again."""

from typing import Any, ClassVar, TypedDict
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.capabilities import Capability, Whose
from apps.documents.selectors import document_for, job_for
from apps.documents.services.steer_job import restart_job, stop_job
from apps.kernel.errors import NotFoundError
from apps.kernel.http.entity_tags import answer_with_tag
from apps.kernel.http.idempotency import answer_once
from apps.kernel.http.links import link_to
from apps.kernel.http.shown import ShownSerializer
from apps.kernel.jobs.choices import JobState, StageState
from apps.kernel.jobs.models import Job
from apps.kernel.jobs.selectors import job_by_id, latest_job


class JobErrorShape(TypedDict):
    """Why a job ended badly: the stable code, and the sentence for people."""

    code: str
    detail: str


class JobLinks(TypedDict):
    """Where to go from a job."""

    self: str
    cancel: str
    retry: str
    document: str
    analysis: str


class StageSerializer(serializers.Serializer[Any]):
    """One stage; `done` of `total` steps, 0 of 0 while that is not known."""

    name = serializers.CharField()
    state = serializers.ChoiceField(choices=StageState.choices)
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    note = serializers.CharField()


class JobSerializer(ShownSerializer[Job]):
    """A job. `progress` goes from 0 to 1; `error` is null unless it ended badly."""

    document = serializers.UUIDField(source="subject_id", read_only=True)
    state = serializers.ChoiceField(choices=JobState.choices, read_only=True)
    progress = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()
    stages = serializers.SerializerMethodField()
    _links = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields: ClassVar[list[str]] = [
            "id",
            "document",
            "pipeline",
            "state",
            "progress",
            "error",
            "cancel_requested_at",
            "created_at",
            "started_at",
            "finished_at",
            "stages",
            "_links",
        ]
        read_only_fields = fields

    def get_progress(self, job: Job) -> float:
        """Stages weigh the same; one in work counts by its own steps."""
        stages = list(job.stages.all())
        done = sum(
            1 if stage.state == StageState.COMPLETED else min(1, stage.done / stage.total) if stage.total else 0
            for stage in stages
        )
        return round(done / len(stages), 3) if stages else 1.0

    def get_error(self, job: Job) -> JobErrorShape | None:
        """Why it ended badly."""
        if not job.error_code:
            return None
        return {"code": job.error_code, "detail": job.error_sentence}

    def get_stages(self, job: Job) -> "list[dict[str, Any]]":
        """In order."""
        return list(StageSerializer(job.stages.all(), many=True).data)

    def get__links(self, job: Job) -> JobLinks:
        """Where to go from here."""
        return {
            "self": link_to("documents_api:job", job.id),
            "cancel": link_to("documents_api:cancel", job.id),
            "retry": link_to("documents_api:retry", job.id),
            "document": link_to("documents_api:document", job.subject_id),
            "analysis": link_to("analysis_api:analysis", job.subject_id),
        }


class DocumentJob(CapabilityAPIView):
    """How far the review is."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.READABLE
    is_tagged = True

    @extend_schema(operation_id="documents_job", responses=JobSerializer)
    def get(self, request: Request, document_id: UUID) -> Response:
        """The newest job of a document."""
        document_for(caller_of(request), document_id, need="view")
        job = latest_job(document_id)
        if job is None:
            raise NotFoundError
        return answer_with_tag(request, JobSerializer(job).data)


class OneJob(CapabilityAPIView):
    """Read and stop."""

    capabilities: ClassVar[dict[str, Capability]] = {
        "GET": Capability.READ_DOCUMENTS,
        "DELETE": Capability.RUN_ANALYSIS,
    }
    whose = Whose.READABLE
    is_tagged = True

    @extend_schema(operation_id="jobs_read", responses=JobSerializer)
    def get(self, request: Request, job_id: UUID) -> Response:
        """How far a job is. Poll with If-None-Match, or listen to the stream."""
        return answer_with_tag(request, JobSerializer(job_for(caller_of(request), job_id)).data)

    @extend_schema(operation_id="jobs_delete", responses={202: JobSerializer})
    def delete(self, request: Request, job_id: UUID) -> Response:
        """Ask a job to stop, as POST …/cancel/ does. The job stays readable."""
        return _stopped(request, job_id)


class Cancel(CapabilityAPIView):
    """Stop a job."""

    capabilities: ClassVar[dict[str, Capability]] = {"POST": Capability.RUN_ANALYSIS}
    whose = Whose.READABLE

    @extend_schema(operation_id="jobs_cancel", request=None, responses={202: JobSerializer})
    def post(self, request: Request, job_id: UUID) -> HttpResponse:
        """Ask a job to stop: it does so before its next step, and keeps what it has. One that has ended stays as it is."""
        return answer_once(request, lambda: _stopped(request, job_id))


class Retry(CapabilityAPIView):
    """Start a job again."""

    capabilities: ClassVar[dict[str, Capability]] = {"POST": Capability.RUN_ANALYSIS}
    whose = Whose.READABLE
    starts_run = True

    @extend_schema(operation_id="jobs_retry", request=None, responses={202: JobSerializer})
    def post(self, request: Request, job_id: UUID) -> HttpResponse:
        """Go on with a job that failed or was stopped, from where it ended; 409 `job_not_retryable` for any other."""
        return answer_once(request, lambda: self._restarted(request, job_id))

    def _restarted(self, request: Request, job_id: UUID) -> Response:
        job = job_for(caller_of(request), job_id)
        restart_job(caller_of(request), document_id=job.subject_id, job_id=job.id)
        return _accepted(job_id)


def _stopped(request: Request, job_id: UUID) -> Response:
    job = job_for(caller_of(request), job_id)
    stop_job(caller_of(request), document_id=job.subject_id, job_id=job.id)
    return _accepted(job_id)


def _accepted(job_id: UUID) -> Response:
    body = JobSerializer(job_by_id(job_id)).data
    return Response(body, status=202, headers={"Location": body["_links"]["self"]})
